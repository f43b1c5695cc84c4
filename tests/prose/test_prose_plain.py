"""What a notebook says in JupyterLab, on Binder and in Colab, where nobody knows a role.

``python -m launchlab.publish plain NOTEBOOK`` makes plain Markdown of the roles that authors write.
"""

import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from launchlab.publish import plain, roles
from tests.conftest import ROOT

NOTEBOOKS = sorted(
    path.relative_to(ROOT).as_posix()
    for folder in ("book", "exercises", "solutions")
    for path in (ROOT / folder).rglob("*.ipynb")
    if ".ipynb_checkpoints" not in path.parts
)
# Solutions are read with the book, and fold their written answers as its pages do.
FOLDED = ":::{dropdown} One good answer"
DIRECTIVE = re.compile(r"^(?::::+|```+)\{.*", re.MULTILINE)


def texts(path: Path) -> Iterator[str]:
    for cell in json.loads(path.read_text(encoding="utf-8"))["cells"]:
        if cell["cell_type"] == "markdown":
            yield "".join(cell["source"])


def faults(text: str) -> list[str]:
    """What readers would see raw, or as a formula that is none."""
    code = re.compile(r"```.*?```|`[^`]*`", re.DOTALL)
    raw = [*(one[0] for one in plain.ROLE.finditer(text)), *DIRECTIVE.findall(text)]
    raw = [one for one in raw if one != FOLDED]
    money = plain.escape_money(text) != text
    return raw + [one for one in re.findall(r"\$\d\S*", code.sub("", text)) if money]


@pytest.mark.parametrize("path", NOTEBOOKS)
def test_a_notebook_says_nothing_that_only_a_page_understands(path):
    assert [fault for text in texts(ROOT / path) for fault in faults(text)] == []


@pytest.mark.parametrize("path", NOTEBOOKS)
def test_a_link_to_a_term_leads_to_one(path):
    known = roles.terms_of(ROOT)
    read = [roles.read(text, known) for text in texts(ROOT / path)]
    assert re.findall(r"glossary\.md#[\w-]+", "".join(read)) == []


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("A {term}`word` and $x$", ["{term}`word`"]),
        (":::{note} Hear\nWell\n:::", [":::{note} Hear"]),
        ("From $8 to $9", ["$8", "$9"]),
        (r"From <span>\$</span>8, `{}` and $x$", []),
    ],
)
def test_what_is_raw_is_named(text, found):
    assert faults(text) == found


@pytest.mark.kernel
@pytest.mark.parametrize("path", NOTEBOOKS)
def test_a_notebook_is_up_to_date_with_what_it_cites_and_computes(path):
    """Needs the notebook's execution, which every build keeps."""
    known = plain.know(ROOT, ROOT / path)
    for text in texts(ROOT / path):
        assert text == plain.plain(text, known)
