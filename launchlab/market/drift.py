"""Drift: the world a model was trained in changes, and the model does not.

*How fast* it changes is assumed, so the fall of an old model by some week is put in by hand and is
not a finding. What can be found is relative: which of two models falls below the other, and whether
that depends on the speed. To keep the two apart, a drifted world is made for a *share* of
restaurants and customers that have changed; a rate only says in which week that share is reached.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from launchlab.market import checks

from .world import N_AFFINITIES, N_CUISINES, World

_STREAM = 11


@dataclass(frozen=True)
class Drift:
    """What changes. All of it is assumed.

    Parameters
    ----------
    kitchens : bool, default True
        Whether restaurants change hands. A changed restaurant has a new quality, preparation time
        and badge; its stars stay, because they were given to the former cook.
    tastes : bool, default True
        Whether customers change tastes. A changed customer has new favourite cuisines, price
        sensitivity and affinities; the app's record of past orders stays.
    badge_quality : float, optional
        Correlation of a changed restaurant's badge with its new quality. If not given, that of the
        world (``Couplings.badge_quality``): new owners use badges as the former ones did.

    Raises
    ------
    ValueError
        If the correlation is not in [-1, 1].
    """

    kitchens: bool = True
    tastes: bool = True
    badge_quality: float | None = None

    def __post_init__(self) -> None:
        if self.badge_quality is not None:
            checks.within("badge_quality", self.badge_quality, -1.0, 1.0)


def changed_share(rate: float, weeks: float) -> float:
    """Share that has changed at least once after a number of weeks.

    Parameters
    ----------
    rate : float
        Share that changes in a week, 0 up to but not including 1.
    weeks : float
        At least 0.

    Returns
    -------
    float
        1 - (1 - rate) ** weeks.

    Raises
    ------
    ValueError
        If a number is out of range.
    """
    checks.within("rate", rate, 0.0, np.nextafter(1.0, 0.0))
    checks.within("weeks", weeks, 0.0, 1e6)
    return float(-np.expm1(weeks * np.log1p(-rate)))


def weeks_until(share: float, rate: float) -> float:
    """Weeks after which a share has changed: the inverse of `changed_share`.

    Parameters
    ----------
    share : float
        0 up to but not including 1.
    rate : float
        Share that changes in a week, more than 0 and less than 1.

    Returns
    -------
    float

    Raises
    ------
    ValueError
        If a number is out of range.
    """
    below_one = float(np.nextafter(1.0, 0.0))
    checks.within("share", share, 0.0, below_one)
    checks.within("rate", rate, 1e-9, below_one)
    return float(np.log1p(-share) / np.log1p(-rate))


def drifted_world(world: World, share: float, drift: Drift | None = None) -> World:
    """The world after a share of its restaurants and customers has changed.

    Parameters
    ----------
    world : World
        The world of week 0.
    share : float
        Share that has changed, 0 to 1.
    drift : Drift, optional
        What changes; everything if not given.

    Returns
    -------
    World
        Of the same seed, so that the same customers open the app at the same hours. Whatever has
        changed at one share has changed in the same way at any larger share.

    Raises
    ------
    ValueError
        If the share is not in [0, 1].

    Notes
    -----
    New qualities and tastes are drawn as :func:`launchlab.market.world.make_world` draws them, so
    that at any share the world is about as good and as varied as at the start. What changes is what
    features *mean*: stars and past orders describe the past.
    """
    share = checks.within("share", share, 0.0, 1.0)
    drift = drift or Drift()
    rng = np.random.default_rng([world.seed, _STREAM])
    n_u, n_r = len(world.near), len(world.price)

    # The draws do not depend on the share, so two shares differ only in who has changed.
    quality = rng.standard_normal(n_r)
    noise = rng.standard_normal(n_r)
    preparation = 18.0 + 6.0 * rng.standard_normal(n_r) + np.where(world.chain, -4.0, 2.0)
    kitchen_changes = rng.random(n_r)
    taste = np.log(rng.dirichlet(np.full(N_CUISINES, 0.5), n_u) + 0.03)
    taste -= taste.mean(axis=1, keepdims=True)
    price_sensitivity = 0.05 * rng.lognormal(0.0, 0.5, n_u)
    wants = rng.standard_normal((n_u, N_AFFINITIES))
    offers = rng.standard_normal((n_r, N_AFFINITIES))
    taste_changes = rng.random(n_u)

    kitchen = (kitchen_changes < share) & drift.kitchens
    customer = (taste_changes < share) & drift.tastes
    new_quality = np.where(kitchen, quality, world.quality)
    correlation = drift.badge_quality
    if correlation is None:
        correlation = world.couplings.badge_quality
    badge = correlation * quality + np.sqrt(1.0 - correlation**2) * noise

    personal = 0.8 * taste[:, world.cuisine] - price_sensitivity[:, None] * world.price
    personal += 0.3 * wants @ offers.T
    utility = world.utility + (new_quality - world.quality)[world.near]
    new_utility = new_quality[world.near] + np.take_along_axis(
        personal, world.near.astype(np.intp), axis=1
    )
    utility = np.where(customer[:, None], new_utility, utility)
    return replace(
        world,
        utility=utility.astype(np.float32),
        quality=new_quality.astype(np.float32),
        badge=_changed(world.badge, badge, kitchen),
        preparation=_changed(world.preparation, np.clip(preparation, 6.0, 45.0), kitchen),
    )


def _changed(
    old: NDArray[np.float32], new: NDArray[np.float64], changed: NDArray[np.bool_]
) -> NDArray[np.float32]:
    return np.where(changed, new, old).astype(np.float32)
