"""Claims: findings that are computed anew in many simulated worlds and tested.

A claim is a statement, a function of a world's seed that returns an effect, and the band in which
the effect should lie. Its results are a small committed file, made by ``make claims``; the tests
recompute one rotating world of each claim and compare.

The claims of the book themselves are declared in :mod:`launchlab.findings`.
"""

from launchlab.claims.claim import WORLDS, Claim, Effect, Result, Statement, Variant

__all__ = ["WORLDS", "Claim", "Effect", "Result", "Statement", "Variant"]
