"""The theme's icons, cut to those that the book draws.

The theme brings Font Awesome as a script that every page loads: 2,000 icons and 1.5 MB, of which
the book draws a dozen. What is left of it here is the script itself and that dozen.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path

from sphinx.application import Sphinx
from sphinx.util import logging

logger = logging.getLogger(__name__)
SCRIPT = "_static/scripts/fontawesome.js"
# What bears the name of an icon: an element's class, in a page or in a script that writes one.
_CLASS = re.compile(r"\bfa-([a-z0-9-]+)")
# "angle-left":[320,512,[8249,"other name"],"f104","M41.4 233.4c-12.5 ..."], with one path or two.
_ICON = re.compile(
    r'(?:"(?P<quoted>[a-z0-9-]+)"|(?P<bare>[a-z0-9]+)):'
    r'\[\d+,\d+,\[(?P<others>[^\]]*)\],"[0-9a-f]+",(?:"[^"]*"|\["[^"]*","[^"]*"\])\],?'
)


def names(texts: Iterable[str]) -> frozenset[str]:
    """Names that may be icons', out of pages and scripts."""
    return frozenset(name for text in texts for name in _CLASS.findall(text))


def cut(script: str, drawn: frozenset[str]) -> str:
    """Font Awesome's script without the icons that nobody draws.

    Parameters
    ----------
    script : str
        As the theme brings it.
    drawn : frozenset of str
        Names of icons that stay, such as ``angle-left``; an icon that has other names stays for any
        of them.

    Raises
    ------
    ValueError
        Where the script holds none of these icons: then it is not what is expected here.
    """
    kept = 0

    def keep(icon: re.Match[str]) -> str:
        nonlocal kept
        called = {icon["quoted"] or icon["bare"], *re.findall(r'"([^"]+)"', icon["others"])}
        if called.isdisjoint(drawn):
            return ""
        kept += 1
        return icon[0]

    shorter = _ICON.sub(keep, script)
    if not kept:
        raise ValueError("script: none of the icons that the pages draw, expected Font Awesome's")
    return shorter


def cut_icons(app: Sphinx, error: Exception | None) -> None:
    """Cut the script that was copied to the built site; only now every page is there."""
    if error is not None or app.builder.format != "html":
        return
    site = Path(app.outdir)
    path = site / SCRIPT
    if not path.is_file():
        return
    scripts = (one for one in (site / "_static").rglob("*.js") if one != path)
    drawn = names(one.read_text(encoding="utf-8") for one in (*site.rglob("*.html"), *scripts))
    try:
        path.write_text(cut(path.read_text(encoding="utf-8"), drawn), encoding="utf-8")
    except ValueError as trouble:
        # The whole script draws them too.
        logger.info("%s is left as it is: %s", SCRIPT, trouble)
