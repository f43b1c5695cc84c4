"""One student under all the names that systems give: found for sure, or found by nobody."""

import unicodedata

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from coursework.layout import version
from coursework.names import Person, Roster, flipped, key, squeezed

WORD = st.text(
    st.characters(categories=["Lu", "Ll", "Lo"], max_codepoint=0x2FFF), min_size=2, max_size=9
)
NAME = st.lists(WORD, min_size=2, max_size=4).map(" ".join)
BLANKS = ["  ", "\u00a0", "\u3000", "\u2009", "\t", " \u200b"]


def rostered(*people: tuple[str, str]) -> Roster:
    return Roster(Person(student, ident) for student, ident in people)


def spellings(name: str) -> list[str]:
    """The same name as file systems, spreadsheets and people write it."""
    first, _, last = name.partition(" ")
    forms = [unicodedata.normalize(form, name) for form in ("NFC", "NFD")]
    return [
        *forms,
        name.casefold(),
        *(name.replace(" ", blank) for blank in BLANKS),
        f"  {name} ",
        f"{last}, {first}",
        unicodedata.normalize("NFD", f"{last} ,{first}"),
    ]


@given(NAME, NAME)
def test_every_spelling_of_a_name_is_the_same_student(name, other):
    assume(not {squeezed(name), squeezed(flipped(name))} & {squeezed(other)})
    assume(sorted(key(name).split()) != sorted(key(other).split()))
    roster = rostered((name, ""), (other, ""))
    for spelled in spellings(name):
        assert roster.find(spelled).sure == roster.people[0], ascii(spelled)


@given(NAME)
def test_what_canvas_makes_of_a_name_is_found_with_the_last_name_first(name):
    *first, last = name.split()
    canvas = f"{last}{''.join(first)}".lower()
    assert rostered((name, "")).find(canvas).sure is not None


@given(NAME.filter(lambda name: not name.isascii()))
def test_a_name_read_in_the_wrong_encoding_is_found(name):
    roster = rostered((name, ""), ("Grace Hopper", ""))
    assert roster.find(name.encode().decode("cp437")).sure == roster.people[0]
    assert roster.find(name.encode().decode("latin-1")).sure == roster.people[0]


@pytest.mark.parametrize("written", ["cp1252", "cp850", "mac_roman"])
def test_bytes_that_are_no_utf8_are_found(written):
    name = "José Muñoz"
    roster = rostered((name, ""), ("Jos Muoz", ""))
    for read, errors in (("cp437", "strict"), ("utf-8", "surrogateescape")):
        assert roster.find(name.encode(written).decode(read, errors)).sure == roster.people[0]


@given(NAME, st.lists(st.integers(1, 99999).map(str), min_size=2, max_size=4, unique=True))
def test_two_of_one_name_are_told_apart_by_their_numbers_alone(name, numbers):
    roster = Roster(Person(f"{name} ({one})", one, name) for one in numbers)
    for number, person in zip(numbers, roster.people, strict=True):
        assert roster.find(name, number).sure == person
        assert roster.find(f"{name} ({number})").sure == person
    assert roster.find(name).sure is None
    assert roster.find(name).people == roster.people


@given(NAME, NAME)
def test_the_number_finds_whom_no_name_does_and_a_name_goes_before_it(name, other):
    assume(key(name) != key(other) and key(flipped(name)) != key(other))
    roster = rostered((name, "7"), (other, "8"))
    assert roster.find("u771x", "7").sure == roster.people[0]
    assert roster.find(name, "8").sure == roster.people[0]
    assert roster.find("u771x", "9").people == ()


def test_nobody_is_found_by_nothing():
    roster = rostered(("Ada Lovelace", "1"), ("?!", ""))
    for name in ("", " ", "\u200b", "()", "_", "-", ".", "\udcff"):
        assert roster.find(name).sure is None, ascii(name)


def test_a_comma_turns_a_name_round():
    assert flipped("Lovelace, Ada King") == "Ada King Lovelace"
    assert flipped("Ada Lovelace") == "Ada Lovelace"
    assert flipped("a, b, c") == "a, b, c"
    roster = rostered(("Ada King Lovelace", ""))
    assert roster.find("LOVELACE,  Ada King", loose=False).sure is not None


def test_half_a_letter_is_not_left_out():
    roster = rostered(("Jos Muoz", ""))
    for name in ("José Muñoz".encode().decode("cp437"), "Jos\udce9 Mu\udcf1oz", "Jos© Mu±oz"):
        assert roster.find(name).sure is None, ascii(name)


def test_moodle_writes_a_group_before_the_name():
    roster = rostered(("Jean-Luc Picard", ""), ("Ada Lovelace", ""))
    assert roster.find("Group 1-Ada Lovelace").sure == roster.people[1]
    assert roster.find("A-team-Jean-Luc Picard").sure == roster.people[0]


@pytest.mark.parametrize("name", ["toy", "ex01", "my_task", "week-3"])
@pytest.mark.parametrize(
    ("written", "number"),
    [
        ("{}.ipynb", 0),
        ("{}.IPYNB", 0),
        ("{}.ipynb.txt", 0),
        ("{} (1).ipynb", 1),
        ("{}(2).ipynb", 2),
        ("{}-1.ipynb", 1),
        ("{}-12.ipynb", 12),
        ("{}_v2.ipynb", 2),
        ("{} v3.ipynb", 3),
        ("{}_final.ipynb", 0),
        ("{} - Copy.ipynb", 1),
        ("{}-Copy1.ipynb", 1),
        ("Copy of {}.ipynb", 0),
        ("{}_v2 (1).ipynb", 2),
        ("scratch.ipynb", None),
        ("{}scratch.ipynb", None),
        ("Untitled1.ipynb", None),
    ],
)
def test_the_assignments_own_name_with_what_systems_add(name, written, number):
    assert version(written.format(name), name) == number
    assert version(written.format(name).upper(), name) == number
