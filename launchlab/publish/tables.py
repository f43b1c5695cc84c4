"""Tables as they are typeset: what pandas writes for a machine is mended for a reader.

A frame whose index has a name gets a second row of heads, empty but for that name. It belongs into
the empty corner above it.
"""

from __future__ import annotations

import re

# A row ends with its own head: else the heads of two tables, with all between, look like one.
_ROW = r"(<tr[^>]*>(?:(?!</thead>).)*?</tr>)"
_HEAD = re.compile(rf"<thead>\s*{_ROW}\s*{_ROW}\s*</thead>", re.DOTALL)
_CELL = re.compile(r"<th[^>]*>(.*?)</th>", re.DOTALL)


def one_head(body: str) -> str:
    """A page's HTML, in which no table has a second row of heads that says nothing of its own."""
    return _HEAD.sub(_join, body)


def _join(found: re.Match[str]) -> str:
    first, second = ([text.strip() for text in _CELL.findall(row)] for row in found.groups())
    if len(first) != len(second) or any(a and b for a, b in zip(first, second, strict=True)):
        return found[0]
    names = iter(second)
    row = _CELL.sub(lambda cell: _filled(cell, next(names)), found[1])
    return f"<thead>{row}</thead>"


def _filled(cell: re.Match[str], name: str) -> str:
    return cell[0].replace("></th>", f">{name}</th>") if name else cell[0]
