# %% [raw]
# # ASSIGNMENT CONFIG
# init_cell: false
# export_cell: false
# check_all_cell: false
# run_tests: false
# solutions_pdf: false
# template_pdf: false
# tests:
#   ok_format: false
#   files: true

# %% [markdown]
# # Assignment: the bill for an ensemble
#
# **You will** fit an ensemble, take its error apart, weigh its members, and work out what it costs to wait for it, to keep it running, and to pay for it. Then you advise the manager.
#
# **You need** the chapters of the part on ensembling, first of all {doc}`/book/ensembling/why-ensembles-win`, {doc}`/book/ensembling/the-netflix-prize` and {doc}`/book/ensembling/keep-the-gain`. **It takes** about two hours; each question says how long it is expected to take.
#
# Replace each `...`, run the cell, then the check below it. A check says what is wrong with an answer. It does not know the right one: it looks whether yours has the properties that a right one must have. What is graded in the end are the values and functions themselves, also on data that you have not seen.

# %%
import math

import numpy as np
from scipy.stats import binom
from sklearn.datasets import make_friedman1
from sklearn.ensemble import ExtraTreesRegressor, GradientBoostingRegressor
from sklearn.linear_model import LinearRegression
from sklearn.neighbors import KNeighborsRegressor

from launchlab.classroom import open_assignment
from launchlab.serving import Stragglers

grader, SEED = open_assignment("ensembling")

# %% [markdown]
# Four models of different kinds, trained on your data. `SEED` decides which data those are.
# `predictions` has a row for each model and a column for each test case; `probe_` is the same for cases that are there to choose weights by.

# %%
x, y = make_friedman1(n_samples=900, noise=1.0, random_state=SEED)
models = [
    GradientBoostingRegressor(random_state=0),
    ExtraTreesRegressor(n_estimators=60, random_state=0),
    KNeighborsRegressor(n_neighbors=8),
    LinearRegression(),
]
for model in models:
    model.fit(x[:300], y[:300])
probe_predictions = np.array([model.predict(x[300:600]) for model in models])
probe_target = y[300:600]
predictions = np.array([model.predict(x[600:]) for model in models])
target = y[600:]

# %% [raw]
# # BEGIN QUESTION
# name: q1
# points: 4

# %% [markdown]
# ## 1. What averaging takes away (20 minutes, 4 points)
#
# Write `decompose(predictions, target)`. It returns three numbers: the mean squared error of the plain mean, that of the average member, and the ambiguity.
# Use it for `ensemble_error` on your test data. Then set `pays` to whether the plain mean has a smaller error than the *best* member.

# %% [raw]
# # BEGIN SOLUTION


# %%
def decompose(predictions, target):
    """Error of the mean, error of the average member, ambiguity."""
    # BEGIN SOLUTION
    mean = predictions.mean(axis=0)
    ensemble = ((mean - target) ** 2).mean()
    average = ((predictions - target) ** 2).mean()
    return ensemble, average, ((predictions - mean) ** 2).mean()
    # END SOLUTION


ensemble_error = decompose(predictions, target)[0]  # SOLUTION
pays = bool(ensemble_error < ((predictions - target) ** 2).mean(axis=1).min())  # SOLUTION

# %% [raw]
# # END SOLUTION

# %% [raw]
# # BEGIN TESTS


# %%
def test_decompose_gives_three_numbers(decompose):
    import numpy as np

    found = decompose(np.array([[1.0, 2.0], [5.0, 2.0]]), np.array([2.0, 0.0]))
    assert found is not None and found is not ..., "decompose returns nothing yet"
    assert len(found) == 3, f"decompose returns {len(found)} values; three are due"


# %%
def test_decompose_by_hand(decompose):
    import numpy as np

    found = decompose(np.array([[1.0, 2.0], [5.0, 2.0]]), np.array([2.0, 0.0]))
    assert found is not None and found is not ..., "decompose returns nothing yet"
    ensemble, average, ambiguity = found
    assert not np.isclose(ensemble, average), (
        "the mean's error and the average member's differ here"
    )
    assert np.isclose(average - ambiguity, ensemble), "average - ambiguity is not the mean's error"
    assert np.isclose(ambiguity, 2), "squared, members 1 and 5 lie 4 from their mean; 2 and 2 lie 0"


# %%
def test_pays_is_a_truth_value(pays, ensemble_error):
    import numpy as np

    assert pays is not ..., "pays is not set yet"
    assert isinstance(pays, bool | np.bool_), (
        f"pays is {pays!r}; True or False is due (bool(...) makes one)"
    )
    assert np.isfinite(ensemble_error), "ensemble_error is no number"


# %% [raw]
# # END TESTS

# %% [raw]
# # END QUESTION

# %% [raw]
# # BEGIN QUESTION
# name: q2
# points: 4

# %% [markdown]
# ## 2. Weights instead of a mean (25 minutes, 4 points)
#
# Write `ridge_weights(predictions, target, penalty)`: the weights $w$ that make $\sum_i (w \cdot p_i - y_i)^2 + \text{penalty} \cdot \lVert w \rVert^2$ least, without an intercept. They solve $(P P^\mathsf{T} + \text{penalty} \cdot I)\, w = P y$, where $P$ is `predictions`.
#
# Fit weights on the first 150 probe cases for each of `PENALTIES`, and set `best_ridge` to the penalty with the least squared error on the other 150.
#
# Then look what happens when somebody replaces a member and tells nobody. `blend_error` is the mean squared error on the test data of the blend with `best_ridge`, its weights fitted on *all* 300 probe cases. `stale_error` is the same with the same weights, after the first member's test predictions have been doubled.

# %%
PENALTIES = [0.1, 1.0, 10.0, 100.0, 1_000.0, 10_000.0, 100_000.0]

# %% [raw]
# # BEGIN SOLUTION


# %%
def ridge_weights(predictions, target, penalty):
    """Weights of a ridge blend, one for each member."""
    # BEGIN SOLUTION
    gram = predictions @ predictions.T
    return np.linalg.solve(gram + penalty * np.eye(len(gram)), predictions @ target)
    # END SOLUTION


# BEGIN SOLUTION NO PROMPT
def probe_error(penalty):
    """Squared error on the second half of the probe set."""
    weights = ridge_weights(probe_predictions[:, :150], probe_target[:150], penalty)
    return ((weights @ probe_predictions[:, 150:] - probe_target[150:]) ** 2).mean()


# END SOLUTION

best_ridge = min(PENALTIES, key=probe_error)  # SOLUTION
weights = ridge_weights(probe_predictions, probe_target, best_ridge)  # SOLUTION
blend_error = ((weights @ predictions - target) ** 2).mean()  # SOLUTION
stale = np.vstack([2 * predictions[:1], predictions[1:]])  # SOLUTION
stale_error = ((weights @ stale - target) ** 2).mean()  # SOLUTION

# %% [raw]
# # END SOLUTION

# %% [raw]
# # BEGIN TESTS


# %%
def test_weights_of_one_exact_member(ridge_weights):
    import numpy as np

    line = np.arange(1.0, 9.0)
    found = ridge_weights(np.array([line, np.ones(8)]), 3 * line, 1e-9)
    assert found is not None and found is not ..., "ridge_weights returns nothing yet"
    assert np.shape(found) == (2,), f"two members, so two weights are due, not {np.shape(found)}"
    assert np.allclose(found, [3, 0], atol=1e-4), "a member that is the target but for a factor"


# %%
def test_a_larger_penalty_shrinks(ridge_weights):
    import numpy as np

    line = np.arange(1.0, 9.0)
    sizes = [ridge_weights(np.array([line]), 3 * line, penalty) for penalty in (0.0, 50.0, 500.0)]
    assert all(size is not None and size is not ... for size in sizes), "nothing is returned yet"
    assert np.allclose(sizes[0], 3), "without a penalty the weight is 3"
    assert np.allclose(sizes[1], 3 * 204 / 254), "is the penalty added once, to the diagonal?"


# %%
def test_the_penalty_is_one_of_those_given(best_ridge, stale_error, blend_error):
    assert best_ridge is not ..., "best_ridge is not set yet"
    assert best_ridge in (0.1, 1.0, 10.0, 100.0, 1_000.0, 10_000.0, 100_000.0), "not in PENALTIES"
    assert blend_error is not ... and stale_error is not ..., "the two errors are not set yet"
    assert blend_error > 0 and stale_error > 0, "errors are positive"


# %% [raw]
# # END TESTS

# %% [raw]
# # END QUESTION

# %% [raw]
# # BEGIN QUESTION
# name: q3
# points: 3

# %% [markdown]
# ## 3. How often is there no answer? (20 minutes, 3 points)
#
# Each member fails to answer with probability `failure`, independently of the others.
#
# `strict(members, failure)` is the probability of *no answer* where all must answer. `degraded(members, failure, missing)` is the same where up to `missing` of them may be missing. `scipy.stats.binom` is imported.

# %% [raw]
# # BEGIN SOLUTION


# %%
def strict(members, failure):
    """Probability of no answer when all must answer."""
    # BEGIN SOLUTION
    return 1 - (1 - failure) ** members
    # END SOLUTION


def degraded(members, failure, missing):
    """Probability of no answer when up to so many may be missing."""
    # BEGIN SOLUTION
    return float(binom.sf(missing, members, failure))
    # END SOLUTION


# %% [raw]
# # END SOLUTION

# %% [raw]
# # BEGIN TESTS


# %%
def test_strict(strict):
    import numpy as np

    found = strict(2, 0.1)
    assert found is not None and found is not ..., "strict returns nothing yet"
    assert not np.isclose(found, 0.81), "that is how often there *is* an answer"
    assert not np.isclose(found, 0.2), "both may fail at once, so the two are not just added up"
    assert np.isclose(found, 0.19), "for two members that fail once in ten: 1 - 0.9 * 0.9"


# %%
def test_degraded(strict, degraded):
    import numpy as np

    found = degraded(2, 0.1, 1)
    assert found is not None and found is not ..., "degraded returns nothing yet"
    assert np.isclose(degraded(2, 0.1, 0), strict(2, 0.1)), "nobody missing: the same as strict"
    assert not np.isclose(found, 0.19), "one of the two may be missing"
    assert np.isclose(found, 0.01), "one of two may be missing: no answer only if both fail"


# %% [raw]
# # END TESTS

# %% [raw]
# # END QUESTION

# %% [raw]
# # BEGIN QUESTION
# name: q4
# points: 2

# %% [markdown]
# ## 4. How many may be asked? (15 minutes, 2 points)
#
# All members are asked at once, and the answer waits for the last. `Stragglers(share=...).quantile(0.99, members)` is the p99 in milliseconds.
#
# Write `largest_committee(share, limit)`: the largest number of members, from 1 to 50, whose p99 is at most `limit` ms; 0 if even one is too slow. Set `largest` for your servers and your limit.

# %%
SHARE = 0.004 + 0.001 * (SEED % 4)
LIMIT = 150.0

# %% [raw]
# # BEGIN SOLUTION


# %%
def largest_committee(share, limit):
    """The largest committee, up to 50, whose p99 keeps the limit (ms)."""
    # BEGIN SOLUTION
    server = Stragglers(share=share)
    # The p99 grows with the number of members, so the last in time is the largest.
    return max((n for n in range(1, 51) if server.quantile(0.99, n) <= limit), default=0)
    # END SOLUTION


largest = largest_committee(SHARE, LIMIT)  # SOLUTION

# %% [raw]
# # END SOLUTION

# %% [raw]
# # BEGIN TESTS


# %%
def test_the_largest_keeps_the_limit_and_the_next_does_not(largest, SHARE, LIMIT):
    from launchlab.serving import Stragglers

    assert largest is not ... and largest is not None, "largest is not set yet"
    server = Stragglers(share=SHARE)
    assert server.quantile(0.99, largest) <= LIMIT, f"{largest} members are too late"
    assert server.quantile(0.99, largest + 1) > LIMIT, f"{largest + 1} members are in time too"


# %%
def test_at_its_ends(largest_committee):
    found = largest_committee(0.001, 10_000.0)
    assert found is not None and found is not ..., "largest_committee returns nothing yet"
    assert found == 50, "with a limit of ten seconds all 50 are in time"
    assert largest_committee(0.5, 1.0) == 0, "where even one is too slow, 0 is due"


# %% [raw]
# # END TESTS

# %% [raw]
# # END QUESTION

# %% [raw]
# # BEGIN QUESTION
# name: q5
# points: 3

# %% [markdown]
# ## 5. From what size on does it pay? (15 minutes, 3 points)
#
# Write `break_even(value, slower, gain, lost, yearly)`: from how many sessions a year on a better, slower model pays.
# `value` is the margin of an order in dollars, and every session has 0.4 orders; `gain` the share of orders gained before anybody waits; `slower` how much slower it answers, in units of 100 ms; `lost` the *percent* of orders lost for each 100 ms; `yearly` what people and incidents cost a year, in dollars.
#
# The net gain is $(1 + \text{gain}) \cdot (1 - \text{lost}/100)^{\text{slower}} - 1$. Where no size pays, return `math.inf`.

# %% [raw]
# # BEGIN SOLUTION


# %%
def break_even(value, slower, gain, lost, yearly):
    """Sessions a year from which on it pays; infinite where it never does."""
    # BEGIN SOLUTION
    net = (1 + gain) * (1 - lost / 100) ** slower - 1
    per_session = 0.4 * value * net
    return yearly / per_session if per_session > 0 else math.inf
    # END SOLUTION


# %% [raw]
# # END SOLUTION

# %% [raw]
# # BEGIN TESTS


# %%
def test_without_waiting(break_even):
    import numpy as np

    found = break_even(5.0, 0.0, 0.01, 0.5, 100_000.0)
    assert found is not None and found is not ..., "break_even returns nothing yet"
    assert not np.isclose(found, 2_000_000), "a session has 0.4 orders, not one"
    assert np.isclose(found, 5_000_000), "0.4 orders at $5, 1 % more: 2 cents a session"


# %%
def test_waiting_costs(break_even):
    quick = break_even(5.0, 0.0, 0.01, 0.5, 100_000.0)
    slow = break_even(5.0, 1.0, 0.01, 0.5, 100_000.0)
    assert slow is not None and slow is not ..., "break_even returns nothing yet"
    assert slow > quick, "who waits orders less, so a larger business is needed"
    assert slow < 3 * quick, "is lost a percentage? 0.5 means 0.5 %, not a half"


# %%
def test_never(break_even):
    import math

    found = break_even(5.0, 10.0, 0.001, 0.5, 100_000.0)
    assert found is not None and found is not ..., "break_even returns nothing yet"
    assert found == math.inf, f"waiting costs more than the gain, so no size pays; found {found}"


# %% [raw]
# # END TESTS

# %% [raw]
# # END QUESTION

# %% [raw]
# # BEGIN QUESTION
# name: q6
# points: 6
# manual: true

# %% [markdown]
# ## 6. A memo to the manager (30 minutes, 6 points)
#
# The ML engineers want to ship a blend of your four models. Advise the manager, in at most 200 words. Say what customers gain and what they lose, with numbers from above; name the one number that you trust least, and how you would measure it; say what should happen when a member fails or is replaced; and end with a decision and the size of business at which you would change it.
#
# Two points each for: numbers that are yours and right in kind; a risk named with its remedy; a decision that follows from both.

# %% [raw]
# # BEGIN SOLUTION

# %% [markdown]
# Ship the gradient boosting model alone, for now. The blend's error is lower than its best member's, but only by a few percent. What that brings in orders we have not measured: it is the number I trust least, and a test on 1 % of customers for two weeks would tell.
#
# Asked at once, the four wait for the slowest. With one answer in two hundred straggling that keeps our limit of 150 ms. If all four must answer, and each fails once in a hundred requests, four requests in a hundred get nothing; so a blend must be able to do without one member, and we would need to see at once when one falls silent. Whoever replaces a member fits the weights again: doubling one member's output, unannounced, made the blend far worse.
#
# Two more people cost $360,000 a year. At 1 % more orders, no slower, with $5 an order, that takes 18 million sessions a year. We have 3 million. Above 18 million, with the gain confirmed, I would ship it.

# %% [raw]
# # END SOLUTION

# %% [raw]
# # END QUESTION
