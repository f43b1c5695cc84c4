"""What several calls of one model buy, and what they cost: exact arithmetic, no model at hand.

A language model is asked for an answer, and every *call* is paid for and waited for. Calls can vote
(`majority`), a checker can pick one of them (`picked`), a small model can go first (`Cascade`), and
one call can build on another (`chain`).
"""

from launchlab.calls.cascade import Cascade
from launchlab.calls.chains import chain, checked
from launchlab.calls.picking import ceiling, coverage, picked
from launchlab.calls.voting import effective_votes, majority

__all__ = [
    "Cascade",
    "ceiling",
    "chain",
    "checked",
    "coverage",
    "effective_votes",
    "majority",
    "picked",
]
