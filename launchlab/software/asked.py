"""Sessions as an app sends them to a service: raw offers in JSON, before anything is a feature."""

from __future__ import annotations

from typing import Any

import numpy as np

from launchlab.market import Sessions


def number(value: np.floating[Any]) -> float:
    """A float32 as the shortest decimal that reads back as the same float32."""
    return float(str(np.float32(value)))


def as_asked(sessions: Sessions, row: int) -> dict[str, Any]:
    """What the app sends for one session.

    Parameters
    ----------
    sessions : Sessions
    row : int
        Which of them.

    Returns
    -------
    dict
        A session as `service/ranker/offers.py` expects it; units stand in the names.
    """
    world, customer = sessions.world, int(sessions.customer[row])
    nearby = world.near[customer][world.ordered_before[customer]]
    return {
        "session": f"town-{world.seed}-{row}",
        "local_hour": int(sessions.hour[row]),
        "raining": bool(sessions.rain[row]),
        "customer": {
            "cuisine_shares": [number(one) for one in world.cuisine_share[customer]],
            "ordered_before": [int(one) for one in nearby],
            "mean_basket_dollars": number(world.spend[customer]),
        },
        "offers": [_offer(sessions, row, column) for column in range(sessions.shape[1])],
    }


def _offer(sessions: Sessions, row: int, column: int) -> dict[str, Any]:
    world, restaurant = sessions.world, int(sessions.restaurant[row, column])
    return {
        "restaurant": restaurant,
        "cuisine": int(world.cuisine[restaurant]),
        "distance_km": number(sessions.distance[row, column]),
        "eta_minutes": number(sessions.eta[row, column]),
        "price_dollars": number(world.price[restaurant]),
        "stars": number(world.rating[restaurant]),
        "n_ratings": int(world.n_ratings[restaurant]),
        "badge": number(world.badge[restaurant]),
        "chain": bool(world.chain[restaurant]),
        "sponsored": bool(world.sponsored[restaurant]),
    }
