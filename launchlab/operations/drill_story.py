"""The words of the drill: what can be wrong, who writes when, what is found by looking or asking.

All of it is data that the drill interprets in Python and in the page. A text stands in a list of
cases, ``(fact, sign, number, text)``: the first whose fact is above (">") or below ("<") the number
is told; an empty fact is always told, and an empty text says nothing. In a text, ``{fact}`` is the
fact's size as a whole number. Facts are those of `launchlab.operations.drill.facts`: what can be
counted, and what has been done about it ("back": a rollback is ordered; "mended").
"""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import Any

Case = tuple[str, str, float, str]

BACK, MENDED = ("back", ">", 0), ("mended", ">", 0)


def _told(text: str) -> tuple[Case, ...]:
    return (("", "", 0, text),)


def _while_live(*cases: Case, back: str = "", mended: str = "") -> tuple[Case, ...]:
    """Cases for a release that runs with whatever is wrong: told while both are so."""
    return ((*BACK, back), (*MENDED, mended), *cases)


def _until_mended(text: str, mended: str) -> tuple[Case, ...]:
    return ((*MENDED, mended), *_told(text))


@dataclass(frozen=True)
class Scenario:
    """One way for the evening to go.

    Parameters
    ----------
    name : str
    words : str
        What it was, told when all is over.
    lesson : str
        What it teaches, one sentence.
    feature : str
        Whose input alarm rings; empty if none does.
    cures : dict of str to int
        Minutes from the call until this person has mended it; who is not named cannot.
    shown : tuple of str
        Looks that show the cause.
    told : int
        Minutes to mend it for somebody who is there and is told the cause.
    harmless : bool
        Whether nothing is wrong that costs anything.
    """

    name: str
    words: str
    lesson: str
    feature: str = ""
    cures: dict[str, int] = field(default_factory=dict)
    shown: tuple[str, ...] = ()
    told: int = 0
    harmless: bool = False


SCENARIOS = (
    Scenario(
        "seconds",
        "Delivery times reached the new model in seconds, and it had learnt minutes.",
        "The loudest alarm of all. What it costs depends on the model and the town: from nothing "
        "to a lot.",
        "delivery time",
        {"ml": 40},
        ("inputs", "session"),
        10,
    ),
    Scenario(
        "history",
        "The lookup of past orders found nobody. The new model knew no customer.",
        "Orders fall and ads jump: who reads only one of the two dashboards celebrates.",
        "past orders",
        {"ml": 40},
        ("inputs", "session"),
        10,
    ),
    Scenario(
        "cuisine",
        "The codes of the cuisines were one off. Each customer was offered another's taste.",
        "No input moves by it, so no alarm could name it, and one that rang was false. Only the "
        "orders knew.",
        "",
        {"ml": 90},
        ("session",),
        20,
    ),
    Scenario(
        "dry",
        "The rain flag was stuck at dry. The model hardly uses it, and the alarm rang all evening.",
        "An alarm says that something has moved. It does not say that it matters.",
        "rain",
        {"ml": 40},
        ("inputs", "session"),
        10,
        harmless=True,
    ),
    Scenario(
        "slow",
        "One of the new model's two replicas never started. At the dinner peak the other was full.",
        "Nothing is wrong with the model. No alarm showed it at 17:30; the look at the replicas "
        "did, for whoever asked.",
        "",
        {"infrastructure": 20},
    ),
    Scenario(
        "quiet",
        "Nothing broke. It was an ordinary evening.",
        "Noise also has a story for each of its turns.",
        harmless=True,
    ),
    Scenario(
        "campaign",
        "A competitor gave half price from 18:15 on. Both models lost the same orders.",
        "What hits both arms is no reason to roll back. That is what the other arm is for.",
        harmless=True,
    ),
    Scenario(
        "units",
        "The pipeline now sends seconds. The new model had learnt that; the old one had not.",
        "Beside a broken control no release looks as it is, and rolling back sends everybody "
        "there.",
        "",
        {"infrastructure": 30},
        ("session",),
        10,
    ),
    Scenario(
        "holiday",
        "A public holiday. A third of the customers were away.",
        "Last Friday is a poor control. The other arm is a good one.",
        harmless=True,
    ),
)
"""What the seed draws from, each as likely as the next."""

BETTER = (
    "In this town the new model earned more, ads included, and to go back to the old one forgoes "
    "that."
)
WORSE = (
    "In this town the old model was a little better, which nobody could know tonight: to go back "
    "to it gained something, though nothing was broken."
)
"""Added to the lesson of an evening on which nothing was wrong, by what the release is worth."""

MESSAGES: dict[str, tuple[tuple[int, str, tuple[Case, ...]], ...]] = {
    "": (
        (
            1,
            "manager",
            (
                (*BACK, "Back already? You will have a reason. I am at dinner; call if you must."),
                ("", "", 0, "It is out. Thank you all. I am at dinner; call if you must."),
            ),
        ),
        (
            30,
            "sales",
            _while_live(
                ("ads", ">", 4, "Ads are up {ads} % on the new one! Can we give it to everybody?"),
                ("ads", "<", -4, "Ads are down {ads} % on the new one. Is that you?"),
                ("", "", 0, "Nothing much on ads yet. I had hoped for more."),
                back="The old model again, I see. I had promised nobody anything.",
                mended="Mended, I hear. Tell me when my numbers count again.",
            ),
        ),
        (
            60,
            "ml",
            _while_live(
                ("change", ">", 3, "Orders are {change} % ahead. Early days, but I like it."),
                ("change", "<", -10, "Orders are {change} % behind. That hardly looks like noise."),
                ("change", "<", -3, "Orders are {change} % behind. It is early. Could be noise."),
                ("", "", 0, "Orders are about even. In the offline test we were ahead."),
                back="You are back on the old one. I read the logs on Monday, not tonight.",
                mended="Mended, I hear. From here on the two can be compared.",
            ),
        ),
        (
            90,
            "infrastructure",
            _while_live(
                ("alarm", ">", 0, "That input alarm is still on. Does anybody know if it is real?"),
                ("p99", ">", 2000, "The slowest answers take {p99} ms by now. Errors: none."),
                ("", "", 0, "Everything is green here. Errors: none."),
                back="I see the rollback. Errors: none.",
                mended="I see the mend. Errors: none.",
            ),
        ),
        (
            120,
            "manager",
            _while_live(
                ("total", "<", -8, "We are {total} % below last Friday. What is going on?"),
                ("total", ">", 8, "We are {total} % above last Friday. Well done!"),
                ("", "", 0, "About the orders of last Friday, I see. Good."),
                back="The old model is back, I see. Write down why; I read it on Monday.",
                mended="Mended, I hear. Thank you. Write down when it was seen.",
            ),
        ),
        (
            165,
            "product",
            (
                ("p99", ">", 2000, "My app has hung twice on the way home."),
                ("", "", 0, "The app feels as it always does, on my phone at least."),
            ),
        ),
        (
            195,
            "sales",
            _while_live(
                ("ads", ">", 4, "Still {ads} % more ads. Whatever you do, do not touch it."),
                ("", "", 0, "An advertiser asks what is new. What do I tell them?"),
                back="An advertiser asks what is new. Nothing, I shall say.",
                mended="An advertiser asks what was wrong. Something small, I shall say.",
            ),
        ),
    ),
    "history": (
        (
            100,
            "product",
            _while_live(("", "", 0, "A customer writes: “It no longer knows my favourites.”")),
        ),
    ),
    "cuisine": (
        (
            110,
            "product",
            _while_live(("", "", 0, "A customer writes: “No noodles in this town any more?”")),
        ),
    ),
    "campaign": (
        (105, "product", _told("A customer asks whether we match the half-price offer.")),
    ),
    "units": (
        (
            45,
            "sales",
            _while_live(
                (
                    "change",
                    ">",
                    4,
                    "{change} % more orders than the old one! Give it to everybody!",
                ),
                ("", "", 0, "The new one looks good. When does everybody get it?"),
            ),
        ),
    ),
    "holiday": ((70, "product", _told("The support desk is very quiet tonight.")),),
}
"""Who writes when, by scenario; those under "" come in each. Minutes from 17:00.

Who has been called in writes no more: they are there, and say what they find.
"""


@dataclass(frozen=True)
class Look:
    """A closer look, which takes its time.

    Parameters
    ----------
    label : str
    minutes : int
    found : dict
        Cases by scenario; those under "" for all others.
    """

    label: str
    minutes: int
    found: dict[str, tuple[Case, ...]]


_ARMS = (
    "rders per 1,000 sessions: the new model {release} ± {release_error}, the old one {control} ± "
    "{control_error}. On usual Fridays the old one has {usual}."
)
_NOW_AS_IT_SHOULD = "What had moved is mended. Nothing else has: the largest PSI is 0.01."
_NOW_AGREE = "You compute each number anew, for both models. Since the mend they agree."

LOOKS = {
    "arms": Look(
        "Both arms against their usual Friday",
        5,
        {
            "": (
                (*BACK, f"Until the rollback, o{_ARMS}"),
                (
                    *MENDED,
                    f"O{_ARMS} That counts from 17:00, and the time before the mend with it.",
                ),
                ("reading", ">", 3, f"O{_ARMS} The new one is ahead; the old one is as usual."),
                ("reading", ">", 2, f"O{_ARMS} Both have fallen alike: look outside."),
                ("reading", ">", 1, f"O{_ARMS} It is the old one that has fallen."),
                ("reading", ">", 0, f"O{_ARMS} It is the new one that has fallen."),
                ("minute", ">", 150, f"O{_ARMS} Neither has moved by more than chance explains."),
                ("", "", 0, f"O{_ARMS} Too early to tell which of the two has moved, if any has."),
            )
        },
    ),
    "inputs": Look(
        "What the new model is fed",
        10,
        {
            "": (
                (
                    "alarm",
                    ">",
                    0,
                    "The alarm compares tonight with all of last week. Against last Friday "
                    "evening no input of the new model has moved: the largest PSI is 0.01.",
                ),
                ("", "", 0, "No input of the new model has moved: the largest PSI is 0.01."),
            ),
            "seconds": _until_mended(
                "Delivery time: 35 last week, 2,100 tonight. PSI 8.3, which says how far it has "
                "moved and not what that costs.",
                _NOW_AS_IT_SHOULD,
            ),
            "history": _until_mended(
                "Past orders: 0 in every row. Last week some rows had a 1. PSI 0.7.",
                _NOW_AS_IT_SHOULD,
            ),
            "dry": _until_mended(
                "The rain flag is 0 in every row, rain or not. PSI 2.", _NOW_AS_IT_SHOULD
            ),
            "units": _told(
                "Delivery time: 35 last week, 2,100 tonight. As planned, say the release notes; "
                "the alarm is muted for it."
            ),
        },
    ),
    "session": Look(
        "One session by hand, through both models",
        20,
        {
            "": _told(
                "You compute each number anew, for both models. They agree to the last digit."
            ),
            "seconds": _until_mended(
                "A restaurant 35 minutes away has 2,100 in its row. The new model learnt minutes.",
                _NOW_AGREE,
            ),
            "history": _until_mended(
                "She has ordered there twice, and the new model's row says never.", _NOW_AGREE
            ),
            "cuisine": _until_mended(
                "He orders noodles each week. In the new model's row that share is written to the "
                "next cuisine.",
                _NOW_AGREE,
            ),
            "dry": _until_mended(
                "It rains, and the row says dry. With the flag set right, the slate is the same.",
                _NOW_AGREE,
            ),
            "units": _until_mended(
                "Both rows say 2,100 for 35 minutes. The new model learnt seconds. The old one "
                "learnt minutes, and nobody told it.",
                _NOW_AGREE,
            ),
        },
    ),
    "replicas": Look(
        "The service, replica by replica",
        5,
        {
            "": _told("All replicas answer, all alike. None is short of anything."),
            "slow": (
                (*MENDED, "The new model has its two replicas. None is short of anything."),
                (*BACK, "The new model has one replica where two should be."),
                (
                    "minute",
                    ">",
                    60,
                    "The new model has one replica where two should be. It is full.",
                ),
                (
                    "",
                    "",
                    0,
                    "The new model's replicas answer alike. You see one; were there not two?",
                ),
            ),
        },
    ),
    "outside": Look(
        "Complaints, news, the calendar",
        10,
        {
            "": _told("Three complaints about cold food. No news. An ordinary Friday."),
            "history": _told("Seven complaints, five of them: “It no longer knows what I like.”"),
            "cuisine": _told("Nine complaints, most of them: “I was offered strange things.”"),
            "slow": (
                ("p99", ">", 2000, "A dozen complaints: the list takes for ever to appear."),
                ("", "", 0, "Three complaints about cold food. No news. An ordinary Friday."),
            ),
            "campaign": (
                ("minute", ">", 75, "A competitor gives half price from 18:15 to midnight."),
                ("", "", 0, "Posters in town: a competitor has an offer tonight, from 18:15."),
            ),
            "holiday": _told("It is a public holiday. Last Friday was not."),
        },
    ),
}
"""What can be looked at more closely."""


@dataclass(frozen=True)
class Person:
    """What somebody says who is called, and how long that takes.

    Parameters
    ----------
    minutes : int
        Until they have looked.
    says : dict of str to str
        By scenario; under "" for all others.
    told : dict of str to str
        What they say instead if you have found the cause, and tell them.
    """

    minutes: int
    says: dict[str, str]
    told: dict[str, str] = field(default_factory=dict)


CALLED = {
    "ml": Person(
        20,
        {
            "": "I have gone through the scores. They are those of the test. It is not the model.",
            "seconds": "It is fed seconds and learnt minutes. I mend the path; give me 20 minutes.",
            "history": "The lookup finds nobody. I mend it; give me 20 minutes.",
            "cuisine": "Something is odd with some cuisines. I follow it up; it may take an hour.",
            "dry": "Only the rain flag. It moves no slate. I mend it now that I am here.",
            "units": "Ours reads seconds, as it should. It is the old one that does not! That "
            "pipeline belongs to infrastructure.",
        },
        {
            "seconds": "Seconds, as you say. I mend the path; give me 10 minutes.",
            "history": "The lookup, as you say. I mend it; give me 10 minutes.",
            "cuisine": "One off, as you say. I correct the codes; give me 20 minutes.",
            "dry": "The rain flag, as you say. It moves no slate. Give me 10 minutes.",
        },
    ),
    "sales": Person(
        10,
        {
            "": "I have no campaign running and no complaint from an advertiser.",
            "history": "They pay for places that the list used to fill by itself. Nice for me.",
            "campaign": "A competitor gives half price tonight. I saw the posters.",
        },
    ),
    "product": Person(
        10,
        {
            "": "I have read what customers write. Nothing that I have not read before.",
            "history": "People say that it has forgotten them.",
            "cuisine": "People say that they are offered strange things.",
            "slow": "People say that the list does not come.",
            "campaign": "People write about somebody else's half-price offer.",
            "holiday": "It is a public holiday! Nobody is in town.",
        },
    ),
    "infrastructure": Person(
        10,
        {
            "": "The service is fine. No errors, no queue, and every replica is up.",
            "slow": "A replica never started. I start it; give me 10 minutes.",
            "units": "The pipeline sends seconds since 17:00, and the old service was not told. I "
            "convert them; give me 20 minutes.",
        },
        {"units": "Nobody told the old service, as you say. I convert them; give me 10 minutes."},
    ),
    "manager": Person(
        5,
        {
            "": "You are closer to it than I am. Decide, and write down why.",
            "holiday": "It is a holiday. Of course it is less than last Friday.",
        },
    ),
}
"""What each of the five finds out when called; they never blame you for it."""


def story() -> dict[str, Any]:
    """All of it, for the page."""
    return {
        "scenarios": [asdict(one) for one in SCENARIOS],
        "messages": MESSAGES,
        "looks": {name: asdict(one) for name, one in LOOKS.items()},
        "called": {name: asdict(one) for name, one in CALLED.items()},
        "better": BETTER,
        "worse": WORSE,
    }
