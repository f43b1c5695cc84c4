"""A prize in miniature: a Ladder shows scores on a quiz half, and a test half decides.

As in the Netflix Prize, the held-back ratings are split in two at random. Teams see a score on the
quiz half; the prize is decided on the test half.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from launchlab.leaderboard import ladder_of_scores
from launchlab.ratings.blend import Moments, plain_mean, ridge_blend
from launchlab.ratings.members import Crew

MARGIN = 0.002
"""By so many stars of RMSE a submission must beat the leader to move the board."""


def halves(crew: Crew) -> tuple[Moments, Moments]:
    """Moments of the quiz and test halves of a crew's test ratings, which are in random order."""
    half = len(crew.test_y) // 2
    quiz = Moments.of(crew.test[:half], crew.test_y[:half])
    return quiz, Moments.of(crew.test[half:], crew.test_y[half:])


class Prize:
    """A board to which a few blends of members can be submitted.

    Weights are fitted on the probe set. After a submission the board shows what a Ladder shows: the
    new score, rounded to the margin, if it beats the leader by more than the margin; otherwise the
    old one.

    Parameters
    ----------
    names : sequence of str
        The members' names.
    probe, quiz, test : Moments
        Moments of the probe set and of the two halves, for the members in the order of ``names``.
    most : int
        Number of submissions allowed.
    margin : float
        Margin of the Ladder, stars of RMSE.

    Examples
    --------
    >>> from launchlab.ratings import member_moments, member_table
    >>> board = Prize(member_table().index, *map(member_moments, ("probe", "quiz", "test")))
    >>> shown = board.submit(["ALS 5"])
    >>> board.submissions["leads"].tolist()
    [True]
    """

    def __init__(
        self,
        names: Sequence[str],
        probe: Moments,
        quiz: Moments,
        test: Moments,
        *,
        most: int = 10,
        margin: float = MARGIN,
    ) -> None:
        self.names = tuple(names)
        for part, moments in (("probe", probe), ("quiz", quiz), ("test", test)):
            if moments.members != len(self.names):
                raise ValueError(
                    f"{part}: {moments.members} members, expected the {len(self.names)} named"
                )
        self._probe, self._quiz, self._test = probe, quiz, test
        self.most, self.margin = most, margin
        self._members: list[tuple[str, ...]] = []
        self._quiz_rmse: list[float] = []
        self._test_rmse: list[float] = []
        self._closed = False

    def submit(self, members: Sequence[str], *, plain: bool = False) -> float:
        """Submit a blend.

        Parameters
        ----------
        members : sequence of str
        plain : bool
            Whether to submit the plain mean instead of the ridge blend.

        Returns
        -------
        float
            What the board shows now: the leader's RMSE on the quiz half, rounded to the margin.

        Raises
        ------
        ValueError
            For an unknown or repeated member, or no members at all.
        RuntimeError
            When all submissions are used up, or the board is closed.
        """
        if self._closed:
            raise RuntimeError("the board is closed, expected no submission after reveal()")
        if len(self._members) >= self.most:
            raise RuntimeError(f"all {self.most} submissions are used, expected no more")
        unknown = [name for name in members if name not in self.names]
        if unknown or not members or len(set(members)) < len(members):
            raise ValueError(
                f"members={list(members)!r}, expected distinct names of {', '.join(self.names)}"
            )
        places = [self.names.index(name) for name in members]
        blend = plain_mean(len(self.names), places) if plain else ridge_blend(self._probe, places)
        self._members.append(tuple(members))
        self._quiz_rmse.append(self._quiz.rmse(blend))
        self._test_rmse.append(self._test.rmse(blend))
        return float(self.submissions["shown"].iloc[-1])

    @property
    def submissions(self) -> pd.DataFrame:
        """What everyone may see: ``members`` (how many), ``shown`` RMSE, ``leads``."""
        board = ladder_of_scores(-np.array(self._quiz_rmse), self.margin)
        return pd.DataFrame(
            {
                "members": [len(members) for members in self._members],
                "shown": -board.shown,
                "leads": board.leader == np.arange(len(self._members)),
            }
        )

    def reveal(self) -> pd.DataFrame:
        """Close the board and show everything.

        Returns
        -------
        DataFrame
            As ``submissions``, with the RMSE of each on the ``quiz`` and the ``test`` half.
        """
        self._closed = True
        return self.submissions.assign(quiz=self._quiz_rmse, test=self._test_rmse)


def flattery(probe: Moments, quiz: Moments, test: Moments, chosen: Sequence[int]) -> float:
    """How much fitting a blend's weights on the quiz half flatters it, stars of RMSE.

    The quiz half may simply be easier, so a blend fitted on the probe set, which has seen neither
    half, measures how far apart the halves are.

    Parameters
    ----------
    probe, quiz, test : Moments
        Moments of the probe set and of the two halves.
    chosen : sequence of int
        Members of the blend.

    Returns
    -------
    float
        Positive if the quiz score promises more than the test score holds.
    """
    honest, greedy = ridge_blend(probe, chosen), ridge_blend(quiz, chosen)
    return (quiz.rmse(honest) - quiz.rmse(greedy)) - (test.rmse(honest) - test.rmse(greedy))


def best_of_random(
    probe: Moments, quiz: Moments, test: Moments, *, tries: int, members: int, seed: int
) -> float:
    """How much the quiz half flatters the best of many random subsets, stars of RMSE.

    Weights are fitted on the probe set; only the choice is made on the quiz half. The mean over all
    tries measures how far apart the halves are.

    Parameters
    ----------
    probe, quiz, test : Moments
        Moments of the probe set and of the two halves.
    tries : int
        Number of submissions.
    members : int
        Size of each subset.
    seed : int

    Returns
    -------
    float
        Positive if the quiz score promises more than the test score holds.
    """
    rng = np.random.default_rng([seed, 45])
    subsets = [rng.choice(probe.members, members, replace=False).tolist() for _ in range(tries)]
    blends = [ridge_blend(probe, subset) for subset in subsets]
    on_quiz = np.array([quiz.rmse(blend) for blend in blends])
    on_test = np.array([test.rmse(blend) for blend in blends])
    best = int(np.argmin(on_quiz))
    return float((on_quiz.mean() - on_quiz[best]) - (on_test.mean() - on_test[best]))
