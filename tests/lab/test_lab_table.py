"""Typeset tables: what stands in their cells, how it is aligned, and what is refused."""

import re

import pandas as pd
import pytest

from launchlab import lab

FRAME = pd.DataFrame(
    {
        "who": ["Sales", "<b>Product</b>"],
        "gain": [-2.25, 1234.5678],
        "sessions": [30_000, 5],
        "ships": [True, False],
        "note": [None, "late"],
    }
)


def cells(table) -> list[list[tuple[str, str]]]:
    """For each row its cells: attributes, and text."""
    rows = re.findall(r"<tr>(.*?)</tr>", table._repr_html_())
    return [re.findall(r"<t[hd]([^>]*)>(.*?)</t[hd]>", row) for row in rows]


def test_numbers_stand_right_under_heads_with_units():
    heads, first, second = cells(lab.table(FRAME, {"who": "person", "gain": "gain, %"}))
    assert heads == [(' scope="col"', "person"), (' scope="col" class="ll-n"', "gain, %")]
    assert first == [(' scope="row"', "Sales"), (' class="ll-n"', "−2.25")]
    assert second == [(' scope="row"', "&lt;b&gt;Product&lt;/b&gt;"), (' class="ll-n"', "1,230")]


def test_every_kind_of_value_is_readable():
    _, first, second = cells(lab.table(FRAME, formats={"gain": "+.1f", "sessions": ",d"}))
    assert [text for _, text in first] == ["Sales", "−2.3", "30,000", "yes", "–"]
    assert [text for _, text in second][1:] == ["+1234.6", "5", "no", "late"]


def test_the_larger_a_number_the_stronger_its_tint():
    _, *rows = cells(lab.table(FRAME, heat=["gain"]))
    assert ["--ll-heat:0%" in rows[0][1][0], "--ll-heat:45%" in rows[1][1][0]] == [True, True]
    wide = pd.DataFrame({"who": ["a", "b"], "x": [1.0, 90.0], "y": [3.0, 10.0], "z": [2.0, 50.0]})
    html = lab.table(wide, heat=["x", "y", "z"], by_row=True)._repr_html_()
    assert re.findall(r"--ll-heat:(\d+)%", html) == ["0", "45", "22", "45", "0", "22"]
    level = lab.table(FRAME.assign(gain=1.0), heat=["gain"])
    assert level._repr_html_().count("--ll-heat:0%") == 2


def test_a_caption_names_the_table_for_eye_and_ear():
    html = lab.table(FRAME, caption="Who gains")._repr_html_()
    assert "<caption>Who gains</caption>" in html
    assert 'aria-label="Who gains"' in html


def test_without_html_it_is_still_read():
    shown = repr(lab.table(FRAME, {"who": "person", "gain": "gain, %"}))
    assert shown.splitlines()[:2] == ["person | gain, %", "Sales | −2.25"]


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"columns": {"wo": "x"}}, "no column 'wo', expected one of 'who', 'gain'"),
        ({"formats": {"wo": ".1f"}}, "no column 'wo'"),
        ({"heat": ["who"]}, "heat='who' holds no numbers"),
        ({"formats": {"gain": ".1"}}, "column 'gain': format '.1', expected"),
        ({"formats": {"gain": "d"}}, "column 'gain': -2.25, expected a whole number"),
    ],
)
def test_what_cannot_be_shown_is_named(change, message):
    with pytest.raises(ValueError, match="table: ") as error:
        lab.table(FRAME, **change)
    assert message in str(error.value)
