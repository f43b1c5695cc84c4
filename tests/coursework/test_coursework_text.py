"""Whatever a submission holds, it can be printed, written and opened, and is short."""

import csv
import io
import re
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coursework import tables, text
from coursework.marks import Mark, Result

#: Every kind of character, those that are no text among them.
ANY = st.text(st.characters(exclude_categories=()), max_size=60)
COMMANDS = ("\x1b[31m", "\x1b]0;title\x07", "\x9b2J")
NASTY = st.lists(
    st.sampled_from([*COMMANDS, *"\ud800\u202e\u2066\0\r\n\t\u2028\ufeff\uffff\"',+-@x =;1"]),
    max_size=12,
).map("".join)
TEXTS = ANY | NASTY
JOINERS = "\u200c\u200d"


def bad(shown: str, allowed: str = "") -> list[str]:
    return [
        sign
        for sign in shown
        if unicodedata.category(sign) in ("Cc", "Cf", "Cs", "Zl", "Zp")
        and sign not in allowed + JOINERS
    ]


@given(TEXTS)
def test_a_line_is_one_line_that_any_terminal_and_file_takes(written):
    shown = text.line(written)
    assert bad(shown) == []
    assert shown.encode().decode() == shown
    assert shown.splitlines() in ([shown], [])
    assert text.line(shown) == shown


@given(TEXTS)
def test_a_block_keeps_its_lines_and_nothing_else_that_cannot_be_seen(written):
    shown = text.block(written)
    assert bad(shown, "\n\t") == []
    assert text.block(shown) == shown
    assert shown.encode().decode() == shown


@given(st.text(max_size=20), st.integers(1, 400))
def test_what_is_honest_is_left_alone(word, times):
    plain = " ".join(word.split())
    if bad(plain) or any(unicodedata.category(sign) == "Cn" for sign in plain):
        return
    assert text.line(plain) == plain


@pytest.mark.parametrize("unit", ["x", "\ud800", "\x1b[31m", " ", "a\n", "\u0301", "=1;", "\0"])
def test_megabytes_become_a_line(unit):
    written = unit * (2**22 // len(unit))
    for clean, most in ((text.line, text.LINE), (text.name, text.NAME), (text.block, text.LOG)):
        assert len(clean(written)) <= most


def test_the_beginning_of_a_reason_is_kept_and_the_end_of_a_log():
    assert text.line("why " + "x" * 10**6).startswith("why xxx")
    assert text.line("x" * 10**6).endswith("…")
    assert text.block("x" * 10**6 + "\nlast").endswith("x\nlast")


def test_colours_and_titles_vanish_whole():
    for clean in (text.line, text.block):
        assert clean("\x1b[1;31mred\x1b[0m \x1b]0;you passed\x07on \x9b2Jgo") == "red on go"


def test_two_long_names_stay_two():
    one, other = (text.name("a" * 500 + end) for end in "bc")
    assert one != other
    assert len(one) <= text.NAME
    assert text.name(one) == one


def test_bytes_of_no_encoding_are_written_as_bytes():
    assert text.line("ad\udce9") == "ad\\xe9"
    assert text.line("\ud800") == "\\ud800"


@pytest.mark.parametrize("sign", "=+-@\uff1d\uff0b\uff0d\uff20")
@pytest.mark.parametrize("before", ["", " ", "\t", "\r", "x;", "x; ", 'x"', "x,", "x|", '"', "\n"])
def test_no_cell_is_a_formula_wherever_a_spreadsheet_splits_it(sign, before):
    shown = text.cell(f"{before}{sign}1+1")
    assert f"'{sign}1" in shown
    for part in re.split('[;,|"\t]', shown):
        assert part.strip()[:1] not in ("=", "+", "-", "@", "\uff1d", "\uff0b", "\uff0d", "\uff20")


@given(TEXTS)
def test_a_cell_is_safe_and_stays_as_it_is(written):
    shown = text.cell(written)
    parts = [part.strip() for part in re.split('[;,|"]', shown)]
    assert not [part for part in parts if len(part) > 1 and part[0] in "=+-@"]
    assert text.cell(shown) == shown


@given(st.lists(st.lists(TEXTS.map(text.cell), min_size=3, max_size=3), min_size=1, max_size=5))
def test_every_table_can_be_written_and_is_the_same_when_read(tmp_path_factory, lines):
    path = tmp_path_factory.getbasetemp() / "any.csv"
    tables.write(path, lines)
    content = path.read_bytes()
    assert content.startswith(b"\xef\xbb\xbf"), "by this Excel knows UTF-8"
    assert list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline=""))) == lines
    assert all(line[:1] == line[-1:] == b'"' for line in content[3:].split(b"\r\n") if line)


@given(TEXTS, TEXTS)
def test_every_result_can_be_shown_whoever_made_it(one, other):
    made = Result(one, "flagged", other, (Mark("q", "x", 0, 1, one),), one, other, log=one)
    for shown in (made.student, made.reason, made.ident, made.where, made.marks[0].reason):
        assert bad(shown) == []
    assert bad(made.log, "\n\t") == []


def test_a_terminal_that_knows_only_ascii_shows_what_it_can():
    out = io.TextIOWrapper(io.BytesIO(), encoding="ascii")
    text.say("look at José\x1b[2J\u202e: \ud800", out)
    out.flush()
    assert out.buffer.getvalue() == b"look at Jos\\xe9: \\ud800\n"
