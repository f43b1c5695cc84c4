"""Claims: findings that are recomputed in many simulated worlds and tested.

A claim is a statement, a function of a world's seed that returns an effect, and the band in which
the effect should lie. Its results are kept in a small committed file, made by ``make claims``; the
tests recompute one world of each claim, a different one each day, and compare.

The book's own claims are declared in :mod:`launchlab.findings`.
"""

from launchlab.claims.claim import (
    WORLDS,
    Break,
    Claim,
    Coupling,
    Effect,
    Result,
    Statement,
    Variant,
)

__all__ = ["WORLDS", "Break", "Claim", "Coupling", "Effect", "Result", "Statement", "Variant"]
