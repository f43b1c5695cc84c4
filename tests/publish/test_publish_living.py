"""A tiny book that is built, changed and built again: its forms, its drawing, what is run anew.

A build takes seconds however little there is to build, so all that can be asked of one is.
"""

import re
import subprocess
from dataclasses import dataclass

import pytest

from tests.publish.tiny import CIRCLE, Tiny

pytestmark = pytest.mark.kernel

CELLS = [
    ("markdown", "**Sales:** Where do my advertisers stand?\n\n**Product:** Wait.", "scene"),
    ("markdown", "**Where we stand.** Nobody signed.", "standing"),
    ("markdown", "**You will be able to** read.", "objectives"),
    ("code", "import math"),
    ("code", "quiet = 2"),
    ("code", "print('shown by', 'folded code')"),
    ("code", "print('open')", "open-code"),
    ("code", "assert quiet == 2\nprint('nobody sees a check')", "check"),
    ("markdown", "We ship *nothing*.", "record"),
    ("markdown", "It was seen.", "wild"),
    ("markdown", "**1.** Count to two.", "exercise"),
    ("markdown", "Begin with one.", "hint"),
    ("markdown", "It is this:", "answer"),
    ("code", "print(1, quiet)", "answer"),
    ("markdown", "After the answer."),
]
RUNS = """
from pathlib import Path
with Path("runs.txt").open("a") as runs:
    print("x", file=runs)
print("still here")
"""


@dataclass(frozen=True)
class Built:
    """What a build left: its exit code, all that it said, its pages, how often a page was run."""

    code: int
    said: str
    pages: dict[str, str]
    runs: int


def build(tiny: Tiny) -> Built:
    code, said = tiny.build()
    pages = {name: tiny.page(name) for name in tiny.pages}
    return Built(code, said, pages, len(tiny.folder.joinpath("runs.txt").read_text().split()))


@pytest.fixture(scope="module")
def tiny(tmp_path_factory) -> Tiny:
    """The book, in a clone from a host that Jupyter Book does not know."""
    made = Tiny(tmp_path_factory.mktemp("living"))
    for command in (["init"], ["remote", "add", "origin", "git@codeberg.org:me/book.git"]):
        subprocess.run(["git", "-C", made.folder, *command], check=True, capture_output=True)
    made.folder.joinpath("dot.svg").write_text(CIRCLE.format('<g id="dot-1"/>'))
    made.add("drawn", text="![a round dot](dot.svg)")
    made.write("forms", CELLS)
    made.write("tags", [("markdown", "Words."), ("code", "print('twice')")])
    made.add("counted", RUNS, text="One word.")
    return made


@pytest.fixture(scope="module")
def first(tiny) -> Built:
    """The first build."""
    built = build(tiny)
    assert built.code == 0, built.said
    assert "The book is built" in built.said
    return built


@pytest.fixture(scope="module")
def second(tiny, first) -> Built:
    """The next one: a word and a tag have changed."""
    path = tiny.folder / "counted.ipynb"
    path.write_text(path.read_text().replace("One word.", "Two words."))
    tiny.write("tags", [("markdown", "Words."), ("code", "print('twice')", "open-code")])
    built = build(tiny)
    assert built.code == 0, built.said
    return built


@pytest.fixture(scope="module")
def third(tiny, second) -> Built:
    """And another: code has changed, and a drawing was spoilt."""
    path = tiny.folder / "counted.ipynb"
    path.write_text(path.read_text().replace("still here", "still here, changed"))
    tiny.folder.joinpath("dot.svg").write_text(CIRCLE.format('<g id="other"/>'))
    return build(tiny)


# ---------------------------------------------------------------- what is run, and said


def test_a_line_is_said_for_each_notebook_as_it_ends(first, second):
    lines = re.findall(r"^(\d) of 4 (\w+) \d+\.\d s$", first.said, re.MULTILINE)
    assert [place for place, _ in lines] == ["1", "2", "3", "4"]
    assert {name for _, name in lines} == {"drawn", "forms", "tags", "counted"}
    assert "encryption" not in first.said, "kernels complain of what is none"
    again = re.findall(r"^\d of \d (\w+) ", second.said, re.MULTILINE)
    assert set(again) <= {"tags"}, "what has not changed is not even named"


def test_a_notebook_is_executed_once_and_again_only_for_its_code(first, second, third):
    """Before its page is read, and then by nobody else."""
    assert "still here" in first.pages["counted"]
    assert (first.runs, second.runs, third.runs) == (1, 1, 2)
    assert "Two words." in second.pages["counted"] and "still here" in second.pages["counted"]
    assert "still here, changed" in third.pages["counted"]


def test_a_changed_tag_makes_the_page_anew(first, second):
    assert "ll-code" in first.pages["tags"]
    assert "ll-code" not in second.pages["tags"]
    assert "twice" in words(second.pages["tags"])


def test_the_page_holds_the_drawing_and_a_bad_one_fails_the_build(first, third):
    html = first.pages["drawn"]
    assert '<svg class="ll-drawing" role="img" aria-label="a round dot"' in html
    assert "<img" not in html.split("<article")[1].split("</article")[0]
    assert third.code != 0 and "dot.svg has id='other'" in third.said


def test_a_book_from_any_host_is_built_with_buttons_that_work(first):
    page = first.pages["tags"]
    assert 'href="https://codeberg.org/me/book"' in page
    link = "https://mybinder.org/v2/git/https%3A%2F%2Fcodeberg.org%2Fme%2Fbook/main"
    assert f'href="{link}?urlpath=lab%2Ftree%2Ftags.ipynb"' in page
    # A server may send a notebook as text, which a browser then shows.
    (download,) = re.findall(r"<a href=[^>]*btn-download-source-button[^>]*>", page)
    assert " download " in download
    assert "_blank" not in download


# ---------------------------------------------------------------- forms


@pytest.fixture(scope="module")
def article(first) -> str:
    """A page with every form, as HTML of its article."""
    (found,) = re.findall(r"<article.*?</article>", first.pages["forms"], re.DOTALL)
    return found


def words(html: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", "", html).split())


def test_a_scene_is_a_ticket_whose_speakers_have_icon_and_colour(article):
    (scene,) = re.findall(r'<div class="ll-ticket ll-scene".*?</div>', article, re.DOTALL)
    assert re.findall(r'<p class="ll-says ll-(\w+)">\s*<svg class="ll-icon"', scene) == [
        "sales",
        "product",
    ]
    assert "Where do my advertisers stand?" in words(scene)


@pytest.mark.parametrize(
    ("kind", "said"),
    [
        ("ll-ticket ll-standing", "Where we stand Nobody signed."),
        ("ll-objectives", "You will be able to read."),
        ("ll-ticket ll-record", "Decision record We ship nothing."),
        ("ll-ticket ll-wild", "Seen in the wild It was seen."),
        ("ll-exercise", "1. Count to two."),
    ],
)
def test_boxes_hold_their_cell(article, kind, said):
    (box,) = re.findall(rf'<div class="{kind}".*?</div>', article, re.DOTALL)
    assert words(box) == said


def test_hint_and_answer_are_folded_and_the_answers_code_is_not_folded_twice(article):
    (hint,) = re.findall(r'<details class="ll-fold ll-hint">.*?</details>', article, re.DOTALL)
    assert words(hint) == "Hint of exercise 1 Begin with one."
    (answer,) = re.findall(r'<details class="ll-fold ll-answer">.*?</details>', article, re.DOTALL)
    assert words(answer) == "Answer of exercise 1 It is this: print ( 1 , quiet ) 1 2".replace(
        "print ( 1 , quiet )", "print(1, quiet)"
    )
    assert "After the answer." not in answer
    assert answer.count("<details") == 1


def test_code_is_folded_except_open_code_and_silent_cells_share_a_toggle(article):
    folds = re.findall(r'<details class="ll-fold ll-code">.*?</details>', article, re.DOTALL)
    assert [words(one) for one in folds] == [
        "Code import math quiet = 2 print('shown by', 'folded code')"
    ]
    # In sight: what folded code prints, and open code with what it prints.
    rest = re.sub(r"<details.*?</details>", "", article, flags=re.DOTALL)
    assert "shown by folded code" in words(rest)
    assert "print('open')" in words(rest)


def test_a_check_runs_and_does_not_show(article):
    assert "nobody sees" not in article
