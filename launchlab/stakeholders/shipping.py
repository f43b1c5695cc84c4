"""Ship it or not: what a gain is worth in a year, and how many sessions it takes to pay for it.

A sum that fits on a page, with a twin in ``shipping.js`` for the book's lab. Nothing here is
measured: wages, incidents and their costs are assumed, and can be set as fields.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from importlib.resources import files

import numpy as np

from launchlab.stakeholders.money import NEVER, Line

#: JavaScript twin of `Offer` for experiments in rule form; it needs ``money.js`` before it.
SHIPPING_JAVASCRIPT = (
    files("launchlab.stakeholders").joinpath("shipping.js").read_text(encoding="utf-8")
)

NOTHING = Line(0.0, 0.0)
"""Not shipping: costs nothing and brings nothing, at any size of business."""


@dataclass(frozen=True)
class Offer:
    """A better but slower model compared with the current one, in yearly money.

    Parameters
    ----------
    orders_per_session : float
        Orders per session with the current model, 0 to 1.
    value_per_order : float
        What the platform keeps of an order, $.
    gain : float
        Orders that the better model adds at equal latency, percent; may be negative.
    slower_ms : float
        How much longer the better model takes to answer, ms; negative if it is faster.
    elasticity : float
        Orders lost per 100 ms, percent, 0 to 10.
    engineers : float
        How many more people it takes than the current model.
    wage : float
        Full yearly cost of one person, $.
    incidents : float
        How many more incidents a year it has than the current model.
    incident_cost : float
        Cost of an incident, $.

    Raises
    ------
    ValueError
        If a number is not finite or out of range.
    """

    orders_per_session: float
    value_per_order: float
    gain: float
    slower_ms: float
    elasticity: float = 0.5
    engineers: float = 2.0
    wage: float = 180_000.0
    incidents: float = 0.0
    incident_cost: float = 0.0

    def __post_init__(self) -> None:
        low = {"gain": -100.0, "slower_ms": -1e6}
        high = {"orders_per_session": 1.0, "elasticity": 10.0}
        for field in fields(self):
            value = getattr(self, field.name)
            least, most = low.get(field.name, 0.0), high.get(field.name, 1e12)
            if not least <= value <= most:
                expected = f"expected a number from {least:g} to {most:g}"
                raise ValueError(f"{field.name}={value!r}, {expected}")

    @property
    def net_gain(self) -> float:
        """What is left of the gain after the wait, percent, for customers of average hurry."""
        stay = (1 - self.elasticity / 100) ** (self.slower_ms / 100)
        return float(100 * ((1 + self.gain / 100) * stay - 1))

    @property
    def per_session(self) -> float:
        """What shipping adds before people and incidents, $ per session."""
        return self.orders_per_session * self.value_per_order * self.net_gain / 100

    @property
    def yearly_cost(self) -> float:
        """Cost of people and incidents, $ a year."""
        return self.engineers * self.wage + self.incidents * self.incident_cost

    @property
    def line(self) -> Line:
        """Net value a year, $, over sessions a *year*."""
        return Line(-self.yearly_cost, self.per_session)

    @property
    def break_even(self) -> float:
        """Sessions a year above which shipping pays; ``NEVER`` if it pays at no size."""
        return break_even_sessions(self.yearly_cost, self.per_session)


def break_even_sessions(cost: float, per_session: float) -> float:
    """Sessions a year at which $ per session pay for a yearly cost in $; ``NEVER`` if at none.

    Raises
    ------
    ValueError
        If the cost is negative, or a number is not finite.
    """
    if not (cost >= 0 and np.isfinite([cost, per_session]).all()):
        raise ValueError(f"cost={cost!r}, per_session={per_session!r}: expected finite, cost >= 0")
    return NOTHING.above(Line(-cost, per_session)) if per_session > 0 else NEVER
