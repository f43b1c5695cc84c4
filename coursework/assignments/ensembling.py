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
# **You will** fit an ensemble, take its error apart, weigh its members, replace one, and work out what it costs to wait for it, to keep it running, and to pay for it. Then you advise the manager.
#
# **You need** the chapters of the part on ensembling, first of all [*Why crowds win*](../../book/ensembling/why-ensembles-win.ipynb), [*A million dollars and a tie*](../../book/ensembling/the-netflix-prize.ipynb), [*Ten broken, nobody noticed*](../../book/ensembling/error-prone-to-deploy.ipynb) and [*The understudy*](../../book/ensembling/keep-the-gain.ipynb). **It takes** about two hours and twenty minutes; each question says how long it is expected to take.
#
# Replace each `...`, run the cell, then the check below it. A check says what is wrong with an answer. It does not know the right one: it looks whether yours has the properties that a right one must have. What is graded in the end are the values and functions themselves, also on data that you have not seen. **Only this notebook is read**: hand in no other file, and let it need none.

# %%
import math

import numpy as np
import pandas as pd
from scipy.stats import binom
from sklearn.datasets import make_friedman1
from sklearn.ensemble import ExtraTreesRegressor, GradientBoostingRegressor
from sklearn.linear_model import LinearRegression, Ridge
from sklearn.neighbors import KNeighborsRegressor
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import PolynomialFeatures
from sklearn.svm import SVR

from launchlab.classroom import draw_settings, open_assignment
from launchlab.serving import Stragglers

grader, SEED = open_assignment("ensembling")

# %% [markdown]
# **Your town is not the chapters' town.** Its data were drawn for you, and so were its members, its servers and its business. A finding that held in 20 of 20 of the book's worlds was found under the book's assumptions; it may hold under yours, or turn round. Where a question asks for a conclusion, it asks for the one that holds *here*.

# %%
TOWN = draw_settings(
    SEED,
    company=("alike", "unlike"),  # three members of about the same quality, or not
    noise=(1.2, 1.35, 1.5),  # standard deviation of what no model can know
    trees=(8, 12, 50, 60),  # size of the newcomer of question 2
    failure=(0.002, 0.01, 0.04),  # how often a member gives no answer
    promise=(0.02, 0.001, 0.0001),  # how often the whole may give none
    straggling=(0.001, 0.005, 0.01, 0.02),  # how many of a server's answers straggle
    limit=(40.0, 110.0, 150.0),  # p99 within which all must have answered, ms
)
pd.Series(TOWN, name="your town").to_frame()

# %% [markdown]
# Three models, trained on your data. `probe` and `test` hold predictions: a row for each model, a column for each case. The probe cases are there to choose weights by, the test cases to judge by.

# %%
x, y = make_friedman1(n_samples=2_100, noise=TOWN["noise"], random_state=SEED)
MODELS = {
    "alike": [
        ExtraTreesRegressor(n_estimators=60, random_state=0),
        SVR(C=10.0),
        make_pipeline(PolynomialFeatures(2), Ridge()),
    ],
    "unlike": [
        ExtraTreesRegressor(n_estimators=60, random_state=0),
        KNeighborsRegressor(n_neighbors=8),
        LinearRegression(),
    ],
}[TOWN["company"]]


def predicted(model):
    """What a model trained on the first 300 cases predicts for the others."""
    return model.fit(x[:300], y[:300]).predict(x[300:])


everything = np.array([predicted(model) for model in MODELS])
probe, test = everything[:, :600], everything[:, 600:]
probe_target, test_target = y[300:900], y[900:]

# %% [raw]
# # BEGIN QUESTION
# name: q1
# points: 3

# %% [markdown]
# ## 1. What averaging takes away (20 minutes, 3 points)
#
# Write `decompose(predictions, target)`. It returns three numbers: the mean squared error of the plain mean, that of the average member, and the ambiguity. Set `ensemble_error`, `average_error` and `ambiguity` to what it returns for your test cases.
#
# In the miniature Netflix Prize the plain mean of twenty members was worse than the best of them, 20 of 20. Set `pays` to whether the plain mean of *your* three has a smaller error than the best of them, on the test cases.

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


# BEGIN SOLUTION NO PROMPT
parts = decompose(test, test_target)
# END SOLUTION

ensemble_error = parts[0]  # SOLUTION
average_error = parts[1]  # SOLUTION
ambiguity = parts[2]  # SOLUTION
pays = bool(ensemble_error < ((test - test_target) ** 2).mean(axis=1).min())  # SOLUTION

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
def test_the_parts_add_up(ensemble_error, average_error, ambiguity, pays):
    import numpy as np

    assert ensemble_error is not ... and average_error is not ..., "the errors are not set yet"
    assert ambiguity is not ..., "ambiguity is not set yet"
    assert np.isclose(average_error - ambiguity, ensemble_error), "the three do not fit the law"
    assert pays is not ..., "pays is not set yet"
    assert isinstance(pays, bool | np.bool_), (
        f"pays is {pays!r}; True or False is due (bool(...) makes one)"
    )


# %% [raw]
# # END TESTS

# %% [raw]
# # END QUESTION

# %% [raw]
# # BEGIN QUESTION
# name: q2
# points: 6

# %% [markdown]
# ## 2. Weights, and a better member (35 minutes, 6 points)
#
# Write `ridge_weights(predictions, target, penalty)`: the weights $w$ that make $\sum_i (w \cdot p_i - y_i)^2 + \text{penalty} \cdot \lVert w \rVert^2$ least, without an intercept. They solve $(P P^\mathsf{T} + \text{penalty} \cdot I)\, w = P y$, where $P$ is `predictions`.
#
# A fourth member joins: boosted trees, as many as your town's `trees`. Fit weights for the four on the first 300 probe cases for each of `PENALTIES`, and set `best_ridge` to the penalty with the least squared error on the other 300. Set `blend_error` to the mean squared error on the test cases of the blend with `best_ridge`, its weights fitted on *all* probe cases, and `newcomer_weight` to the weight of the fourth member.
#
# Then the newcomer's owner improves it: 120 trees. Alone it is now clearly better. Set `kept_error` to the blend's error on the test cases with the improved member and the *old* weights, and `refit_error` to the error with weights fitted again (same penalty). In the chapter such an upgrade made the stack worse, 20 of 20. Set `upgrade_hurts` to whether it does in your town, with the old weights kept.

# %%
PENALTIES = [0.1, 1.0, 10.0, 100.0, 1_000.0, 10_000.0, 100_000.0]
newcomer, improved = (
    predicted(GradientBoostingRegressor(n_estimators=trees, random_state=0))
    for trees in (TOWN["trees"], 120)
)
four_probe, four_test = (
    np.vstack([three, part]) for three, part in ((probe, newcomer[:600]), (test, newcomer[600:]))
)
improved_probe, improved_test = (
    np.vstack([three, part]) for three, part in ((probe, improved[:600]), (test, improved[600:]))
)

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
    weights = ridge_weights(four_probe[:, :300], probe_target[:300], penalty)
    return ((weights @ four_probe[:, 300:] - probe_target[300:]) ** 2).mean()


# END SOLUTION

best_ridge = min(PENALTIES, key=probe_error)  # SOLUTION
weights = ridge_weights(four_probe, probe_target, best_ridge)  # SOLUTION
blend_error = ((weights @ four_test - test_target) ** 2).mean()  # SOLUTION
newcomer_weight = weights[-1]  # SOLUTION
kept_error = ((weights @ improved_test - test_target) ** 2).mean()  # SOLUTION
refitted = ridge_weights(improved_probe, probe_target, best_ridge)  # SOLUTION
refit_error = ((refitted @ improved_test - test_target) ** 2).mean()  # SOLUTION
upgrade_hurts = bool(kept_error > blend_error)  # SOLUTION

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
def test_the_penalty_is_one_of_those_given(best_ridge, blend_error, newcomer_weight):
    assert best_ridge is not ..., "best_ridge is not set yet"
    assert best_ridge in (0.1, 1.0, 10.0, 100.0, 1_000.0, 10_000.0, 100_000.0), "not in PENALTIES"
    assert blend_error is not ... and newcomer_weight is not ..., "two numbers are not set yet"
    assert blend_error > 0, "errors are positive"


# %%
def test_the_upgrade(kept_error, refit_error, upgrade_hurts):
    assert kept_error is not ... and refit_error is not ..., "the two errors are not set yet"
    assert kept_error > 0 and refit_error > 0, "errors are positive"
    assert upgrade_hurts is not ..., "upgrade_hurts is not set yet"
    assert str(upgrade_hurts) in ("True", "False"), "upgrade_hurts is True or False"


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
#
# Set `never_whole` to how often your blend of four gives no answer when all must answer, at your town's `failure`. Your town has promised to give no answer at most as often as `promise` says. Set `spares` to the least number of members that must be allowed to be missing to keep it (0 to 3).

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


# BEGIN SOLUTION NO PROMPT
FAILURE, PROMISE = TOWN["failure"], TOWN["promise"]
# END SOLUTION

never_whole = strict(4, FAILURE)  # SOLUTION
spares = min(m for m in range(4) if degraded(4, FAILURE, m) <= PROMISE)  # SOLUTION

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


# %%
def test_the_promise(never_whole, spares):
    assert never_whole is not ..., "never_whole is not set yet"
    assert 0 < never_whole < 1, "a probability is due"
    assert spares is not ..., "spares is not set yet"
    assert spares in (0, 1, 2, 3), "0, 1, 2 or 3 members"


# %% [raw]
# # END TESTS

# %% [raw]
# # END QUESTION

# %% [raw]
# # BEGIN QUESTION
# name: q4
# points: 3

# %% [markdown]
# ## 4. How many may be asked? (15 minutes, 3 points)
#
# All members are asked at once, and the answer waits for the last. `Stragglers(share=...).quantile(0.99, members)` is the p99 in milliseconds.
#
# Write `largest_committee(share, limit)`: the largest number of members, from 1 to 50, whose p99 is at most `limit` ms; 0 if even one is too slow. Set `largest` for your servers (`straggling`) and your `limit`. Set `in_time` to whether your blend of four keeps the limit.

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


largest = largest_committee(TOWN["straggling"], TOWN["limit"])  # SOLUTION
in_time = largest >= 4  # SOLUTION

# %% [raw]
# # END SOLUTION

# %% [raw]
# # BEGIN TESTS


# %%
def test_the_largest_keeps_the_limit_and_the_next_does_not(largest, in_time, TOWN):
    from launchlab.serving import Stragglers

    assert largest is not ... and largest is not None, "largest is not set yet"
    server, limit = Stragglers(share=TOWN["straggling"]), TOWN["limit"]
    assert 0 <= largest <= 50, "a number from 0 to 50"
    assert largest == 0 or server.quantile(0.99, largest) <= limit, f"{largest} are too late"
    assert largest == 50 or server.quantile(0.99, largest + 1) > limit, (
        f"{largest + 1} members are in time too"
    )
    assert str(in_time) in ("True", "False"), f"in_time is {in_time!r}; True or False is due"


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
# points: 4

# %% [markdown]
# ## 5. From what size on does it pay? (20 minutes, 4 points)
#
# Write `break_even(value, slower, gain, lost, yearly)`: from how many sessions a year on a better, slower model pays.
# `value` is the margin of an order in dollars, and every session has 0.4 orders; `gain` the share of orders gained before anybody waits; `slower` how much slower it answers, in units of 100 ms; `lost` the *percent* of orders lost for each 100 ms; `yearly` what people and incidents cost a year, in dollars.
#
# The net gain is $(1 + \text{gain}) \cdot (1 - \text{lost}/100)^{\text{slower}} - 1$. Where no size pays, return `math.inf`.
#
# The chapter's ensemble stayed ahead of 200 trees after everybody had waited, 20 of 20 at the table's speed, and at ten million sessions a year it did not pay two people, 19 of 20. For the blend that your town is offered, `OFFER`: set `stays_ahead` to whether its net gain is above 0, `needed` to the sessions a year from which on it pays (or `math.inf`), and `worth_it` to whether your town, with `SESSIONS` a year, has as many.

# %%
OFFER = draw_settings(
    SEED,
    value=(3.0, 6.0),
    slower=(0.5, 4.0),
    gain=(0.004, 0.012, 0.02),
    lost=(0.2, 0.6, 1.0),
    yearly=(90_000.0, 360_000.0),
)
SESSIONS = draw_settings(SEED, sessions=(3e6, 80e6, 800e6))["sessions"]
pd.Series(OFFER | {"sessions a year": SESSIONS}, name="your town's offer").to_frame()

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


needed = break_even(**OFFER)  # SOLUTION
stays_ahead = needed < math.inf  # SOLUTION
worth_it = needed <= SESSIONS  # SOLUTION

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


# %%
def test_the_offer(needed, stays_ahead, worth_it):
    assert needed is not ..., "needed is not set yet"
    assert needed > 0, "a number of sessions, or math.inf"
    assert str(stays_ahead) in ("True", "False"), "stays_ahead is True or False"
    assert str(worth_it) in ("True", "False"), "worth_it is True or False"
    assert stays_ahead or not worth_it, "what is behind pays at no size"


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
# The ML engineers want to ship your blend of four. They have read the chapters and quote them. Advise the manager, in at most 200 words. Say which of the chapters' findings hold in your town and which do not, and which of your town's settings makes the difference; what customers gain and what they lose, with numbers from above; what should happen when a member fails or is replaced; and end with a decision, the number that you trust least, and the size of business at which you would decide differently.
#
# Two points each for: numbers that are yours and right in kind; what holds here and what does not, and why; a decision with its remedy for the risk, that follows from both.

# %% [raw]
# # BEGIN SOLUTION

# %% [markdown]
# Do not ship what is offered. Two findings of the chapters turn round here. The plain mean of our three beats the best of them (3.95 against 4.38), since they are about equally good. And the offer does not stay ahead: it answers 400 ms later, each 100 ms costs 1 % of orders, and 0.4 % more orders do not make up for it. No size of business pays for that. One finding holds: the newcomer's weight is negative (-0.35), and its better successor takes the error from 3.66 to 4.71 until the weights are fitted again (3.40).
#
# Customers would gain accuracy and lose patience. With 2 answers in 100 straggling, the p99 of four is 175 ms; our limit of 40 not even one member keeps. If all four must answer, 15 requests in 100 get nothing. To keep our promise, three may be missing; whoever replaces a member fits the weights again.
#
# So ship the best member alone. I trust the 1 % for 100 ms least, and would measure it by delaying 1 % of customers. Without any waiting the offer would pay from 9.4 million sessions a year on, and we have 800 million.

# %% [raw]
# # END SOLUTION

# %% [raw]
# # END QUESTION
