"""A notebook says in plain Markdown what a page has roles for; the page reads the roles."""

import json

import pytest
from pybtex.database import parse_string

from launchlab.publish import command, pages, plain, roles

GLOSSARY = """# Glossary

:::{glossary}
A/B test
    An experiment.

winner's curse
    What looks best is flattered.
:::
"""
WORKS = """
@article{hardt2015, author = {Hardt, Moritz}, year = 2015, url = {https://a.example/(one)}}
@article{fard2016, author = {Milani Fard, M. and B{\\"u}hl, A.}, year = 2016, doi = {10.1/x}}
@misc{many_rules, author = {One, A. and Two, B. and Three, C.}}
"""


@pytest.fixture
def known(tmp_path):
    for name in ("book/part", "book/other"):
        (tmp_path / name).mkdir(parents=True)
    notebook = {"cells": [{"cell_type": "markdown", "source": ["# *One* score?"]}]}
    (tmp_path / "book/other/one.ipynb").write_text(json.dumps(notebook), encoding="utf-8")
    (tmp_path / "book/ledger.md").write_text("# Your ledger\n", encoding="utf-8")
    works = parse_string(WORKS, "bibtex").entries
    return plain.Known(
        tmp_path,
        tmp_path / "book/part/page.ipynb",
        roles.terms(GLOSSARY),
        {key: plain.work(one) for key, one in works.items()},
        {"gain": "12 to 15", "small": "<5 %"},
    )


@pytest.mark.parametrize(
    ("role", "said"),
    [
        ("{term}`A/B test`", "[A/B test](../glossary.md#term-a-b-test)"),
        ("{term}`cursed <winner's curse>`", "[cursed](../glossary.md#term-winner-s-curse)"),
        ("{doc}`../other/one`", "[*One score?*](../other/one.ipynb)"),
        ("{doc}`../ledger`", "[*Your ledger*](../ledger.md)"),
        ("{glue:text}`gain` %", '<data value="gain">12 to 15</data> %'),
        ("{glue:text}`small`", '<data value="small">&lt;5 %</data>'),
        ("{cite:p}`hardt2015`.", '([Hardt, 2015](<https://a.example/(one)> "@hardt2015")).'),
        ("{cite:t}`fard2016`", '[Milani Fard and Bühl (2016)](https://doi.org/10.1/x "@fard2016")'),
        (
            "{cite:p}`fard2016,many_rules`",
            '([Milani Fard and Bühl, 2016](https://doi.org/10.1/x "@fard2016"); '
            '[One et al.](../references.bib "@many_rules"))',
        ),
    ],
)
def test_plain_markdown_says_it_and_the_page_reads_the_role(known, role, said):
    text = f"So {role} is, and {role}"
    made = plain.plain(text, known)
    assert made == f"So {said} is, and {said}"
    assert roles.read(made, known.terms) == text
    assert plain.plain(made, known) == made


def test_a_link_that_says_its_own_words_stays_a_link(known):
    made = plain.plain("{doc}`your ledger </book/ledger>`", known)
    assert made == "[your ledger](../ledger.md)" == roles.read(made, known.terms)
    other = "[*Naur*](https://a.example/x.md) and [word](glossary.md#term-none)"
    assert roles.read(other, known.terms) == other


def test_what_has_changed_since_is_brought_up_to_date(known):
    old = '[*Once*](../other/one.ipynb), <data value="gain">11</data>, [H](x "@hardt2015")'
    new = plain.plain(old, known)
    assert "One score?" in new and ">12 to 15<" in new and "[Hardt (2015)](<https:" in new


@pytest.mark.parametrize(
    ("role", "what"),
    [
        ("{term}`ensemble`", "a term of the glossary, got 'ensemble'"),
        ("{cite:p}`hardt2015,naur`", "a work of the bibliography, got 'naur'"),
        ("{glue:text}`loss`", "what the notebook glues, got 'loss'"),
        ("{doc}`/book/none`", "a page, got '/book/none'"),
    ],
)
def test_a_name_that_nothing_has_is_refused_in_one_sentence(known, role, what):
    with pytest.raises(pages.UsageError, match=f"^book/part/page.ipynb: expected .*{what}$"):
        plain.plain(role, known)


@pytest.mark.parametrize(
    ("text", "made"),
    [
        ("It costs $8, or $9.", "It costs @8, or @9."),
        (r"It costs \$8, or $9.", "It costs @8, or @9."),
        ("A share $p$ of $200 is $p n$.", "A share $p$ of @200 is $p n$."),
        ("$$\nx = 1\n$$\n\nand $5", "$$\nx = 1\n$$\n\nand @5"),
        ("`$8` and `$9` are code", "`$8` and `$9` are code"),
        ("| $8 | $x$ |\n|---|---|\n| $9 | 1 |", "| @8 | $x$ |\n|---|---|\n| @9 | 1 |"),
        (
            'Of <data value="a">$8</data>, of $7 and <data value="b">$9</data>',
            'Of <data value="a">@8</data>, of @7 and <data value="b">@9</data>',
        ),
        ("![From $8 to $9](a.svg)", r"![From \$8 to \$9](a.svg)"),
    ],
)
def test_money_is_no_formula(text, made):
    made = made.replace("@", roles.DOLLAR)
    assert plain.escape_money(text) == made
    assert plain.escape_money(made) == made
    assert roles.DOLLAR not in roles.read(made, {})


def test_a_notebook_is_read_with_its_roles_and_its_code_as_it_is(known):
    said = '<data value="gain">12</data>'
    cells = [
        {"cell_type": "markdown", "source": [f"# {said}\n", said]},
        {"cell_type": "code", "source": [f"print('{said}')"]},
    ]
    read = json.loads(roles.read_notebook(json.dumps({"cells": cells}), {}))["cells"]
    assert read[0]["source"] == "# {glue:text}`gain`\n{glue:text}`gain`"
    assert read[1] == cells[1]


def test_what_an_executed_notebook_glues_is_found():
    def output(name, text):
        data = {"application/papermill.record/text/plain": text}
        return {"metadata": {"scrapbook": {"name": name}}, "data": data}

    outputs = [output("a", "'1,747'"), output("b", "0.5"), {"output_type": "stream"}]
    notebook = {"cells": [{"outputs": outputs}, {"cell_type": "markdown"}]}
    assert plain.glued(notebook) == {"a": "1,747", "b": "0.5"}


def test_the_command_refuses_what_is_no_notebook(tmp_path, capsys):
    for name in ("_config.yml", "_toc.yml"):
        (tmp_path / name).write_text("root: book/index", encoding="utf-8")
    assert command.main(["plain", "--root", str(tmp_path), str(tmp_path / "none.ipynb")]) == 1
    assert capsys.readouterr().out.strip().endswith("expected the path of a notebook")
