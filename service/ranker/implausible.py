"""What becomes of a session in which an offer is implausible: one of three policies.

The release says what is plausible, and what is usual; whoever starts the service says what follows.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal, get_args

from pydantic import BaseModel

from ranker.offers import Session
from ranker.release import Release

Policy = Literal["refuse", "leave out", "usual"]
POLICIES: tuple[Policy, ...] = get_args(Policy)


class ImplausibleError(ValueError):
    """A session that is not ranked, and why, in one sentence."""


class LeftOut(BaseModel):
    """An offer that was not ranked, and why."""

    restaurant: int
    why: str


class Mended(BaseModel):
    """A field of an offer that was ranked by its usual value, and why: what came instead."""

    restaurant: int
    field: str
    why: str


@dataclass(frozen=True)
class Settled:
    """What is ranked.

    Attributes
    ----------
    session : Session
        With the offers that are ranked, as they are ranked.
    left_out : list of LeftOut
    mended : list of Mended
        One for each value, so an offer may stand here more than once.
    fields : list of str
        What was implausible, once for each of ``left_out`` or ``mended``.
    """

    session: Session
    left_out: list[LeftOut] = field(default_factory=list)
    mended: list[Mended] = field(default_factory=list)
    fields: list[str] = field(default_factory=list)


def settle(session: Session, release: Release, policy: Policy) -> Settled:
    """Do with the implausible offers of a session what the policy says.

    Parameters
    ----------
    session : Session
    release : Release
        It has all usual values if the policy is "usual".
    policy : {"refuse", "leave out", "usual"}

    Raises
    ------
    ImplausibleError
        If an offer is implausible and the policy is "refuse", or if leaving out leaves no offer.
    """
    doubts = {offer.restaurant: release.doubts(offer) for offer in session.offers}
    doubted = {who: found for who, found in doubts.items() if found}
    if not doubted:
        return Settled(session)
    if policy == "usual":
        return _mend(session, release, doubted)
    left_out = [
        LeftOut(restaurant=who, why=next(iter(found.values()))) for who, found in doubted.items()
    ]
    if policy == "refuse":
        raise ImplausibleError(f"restaurant {left_out[0].restaurant}: {left_out[0].why}")
    if len(doubted) == len(session.offers):
        raise ImplausibleError(f"no offer is plausible; the first: {left_out[0].why}")
    offers = [offer for offer in session.offers if offer.restaurant not in doubted]
    return Settled(
        session.model_copy(update={"offers": offers}),
        left_out=left_out,
        fields=[next(iter(found)) for found in doubted.values()],
    )


def _mend(session: Session, release: Release, doubted: dict[int, dict[str, str]]) -> Settled:
    offers = [release.mended(offer, doubted.get(offer.restaurant, ())) for offer in session.offers]
    mended = [
        Mended(restaurant=who, field=name, why=why)
        for who, found in doubted.items()
        for name, why in found.items()
    ]
    return Settled(
        session.model_copy(update={"offers": offers}),
        mended=mended,
        fields=[one.field for one in mended],
    )
