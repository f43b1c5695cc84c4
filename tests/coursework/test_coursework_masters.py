"""Every assignment: its solution passes, its untouched stub scores nothing, wrong answers fail."""

import dataclasses
import sys

import pytest

from coursework import grade, marks, spec
from coursework.sandbox.inside.plain import plain
from coursework.seeds import class_seed
from coursework.spec import Probe
from coursework.submissions import Submission, code_cells
from tests.conftest import ROOT
from tests.coursework import spread
from tests.coursework.planted import LITERALS, PLANTED
from tests.seed import has_turn, run_seed

pytestmark = [
    pytest.mark.skipif(not sys.platform.startswith("linux"), reason="needs Linux"),
    pytest.mark.slow,
]
NAMES = spec.names()
RUNS = 3


def cells_of(where: str, name: str) -> tuple[str, ...]:
    cells, problem = code_cells((ROOT / where / name / f"{name}.ipynb").read_bytes())
    assert problem == ""
    return cells


@pytest.fixture(scope="module", params=NAMES)
def name(request):
    return request.param


@pytest.fixture(scope="module")
def plan(name, bubblewrap):
    """How the assignment is graded, with what its public checks say as further probes."""
    made = grade.make_plan(name)
    own = [one for one in made.assignment.questions if one.probes]
    checks = [
        dataclasses.replace(
            one,
            probes=(
                *one.probes,
                Probe(f'grader.check("{one.name}").summary()', 1, "what the check says"),
            ),
        )
        for one in own
    ]
    # Other numbers each day, which can be asked for again.
    return dataclasses.replace(
        made,
        assignment=dataclasses.replace(made.assignment, questions=tuple(checks)),
        fresh=class_seed(str(run_seed()), name),
    )


def found(plan, cells, seed=0):
    ran = plan.run(cells, seed)
    return ran, marks.parse(ran.results, len(marks.probes(plan.assignment)))


@pytest.fixture(scope="module")
def expected(plan, name):
    ran, _ = found(plan, cells_of("solutions", name))
    return marks.expected_values(ran, plan.assignment)


def said(answers, plan, question):
    """What the public check of a question says."""
    asked = [one for one, _ in marks.probes(plan.assignment)]
    return answers[len(asked) - 1 - asked[::-1].index(question)]["value"]


def test_every_assignment_is_tested(name):
    assert set(PLANTED) == set(NAMES)
    automatic = {one.name for one in spec.load(name).questions if one.probes}
    assert set(PLANTED[name]) == automatic
    assert all(len(wrong) == RUNS for wrong in PLANTED[name].values())


def test_there_is_work_for_a_person_and_a_time_for_everything(name):
    assignment = spec.load(name)
    assert any(one.written_points for one in assignment.questions)
    assert 30 <= assignment.minutes <= 240


def test_the_solution_passes_all_public_checks(plan, expected):
    for question in plan.assignment.questions:
        place = [one for one, _ in marks.probes(plan.assignment)].index(question.name)
        assert "All test cases passed" in expected[place + len(question.probes) - 1]


@pytest.mark.parametrize("place", range(2))
def test_the_solution_holds_on_other_data(plan, name, expected, place):
    # The lowest and the highest, in turn.
    if not has_turn(NAMES.index(name) + place, 2):
        pytest.skip("each of two seeds every other day")
    seed = (1, 2**31 - 1)[place]
    ran, answers = found(plan, cells_of("solutions", name), seed)
    assert answers.errors == ()
    # Other texts are answers, such as whose wish is dearer.
    for question in plan.assignment.questions:
        if question.probes:
            said_here = said(answers.answers, plan, question.name)
            assert "All test cases passed" in said_here, (question.name, said_here)
    values = marks.expected_values(ran, plan.assignment)
    assert values != expected, "the data must hang on the seed"


def test_an_untouched_stub_runs_cleanly_and_scores_nothing(plan, name, expected):
    ran = plan.run(cells_of("exercises", name), 0)
    result = marks.judge(Submission("stub", ""), ran, plan.assignment, expected)
    assert (result.status, result.reason, result.score) == ("graded", "", 0)
    assert result.log.count("Test case failed") >= len(PLANTED[name])


def with_answers(name, answers):
    """The solution's cells, with more code at the end of each question."""
    cells, question = [], iter(answers)
    current = next(question)
    for cell in cells_of("solutions", name):
        if cell.startswith("grader.check("):
            # After the solution's cell, so that data it sets are there.
            cells.append(answers[current])
            current = next(question, current)
        cells.append(cell)
    return cells


def literal(value):
    """Code of a value, as one student would tell it to another."""
    return "float('inf')" if value == float("inf") else repr(plain(value))


def right(plan, name, expected, answers):
    """Whether each probe's answer is right, the checks' own words left out."""
    ran, _ = found(plan, with_answers(name, answers))
    result = marks.judge(Submission("copied", ""), ran, plan.assignment, expected)
    assert result.status == "graded"
    return [bool(mark.points) for mark in result.marks if mark.says != "what the check says"]


@pytest.fixture(scope="module")
def own(name):
    """What is right in the public town, without a sandbox: of a third of the assignments a day.

    What is told and what a book concludes hang on the master and on its chapters alone.
    """
    if not has_turn(NAMES.index(name), 3):
        pytest.skip("a third of the assignments a day")
    return spread.answers(name, 0)[0]


def test_what_a_classmate_tells_is_right_only_where_it_is_right(plan, name, expected, own):
    seed = class_seed("a secret", name, "a classmate")
    theirs = spread.finished(name, seed)
    # Told before the probes call any function of theirs.
    told = {
        question: "\n".join(f"{one} = {literal(theirs[one])}" for one in answers)
        for question, answers in LITERALS[name].items()
    }
    values, _ = spread.answers(name, seed, theirs)
    marked = right(plan, name, expected, told)
    asked = [probe for _, probe in marks.probes(spec.load(name))]
    due = [
        spread.is_function(one) or spread.right_for(mine, theirs, one)
        for one, mine, theirs in zip(asked, own, values, strict=True)
    ]
    assert marked == due
    lost = sum(one.points for one, earned in zip(asked, marked, strict=True) if not earned)
    # Two towns may agree on some by chance; what a class loses is in the table of spread.
    assert lost >= 0.25 * spec.load(name).probe_points


def test_the_books_conclusions_earn_points_only_where_they_hold(plan, name, expected, own):
    public = spread.CONCLUSIONS[name]
    told = {
        question: "\n".join(f"{one} = {public[one].public!r}" for one in answers if one in public)
        for question, answers in LITERALS[name].items()
    }
    marked = right(plan, name, expected, told)
    turned = 0
    for (_, probe), mine, earned in zip(marks.probes(spec.load(name)), own, marked, strict=True):
        which = spread.conclusion_of(probe, name)
        assert earned == (not which or mine == public[which].public), probe.says
        turned += not earned
    assert turned >= 1


@pytest.mark.parametrize("run", range(RUNS))
def test_planted_wrong_answers_fail_for_the_right_reason(plan, name, expected, run):
    if not has_turn(run, RUNS):
        pytest.skip("one of three sets of wrong answers a day")
    wrong = {question: answers[run] for question, answers in PLANTED[name].items()}
    ran, answers = found(plan, with_answers(name, {one: code for one, (code, *_) in wrong.items()}))
    assert ran.killed == ""
    assert answers.errors == ()
    result = marks.judge(Submission("wrong", ""), ran, plan.assignment, expected)
    for one, (_, message, still_right) in wrong.items():
        assert message in said(answers.answers, plan, one), one
        own = [mark for mark in result.marks if mark.question == one][:-1]
        assert tuple(k for k, mark in enumerate(own) if mark.points) == still_right, (one, own)
        assert all(mark.reason for mark in own if not mark.points), one


def test_no_fresh_number_makes_two_equal_shares():
    # With 300 of 1000 against 330 of 1100 an interval with its sign turned would be right.
    (expression,) = (
        probe.expression
        for question in spec.load("objectives").questions
        for probe in question.probes
        if "lift_interval(" in probe.expression and "{seed}" in probe.expression
    )
    for fresh in range(1000):
        named = {
            "lift_interval": lambda a, b, c, d: (a / b, c / d),
            "decide": lambda *interval: interval,
            "list": list,
        }
        (low, high), _decisions = eval(expression.replace("{seed}", str(fresh)), named)
        assert high - low > 1e-3
