"""What the model sees of a session: one row of 14 numbers an offer.

This is the second of two programs that make the same features: the trainer has its own. The
contract (see `release`) holds the two together.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from ranker.offers import Session

FEATURES = (
    "distance",
    "eta",
    "price",
    "rating",
    "log_n_ratings",
    "cuisine_share",
    "hour",
    "rain",
    "chain",
    "badge",
    "ordered_before",
    "sponsored",
    "spend",
    "log_position",
)

FIRST_PLACE = 0.0
"""Places are not known before the ranking: every offer is scored for the first one, log 1."""


def make_rows(session: Session) -> NDArray[np.float32]:
    """Features of a session's offers, shape (offers, 14)."""
    customer = session.customer
    before = set(customer.ordered_before)
    rows = [
        (
            offer.distance_km,
            offer.eta_minutes,
            offer.price_dollars,
            offer.stars,
            np.log(np.float32(offer.n_ratings)),
            customer.cuisine_shares[offer.cuisine],
            session.local_hour,
            session.raining,
            offer.chain,
            offer.badge,
            offer.restaurant in before,
            offer.sponsored,
            customer.mean_basket_dollars,
            FIRST_PLACE,
        )
        for offer in session.offers
    ]
    return np.array(rows, dtype=np.float32)
