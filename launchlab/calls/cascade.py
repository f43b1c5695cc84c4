"""A small model first, a judge of its answer, and a large model for what the judge refuses."""

from __future__ import annotations

from dataclasses import dataclass

from launchlab.calls._given import share


@dataclass(frozen=True)
class Cascade:
    """A cascade of two models. One call of the small model is the unit of all prices.

    Parameters
    ----------
    right : float
        How often the small model is right.
    hit, false_alarm : float
        How often the judge keeps a right answer of the small model, and a wrong one.
    large_if_right, large_if_wrong : float
        How often the large model is right where the small one is, and where it is not.
    judge_price, large_price : float
        Of a call of the judge and of the large model.

    Raises
    ------
    ValueError
        If a share is not from 0 to 1, or a price is negative.
    """

    right: float
    hit: float
    false_alarm: float
    large_if_right: float = 0.97
    large_if_wrong: float = 0.6
    judge_price: float = 0.2
    large_price: float = 20.0

    def __post_init__(self) -> None:
        for name in ("right", "hit", "false_alarm", "large_if_right", "large_if_wrong"):
            share(name, getattr(self, name))
        for name in ("judge_price", "large_price"):
            if not getattr(self, name) >= 0:
                raise ValueError(f"{name}={getattr(self, name)!r}, expected 0 or more")

    @property
    def kept(self) -> float:
        """Share of the small model's answers that the judge keeps."""
        return self.right * self.hit + (1 - self.right) * self.false_alarm

    @property
    def price(self) -> float:
        """What a case costs on average."""
        return 1 + self.judge_price + (1 - self.kept) * self.large_price

    @property
    def accuracy(self) -> float:
        """How often the answer that is sent is right."""
        sure = self.right * (self.hit + (1 - self.hit) * self.large_if_right)
        return sure + (1 - self.right) * (1 - self.false_alarm) * self.large_if_wrong

    @property
    def large_alone(self) -> float:
        """How often the large model is right on all cases."""
        return self.right * self.large_if_right + (1 - self.right) * self.large_if_wrong

    @property
    def coin(self) -> float:
        """Accuracy of a coin that spends the same, in place of small model and judge in a row.

        It sends a share of cases straight to the large model and the others to the small one, and
        costs nothing itself. It never spends more than the large model alone; where that costs no
        more than the small one, it asks nobody else.
        """
        dearer = self.large_price - 1
        sent_on = min(1.0, (self.price - 1) / dearer) if dearer > 0 else 1.0
        return self.right + sent_on * (self.large_alone - self.right)
