"""What may be asked: a session and up to 30 offers, with units in the names of their fields."""

from __future__ import annotations

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, model_validator

MOST_OFFERS = 30
CUISINES = 8

FITS = 1e30
"""The model's numbers have 32 bits: one that is larger would be none to it."""

Restaurant = Annotated[int, Field(ge=0, le=2**31 - 1)]
Count = Annotated[int, Field(ge=-(2**63), lt=2**63)]
Share = Annotated[float, Field(ge=0, le=1)]


class _Strict(BaseModel):
    """No guessing: "12" is no number, an unknown field is a misspelt one, NaN is no value."""

    model_config = ConfigDict(strict=True, extra="forbid", allow_inf_nan=False, frozen=True)


class Offer(_Strict):
    """A restaurant that could be shown; the release says what is plausible for its numbers."""

    restaurant: Restaurant
    cuisine: int = Field(ge=0, lt=CUISINES)
    distance_km: float
    eta_minutes: float
    price_dollars: float
    stars: float
    n_ratings: Count
    badge: float
    chain: bool
    sponsored: bool


class Customer(_Strict):
    """Who looks: how past orders spread over the cuisines, where they went, and what they cost."""

    cuisine_shares: list[Share] = Field(min_length=CUISINES, max_length=CUISINES)
    ordered_before: list[Restaurant] = Field(max_length=1000)
    mean_basket_dollars: float = Field(ge=-FITS, le=FITS)


class Session(_Strict):
    """One opening of the app. The hour is the town's, not UTC."""

    session: str = Field(min_length=1, max_length=64)
    local_hour: int = Field(ge=0, le=23)
    raining: bool
    customer: Customer
    offers: list[Offer] = Field(min_length=1, max_length=MOST_OFFERS)

    @model_validator(mode="after")
    def _each_restaurant_once(self) -> Session:
        seen = [offer.restaurant for offer in self.offers]
        twice = next((one for one in seen if seen.count(one) > 1), None)
        if twice is not None:
            raise ValueError(f"restaurant {twice} is offered twice, expected once")
        return self
