"""Faults between training and serving: the model is fed something other than it learnt from.

None of them raises an error, and none moves the offline score, which is computed on the training
path.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from launchlab.software.columns import COLUMN, times, with_column
from launchlab.software.offers import Offers

_SUPPLIERS = 77  # random stream: who sends prices in cents
CENTS_SHARE = 0.15
"""Share of restaurants whose prices come from a supplier that counts in cents."""

UTC_HOURS = 2
"""The town's clock is so many hours ahead of UTC."""

KM_PER_MILE = 1.609344
MINUTES_PER_KM = 4.3
"""What a kilometre adds to a delivery on average, in minutes: what a nightly table knows."""

Fed = Callable[[Offers], NDArray[np.float32]]


@dataclass(frozen=True)
class Fault:
    """One way for the serving path to differ from the training path.

    Attributes
    ----------
    name : str
    words : str
        What happened, as a colleague would say it.
    fed : callable
        Offers to the rows that the model is fed, of the same shape as their features.
    """

    name: str
    words: str
    fed: Fed


def cuisine_codes_shifted(offers: Offers) -> NDArray[np.float32]:
    """Each restaurant's cuisine is looked up one code too far: the share is another cuisine's."""
    world = offers.world
    own = world.cuisine[offers.restaurant]
    shifted = (own + 1) % world.cuisine_share.shape[1]
    share = world.cuisine_share[offers.customer]
    everyone = np.arange(len(offers))
    # The difference is added, so that a test which nudges the share still finds its nudge.
    nudge = offers.rows[:, COLUMN["cuisine_share"]] - share[everyone, own]
    return with_column(offers.rows, "cuisine_share", share[everyone, shifted] + nudge)


def eta_and_price_swapped(offers: Offers) -> NDArray[np.float32]:
    """Two columns change places."""
    eta, price = (offers.rows[:, COLUMN[name]] for name in ("eta", "price"))
    return with_column(with_column(offers.rows, "eta", price), "price", eta)


def cents_from_some(offers: Offers) -> NDArray[np.float32]:
    """Prices of 15 % of the restaurants arrive in cents."""
    world = offers.world
    rng = np.random.default_rng([world.seed, _SUPPLIERS])
    theirs = (rng.random(len(world.price)) < CENTS_SHARE)[offers.restaurant]
    price = offers.rows[:, COLUMN["price"]]
    return with_column(offers.rows, "price", np.where(theirs, 100 * price, price))


def nightly_eta(offers: Offers, times: float = 1.0) -> NDArray[np.float32]:
    """Delivery times come from last night's table, which knows no rain and no rush.

    With ``times`` other than 1 it is so many times as far from the live ones as that makes it.
    """
    usual = offers.world.preparation[offers.restaurant]
    usual = usual + np.float32(MINUTES_PER_KM) * offers.rows[:, COLUMN["distance"]]
    live = offers.rows[:, COLUMN["eta"]]
    table = usual + (live - offers.eta)
    return with_column(offers.rows, "eta", table + np.float32(times - 1) * (table - live))


SERVING_FAULTS = {
    fault.name: fault
    for fault in (
        Fault("seconds", "ETA arrives in seconds", lambda o: times(o.rows, "eta", 60)),
        Fault("cents", "prices arrive in cents", lambda o: times(o.rows, "price", 100)),
        Fault("some cents", "one supplier's prices arrive in cents", cents_from_some),
        Fault("cuisine", "cuisine codes are one off", cuisine_codes_shifted),
        Fault(
            "join",
            "the lookup of past orders finds nobody",
            lambda o: with_column(o.rows, "ordered_before", 0),
        ),
        Fault("swapped", "ETA and price change places", eta_and_price_swapped),
        Fault(
            "utc",
            "the hour is UTC",
            lambda o: with_column(o.rows, "hour", o.rows[:, COLUMN["hour"]] - UTC_HOURS),
        ),
        Fault(
            "miles", "distance is in miles", lambda o: times(o.rows, "distance", 1 / KM_PER_MILE)
        ),
        Fault("dry", "the rain flag is stuck at dry", lambda o: with_column(o.rows, "rain", 0)),
        Fault(
            "last place",
            "every candidate is scored for the eighth place",
            lambda o: with_column(o.rows, "log_position", np.log(8)),
        ),
    )
}
"""Faults of the serving path, by name, which need no other training than the usual one."""
