"""What students wrote where a person marks: found in their notebooks by what was handed out."""

from collections.abc import Sequence
from dataclasses import dataclass

from coursework import text
from coursework.reading import Text
from coursework.spec import Assignment

#: What otter puts where an answer is due.
PROMPT = "_Type your answer here, replacing this text._"
_MODEL = (":::{dropdown} One good answer\n", "\n:::")


@dataclass(frozen=True)
class Asked:
    """A written question.

    Parameters
    ----------
    name, title
        As the assignment has them.
    points
        What a person can give.
    says
        The question's text in the hand-out.
    ident
        The id of the cell in which the answer is due.
    model
        A good answer, from the solution; an empty text where there is none.
    """

    name: str
    title: str
    points: float
    says: str = ""
    ident: str = ""
    model: str = ""


@dataclass(frozen=True)
class Answer:
    """What one student wrote for one question.

    Parameters
    ----------
    student
        Who.
    said
        The text, cleaned.
    note
        What the reader of it should know.
    where
        The notebook.
    """

    student: str
    said: str
    note: str = ""
    where: str = ""


def questions(
    assignment: Assignment, handed: Sequence[Text], solution: Sequence[Text]
) -> list[Asked]:
    """Return the written questions, each with what the hand-out says about it.

    Parameters
    ----------
    assignment
        What is asked.
    handed, solution
        The cells of text of the hand-out and of the solution.
    """
    due = [one for one in assignment.questions if one.written_points]
    prompts = [place for place, one in enumerate(handed) if one.source.strip() == PROMPT]
    models = [
        one.source.strip().removeprefix(_MODEL[0]).removesuffix(_MODEL[1])
        for one in solution
        if one.source.strip().startswith(_MODEL[0])
    ]
    found = []
    for number, one in enumerate(due):
        says = ident = model = ""
        # Where otter made as many places as there are questions, it made them in their order.
        if len(prompts) == len(due):
            ident = handed[prompts[number]].ident
            says = handed[prompts[number] - 1].source if prompts[number] else ""
        if len(models) == len(due):
            model = models[number]
        found.append(Asked(one.name, one.title, one.written_points, says, ident, model))
    return found


def answer(asked: Asked, handed: Sequence[Text], texts: Sequence[Text]) -> tuple[str, str]:
    """Find what a student wrote for a question.

    Parameters
    ----------
    asked
        The question.
    handed
        The hand-out's cells of text.
    texts
        The student's.

    Returns
    -------
    said
        What stands in the cell in which it is due, or below the question; else whatever was not
        handed out.
    note
        Says so where it is the last; an empty text otherwise.
    """
    given = {one.source.strip() for one in handed} | {PROMPT, ""}
    says = asked.says.strip()
    here, found = False, []
    for one in texts:
        source = one.source.strip()
        if says and source.startswith(says):
            here = True
            # Some write into the question's own cell.
            source = source.removeprefix(says).strip()
        elif source in given and source not in (PROMPT, ""):
            here = False
        if source not in given and (here or (asked.ident and one.ident == asked.ident)):
            found.append(source)
    if found:
        return text.block("\n\n".join(found)), ""
    loose = [one.source.strip() for one in texts if one.source.strip() not in given]
    if loose:
        return text.block(
            "\n\n".join(loose)
        ), "not where it was due: all text that is the student's"
    return "", "nothing written was found"
