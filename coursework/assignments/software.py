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
# # Assignment: nothing crashed
#
# **You will** find what a server computes differently from the trainer, repair it, and say what it cost; write the gates that a release has to pass; meet a score that is too good; work out how small a loss a canary can see; and find the fewest gates that stop what can be stopped. Then you advise infrastructure.
#
# **You need** the chapters of the part on the release, first of all [*The same feature twice*](../../book/software/the-same-feature-twice.ipynb) (*skew*, *leak*) and [*Nineteen faults, eight gates*](../../book/software/nineteen-faults-eight-gates.ipynb) (*gate*, *canary*); for the behaviour of a model, [*Tests without answers*](../../book/software/tests-without-answers.ipynb). **It takes** about three hours; each question says how long it is expected to take.
#
# Replace each `...`, run the cell, then the check below it. A check says what is wrong with an answer. It does not know the right one: it looks whether yours has the properties that a right one must have. What is graded in the end are the values and functions themselves, also on releases that you have not seen: `fresh.skews(1)`, `fresh.broken(1)`, `fresh.weeks(1)`, `fresh.models(1)` and `fresh.tables(1)` draw some to try yours on, and the grader draws with another number. **Only this notebook is read**: hand in no other file, and let it need none.

# %%
import itertools
import math

import numpy as np
import pandas as pd
from scipy.stats import norm

from launchlab.classroom import draw_settings, open_assignment
from launchlab.market import FEATURES, Couplings, Scores, evaluate, popularity_score, settle_bids
from launchlab.software import fresh
from launchlab.software.columns import COLUMN, with_column
from launchlab.software.handover import clean_model, make_release, retrained_scores, week_before
from launchlab.software.judged import orders
from launchlab.software.learning import chances, order_model
from launchlab.software.town import make_town

grader, SEED = open_assignment("software")

# %% [markdown]
# **Your town is not the chapters' town.** Its customers were drawn for you, and so were what is assumed about it, the model that it ships, and what goes wrong there. A finding that held in 20 of 20 of the book's towns was found under the book's assumptions; it may hold under yours, or turn round. Where a question asks for a conclusion, it asks for the one that holds *here*.

# %%
ASSUMPTIONS = draw_settings(
    SEED,
    ad_quality=(-0.6, 0.3),  # how advertising goes with good food (a correlation)
    price_quality=(0.0, 0.35, 0.7),  # how a high price does
)
EXPLORED = draw_settings(SEED, temperature=(0.7, 2.0))["temperature"]  # noise of the past policy
MODEL = draw_settings(SEED, model=("logistic", "hgb50", "hgb50"))["model"]
LEAK = draw_settings(SEED, leak=(0.3, 1.0, 1.0))["leak"]  # share of orders that question 3 leaks
CANARY = draw_settings(SEED, canary=(1_000, 100_000))["canary"]  # sessions
pd.DataFrame(
    {
        "your town": ASSUMPTIONS
        | {"temperature": EXPLORED, "model": MODEL, "leak": LEAK, "canary": CANARY},
        "the book's towns": {name: getattr(Couplings(), name) for name in ASSUMPTIONS}
        | {"temperature": 0.7, "model": "hgb50", "leak": 1.0, "canary": 10_000},
    }
)

# %% [markdown]
# `trainer` holds the rows that the trainer's code makes of 800 sessions, thirty restaurants each, and `server` the rows that the server made of the same ones and fed to the model. A column for each of `FEATURES`; `COLUMN[name]` says where one stands. `with_column(rows, name, values)` returns rows with other values in one column. `brings(kind, rows)` are the orders per 1,000 sessions when a model is fed these rows, by the simulator's truth, and `ads(rows)` the dollars of ads for your town's model, with bids as they are today: advertisers have not yet seen what they get.

# %%
town = make_town(
    SEED,
    Couplings(**ASSUMPTIONS),
    n_logged=3_000,
    n_held_out=2_000,
    n_served=800,
    temperature=EXPLORED,
)
trainer = town.served.rows
server = fresh.server_rows(trainer, SEED)
clicks = order_model(MODEL, town.shown.rows, town.logs.clicked)


def brings(kind, rows):
    """Orders per 1,000 sessions when a model, "logistic" or "hgb50", is fed these rows."""
    found = chances(clean_model(town, kind), rows, town.served.shape)
    return 1_000 * float(orders(town.sessions, found).mean())


def scores(rows):
    """What your town's model says of orders and clicks when it is fed these rows."""
    shape = town.served.shape
    return Scores(chances(clean_model(town, MODEL), rows, shape), chances(clicks, rows, shape))


BIDS = settle_bids(town.sessions, scores(trainer))


def ads(rows):
    """Dollars of ads per 1,000 sessions when your town's model is fed these rows."""
    return evaluate(town.sessions, scores(rows), bids=BIDS).ad_revenue


pd.DataFrame({"trainer": trainer[0], "server": server[0]}, index=FEATURES).round(2)

# %% [raw]
# # BEGIN QUESTION
# name: q1
# points: 6

# %% [markdown]
# ## 1. The same feature twice (35 minutes, 6 points)
#
# Two teams wrote the same features, once for training and once for serving. Write `skewed(trainer, server)`. It returns a dictionary: for each column that the two compute differently its name, and a pair of numbers `(factor, shift)` such that the server's values are `factor` times the trainer's plus `shift`, to within a thousandth. It is empty where the two agree.
#
# Write `mend(rows, found)`: given rows of a server and such a dictionary, it returns the rows as the trainer would have made them, and leaves the given ones as they are.
#
# Set `faults_here` to what your `skewed` finds in your town, and `lost` to how many percent of its orders your town loses while `MODEL` is fed `server` in place of `trainer`.
#
# Two findings to look at again. Where minutes became seconds, trees lost 10 % of the book's orders and a logistic regression 48 %: trees hide a fault that breaks a straight line. Set `trees_lose_less` to whether `"hgb50"` loses a smaller share of its orders than `"logistic"` under *your* server's rows. And sales saw a success, for ads rose in 18 of 20 towns. Set `ads_rise` to whether they do in yours.

# %% [raw]
# # BEGIN SOLUTION


# %%
def skewed(trainer, server):
    """Name of each column that differs to the factor and the shift of the server."""
    # BEGIN SOLUTION
    found = {}
    for name, column in COLUMN.items():
        right, other = trainer[:, column].astype(float), server[:, column].astype(float)
        if not np.allclose(right, other, rtol=1e-5, atol=1e-5):
            factor, shift = np.polyfit(right, other, 1)
            found[name] = (float(factor), float(shift))
    return found
    # END SOLUTION


def mend(rows, found):
    """The rows as the trainer would have made them."""
    # BEGIN SOLUTION
    for name, (factor, shift) in found.items():
        rows = with_column(rows, name, (rows[:, COLUMN[name]] - shift) / factor)
    return rows
    # END SOLUTION


# BEGIN SOLUTION NO PROMPT
loss = {
    kind: 100 * (1 - brings(kind, server) / brings(kind, trainer)) for kind in ("logistic", "hgb50")
}
# END SOLUTION

faults_here = skewed(trainer, server)  # SOLUTION
lost = loss[MODEL]  # SOLUTION
trees_lose_less = loss["hgb50"] < loss["logistic"]  # SOLUTION
ads_rise = bool(ads(server) > ads(trainer))  # SOLUTION

# %% [raw]
# # END SOLUTION

# %% [raw]
# # BEGIN TESTS


# %%
def test_skewed_finds_nothing_where_nothing_is(skewed, trainer):
    found = skewed(trainer, trainer.copy())
    assert found is not None and found is not ..., "skewed returns nothing yet"
    assert isinstance(found, dict), f"a dictionary is due, not a {type(found).__name__}"
    assert found == {}, "where both compute the same, the dictionary is empty"


# %%
def test_skewed_by_hand(skewed, trainer):
    import numpy as np

    from launchlab.software.columns import with_column

    other = with_column(trainer, "rating", 20 * trainer[:, 3] - 5)
    found = skewed(trainer, other)
    assert found is not None and found is not ..., "skewed returns nothing yet"
    assert set(found) == {"rating"}, f"only the rating was changed, and you name {sorted(found)}"
    pair = found["rating"]
    assert np.shape(pair) == (2,), "a pair of numbers is due: factor and shift"
    assert not np.isclose(pair[0], 1 / 20), "from the trainer's to the server's; turned round?"
    assert np.allclose(pair, (20, -5), rtol=1e-3, atol=1e-2), (
        "stars that became 20 times as many, less 5, have the factor 20 and the shift -5"
    )


# %%
def test_mend(mend, trainer):
    import numpy as np

    from launchlab.software.columns import with_column

    other = with_column(trainer, "rating", 20 * trainer[:, 3] - 5)
    before = other.copy()
    found = mend(other, {"rating": (20.0, -5.0)})
    assert found is not None and found is not ..., "mend returns nothing yet"
    assert np.array_equal(other, before), "mend changed the rows that it was given; copy them"
    assert np.shape(found) == np.shape(trainer), "rows of the same shape are due"
    assert np.allclose(found, trainer, rtol=1e-4, atol=1e-4), (
        "20 times the stars less 5 come back as other stars; first undo the shift, then the factor"
    )


# %%
def test_the_town_is_mended(faults_here, lost, mend, brings, trainer, server, MODEL):
    import numpy as np

    assert faults_here is not ..., "faults_here is not set yet"
    assert isinstance(faults_here, dict), "faults_here is what your skewed returns, a dictionary"
    assert len(faults_here) == 2, "your town's server computes two columns differently"
    assert np.allclose(mend(server, faults_here), trainer, rtol=1e-3, atol=1e-2), (
        "mended by what you found, the server's rows are not yet the trainer's"
    )
    assert lost is not ..., "lost is not set yet"
    whole = brings(MODEL, trainer)
    assert not np.isclose(100 * lost, 100 * (1 - brings(MODEL, server) / whole)) or lost == 0, (
        "that looks like a share; percent are due"
    )
    assert np.isclose(whole * (1 - lost / 100), brings(MODEL, server), rtol=1e-3), (
        "without that share of its orders your town does not have those that the server's rows "
        "bring; is the sign turned, or is it percent of the wrong one?"
    )


# %%
def test_the_two_findings(trees_lose_less, ads_rise):
    assert trees_lose_less is not ..., "trees_lose_less is not set yet"
    assert str(trees_lose_less) in ("True", "False"), "trees_lose_less is True or False"
    assert ads_rise is not ..., "ads_rise is not set yet"
    assert str(ads_rise) in ("True", "False"), "ads_rise is True or False"


# %% [raw]
# # END TESTS

# %% [raw]
# # END QUESTION

# %% [raw]
# # BEGIN QUESTION
# name: q2
# points: 5

# %% [markdown]
# ## 2. Three gates (40 minutes, 5 points)
#
# A gate looks at a release and stops it, or lets it pass.
#
# **The schema.** Write `outside(rows)`: the sorted list of the names of all columns with a value that is missing (NaN) or outside the range that `RANGES` gives, whose ends are allowed.
#
# **The distribution.** Write `psi(before, after)`, the population stability index of one column. Cut at the nine deciles of `before`, `np.quantile(before, DECILES)`, equal ones once. Count which share of `before` and which of `after` falls between the cuts; a value that equals a cut belongs to what is above it, and a share below 0.0001 counts as 0.0001. The index is the sum of (share after - share before) x log(share after / share before).
#
# **The behaviour.** Nobody knows the right chance of an order, but which way it has to move. `NUDGES` says how a column is nudged, and whether more orders are due (1) or fewer (-1). `ask(rows)` returns the chances that a release gives for rows. Write `unmoved(ask, rows)`: the sorted list of the columns where the *mean* chance of nudged rows is not at least 3 % above (or below) the mean chance of `rows`.
#
# The first use of the index that comes to mind is to compare what the model learnt from, `town.shown.rows`, with what it is served, `trainer`. Set `naive_psi` to the largest index of all columns but the last, `log_position`. In the book's towns it was above 0.2, where the gate of *Nineteen faults, eight gates* rings, for every clean release, since the past policy had chosen what was logged. Set `naive_alarm` to whether it is in yours. (Whoever compares serving with last week's serving is not misled.)

# %%
RANGES = {
    "distance": (0, 50),
    "eta": (5, 180),
    "price": (3, 200),
    "rating": (1, 5),
    "log_n_ratings": (0, 12),
    "cuisine_share": (0, 1),
    "hour": (0, 23),
    "rain": (0, 1),
    "chain": (0, 1),
    "badge": (-6, 6),
    "ordered_before": (0, 1),
    "sponsored": (0, 1),
    "spend": (3, 200),
    "log_position": (0, 2.1),
}
DECILES = np.arange(1, 10) / 10
NUDGES = {
    "eta": (lambda minutes: minutes + 15, -1),
    "rating": (lambda stars: np.minimum(stars + 1, 5), 1),
    "cuisine_share": (lambda share: np.minimum(share + 0.3, 1), 1),
    "ordered_before": (lambda before: np.ones_like(before), 1),
}

# %% [raw]
# # BEGIN SOLUTION


# %%
def outside(rows):
    """Names of the columns with a value that is missing or out of range."""
    # BEGIN SOLUTION
    found = []
    for name, (low, high) in RANGES.items():
        column = rows[:, COLUMN[name]]
        if not ((column >= low) & (column <= high)).all():
            found.append(name)
    return sorted(found)
    # END SOLUTION


def psi(before, after):
    """Population stability index of one column."""
    # BEGIN SOLUTION
    cuts = np.unique(np.quantile(before, DECILES))
    counts = [
        np.bincount(np.digitize(values, cuts), minlength=len(cuts) + 1)
        for values in (before, after)
    ]
    old, new = (np.maximum(count / count.sum(), 1e-4) for count in counts)
    return float(((new - old) * np.log(new / old)).sum())
    # END SOLUTION


def unmoved(ask, rows):
    """Names of the columns whose nudge does not move the mean chance the right way."""
    # BEGIN SOLUTION
    found, before = [], ask(rows).mean()
    for name, (nudged, sign) in NUDGES.items():
        after = ask(with_column(rows, name, nudged(rows[:, COLUMN[name]]))).mean()
        if sign * (after / before - 1) < 0.03:
            found.append(name)
    return sorted(found)
    # END SOLUTION


naive_psi = max(psi(town.shown.rows[:, c], trainer[:, c]) for c in range(13))  # SOLUTION
naive_alarm = naive_psi > 0.2  # SOLUTION

# %% [raw]
# # END SOLUTION

# %% [raw]
# # BEGIN TESTS


# %%
def test_outside(outside, trainer):
    import numpy as np

    from launchlab.software.columns import with_column

    found = outside(trainer)
    assert found is not None and found is not ..., "outside returns nothing yet"
    assert list(found) == [], "the trainer's rows are all in range: an empty list is due"
    ends = with_column(with_column(trainer, "rating", 5.0), "cuisine_share", 0.0)
    assert list(outside(ends)) == [], "5 stars and a share of 0 are allowed: the ends are in range"
    broken = trainer.copy()
    broken[7, 0] = np.nan
    assert list(outside(broken)) == ["distance"], (
        "a distance is missing (NaN), which is neither below the range nor above it"
    )
    broken[8, 2], broken[9, 1] = -1.0, 1_000.0
    assert list(outside(broken)) == ["distance", "eta", "price"], (
        "three columns have one value each that must not be there; their names are due, sorted"
    )


# %%
def test_psi_by_hand(psi):
    import numpy as np

    flag = np.array([0.0] * 6 + [1.0] * 4)
    moved = np.array([0.0] * 4 + [1.0] * 6)
    found = psi(flag, flag)
    assert found is not None and found is not ..., "psi returns nothing yet"
    assert np.isclose(found, 0), "what has not moved has an index of 0"
    due = 2 * 0.2 * np.log(1.5)
    assert np.isclose(psi(flag, moved), due, rtol=1e-3), (
        f"from 40 % to 60 % of ones the index is {due:.3f}, and you say {psi(flag, moved):.3f}; "
        "is a value that equals a cut above it, and are equal cuts there once?"
    )
    none = psi(flag, np.zeros(10))
    assert np.isfinite(none), "where nothing is left in a bin, the share counts as 0.0001"
    assert np.isclose(none, 0.4 * np.log(1 / 0.6) + 0.3999 * np.log(0.4 / 1e-4), rtol=1e-3), (
        "a share below 0.0001 counts as 0.0001"
    )


# %%
def test_psi_cuts_at_deciles_of_before(psi):
    import numpy as np

    even = np.arange(1_000.0)
    found = psi(even, even + 100)
    assert found is not None and found is not ..., "psi returns nothing yet"
    due = (0.1 - 1e-4) * np.log(0.1 / 1e-4) + 0.1 * np.log(2)
    assert np.isclose(found, due, rtol=0.02), (
        "where everything moves up by a tenth, the lowest bin is empty and the highest twice as "
        "full; are the cuts the nine deciles of before, with what lies beyond them counted too?"
    )


# %%
def test_unmoved(unmoved, trainer):
    import numpy as np

    rows = trainer[:600]

    def heeds_all(rows):
        minutes, stars, share, again = (rows[:, c].astype(float) for c in (1, 3, 5, 10))
        return 1 / (1 + np.exp(3 + 0.04 * minutes - 0.5 * stars - 2 * share - again))

    found = unmoved(heeds_all, rows)
    assert found is not None and found is not ..., "unmoved returns nothing yet"
    assert list(found) == [], (
        "this model heeds all four, each the right way; is fewer due where minutes are added, and "
        "is it the mean that has to move by 3 %?"
    )
    assert list(unmoved(lambda rows: np.full(len(rows), 0.1), rows)) == sorted(
        ["eta", "rating", "cuisine_share", "ordered_before"]
    ), "a model that says 0.1 of everything heeds no nudge: all four names are due, sorted"
    assert list(unmoved(lambda rows: 1 - heeds_all(rows) / 2, rows)) == sorted(
        ["eta", "rating", "cuisine_share", "ordered_before"]
    ), "a model that moves the wrong way must not pass"


# %%
def test_the_naive_comparison(naive_psi, naive_alarm, psi, town, trainer):
    assert naive_psi is not ..., "naive_psi is not set yet"
    each = [psi(town.shown.rows[:, c], trainer[:, c]) for c in range(13)]
    assert naive_psi >= max(each) - 1e-9, "another column has a larger index by your own psi"
    assert naive_psi <= max(each) + 1e-9, (
        "no column has so large an index by your own psi; is before what was learnt from, and is "
        "the last column, log_position, left out?"
    )
    assert naive_alarm is not ..., "naive_alarm is not set yet"
    assert str(naive_alarm) in ("True", "False"), "naive_alarm is True or False"


# %% [raw]
# # END TESTS

# %% [raw]
# # END QUESTION

# %% [raw]
# # BEGIN QUESTION
# name: q3
# points: 4

# %% [markdown]
# ## 3. A score that is too good (20 minutes, 4 points)
#
# The offline gate looks at a release's AUC on a held-out log. Write `alarm(score, others)`: `others` is a list of the scores of clean releases. It returns `"low"` where `score` is more than three standard deviations below their mean, `"high"` where it is more than three above, and `""` in between. The standard deviation divides by n - 1, and counts as at least 0.005, since a few releases may agree by chance.
#
# In `leaky`, a column has slipped in that says whether a courier was assigned, which happens only after an order. In training it is filled in for the share `LEAK` of the orders, live it never is. `leaky.auc` is its offline score, `leaky.orders` what it brings per 1,000 sessions. So for `clean`, the release without the leak; `clean_scores` are the offline scores of several such.
#
# Set `gained` to how much the leak adds to the offline score, and `leak_lost` to how many percent of the clean release's orders are lost by it (below 0 where they rise). In the book a full leak was worse than having no model at all. Set `worse_than_none` to whether `leaky` brings fewer orders than `POPULARITY`, the list that your town showed before it had a model.

# %%
clean_scores = retrained_scores(town, MODEL)
clean = make_release(town, "clean", MODEL)
leaky = make_release(town, "leak", MODEL, LEAK)
POPULARITY = 1_000 * float(orders(town.sessions, popularity_score(town.sessions)).mean())

# %% [raw]
# # BEGIN SOLUTION


# %%
def alarm(score, others):
    """Whether an offline score is too low, too high, or neither."""
    # BEGIN SOLUTION
    deviation = max(np.std(others, ddof=1), 0.005)
    away = (score - np.mean(others)) / deviation
    return "low" if away < -3 else "high" if away > 3 else ""
    # END SOLUTION


gained = leaky.auc - clean.auc  # SOLUTION
leak_lost = 100 * (1 - leaky.orders / clean.orders)  # SOLUTION
worse_than_none = leaky.orders < POPULARITY  # SOLUTION

# %% [raw]
# # END SOLUTION

# %% [raw]
# # BEGIN TESTS


# %%
def test_alarm(alarm):
    scores = [0.70, 0.72, 0.74]
    found = alarm(0.72, scores)
    assert found is not None and found is not ..., "alarm returns nothing yet"
    assert found == "", 'a score like the others raises no alarm: "" is due'
    assert alarm(0.65, scores) == "low", (
        'their mean is 0.72 and their standard deviation 0.02: 0.65 is more than three below, "low"'
    )
    assert alarm(0.79, scores) == "high", "a score can be too good: 0.79 is more than three above"
    assert alarm(0.775, scores) == "", (
        "their standard deviation is 0.02, not 0.016: it divides by n - 1"
    )
    assert alarm(0.71, [0.7, 0.7001, 0.6999]) == "", (
        "three that agree by chance must not make 0.71 an alarm: at least 0.005 counts"
    )


# %%
def test_the_leak(gained, leak_lost, leaky, clean):
    import numpy as np

    assert gained is not ..., "gained is not set yet"
    assert gained > 0, "the leak raises the score; is the sign turned?"
    assert np.isclose(clean.auc + gained, leaky.auc), "added to the clean score that is another"
    assert leak_lost is not ..., "leak_lost is not set yet"
    assert np.isclose(clean.orders * (1 - leak_lost / 100), leaky.orders), (
        "without that share of its orders the clean release does not bring what the leaky one does"
    )


# %%
def test_worse_than_none(worse_than_none):
    assert worse_than_none is not ..., "worse_than_none is not set yet"
    assert str(worse_than_none) in ("True", "False"), "worse_than_none is True or False"


# %% [raw]
# # END TESTS

# %% [raw]
# # END QUESTION

# %% [raw]
# # BEGIN QUESTION
# name: q4
# points: 3

# %% [markdown]
# ## 4. What a canary can see (25 minutes, 3 points)
#
# A canary gives `n` sessions to the new release while four times as many stay with the old one. With shares of sessions that order of `before` (old) and `after` (new), the difference after - before has about a normal distribution, with variance `before (1 - before) / (4 n) + after (1 - after) / n`. The canary stops a release when the difference is more than 1.645 standard deviations below 0, which a harmless one does once in twenty.
#
# Write `power(before, after, n)`: how often the canary stops the release. And `least_loss(before, n)`: the smallest loss, in percent of `before`, that it stops four times in five; 100 where even a release without any order is stopped less often.
#
# Your canary has `CANARY` sessions. Set `least_here` to the smallest loss that it stops four times in five in your town, where a clean release brings `clean.orders` per 1,000 sessions; and `canary_sees` to whether that is enough to stop the skew of question 1 four times in five, with `MODEL`.

# %% [raw]
# # BEGIN SOLUTION


# %%
def power(before, after, n):
    """How often a canary of n sessions stops a release."""
    # BEGIN SOLUTION
    deviation = math.sqrt(before * (1 - before) / (4 * n) + after * (1 - after) / n)
    return float(norm.cdf(-1.645 - (after - before) / deviation))
    # END SOLUTION


def least_loss(before, n):
    """The smallest loss, in percent of before, that it stops four times in five."""
    # BEGIN SOLUTION
    if power(before, 0.0, n) < 0.8:
        return 100.0
    low, high = 0.0, 100.0
    for _ in range(60):
        middle = (low + high) / 2
        if power(before, before * (1 - middle / 100), n) < 0.8:
            low = middle
        else:
            high = middle
    return high
    # END SOLUTION


least_here = least_loss(clean.orders / 1_000, CANARY)  # SOLUTION
canary_sees = lost >= least_here  # SOLUTION

# %% [raw]
# # END SOLUTION

# %% [raw]
# # BEGIN TESTS


# %%
def test_power(power):
    import numpy as np

    found = power(0.25, 0.25, 1_000)
    assert found is not None and found is not ..., "power returns nothing yet"
    assert abs(found - 0.05) < 1e-3, "a release like the old one is stopped once in twenty"
    assert power(0.25, 0.30, 1_000) < 0.05, "a better release is stopped more rarely; sign turned?"
    assert power(0.25, 0.20, 1_000) > 0.05, "a worse release is stopped more often"
    found = power(0.25, 0.22, 1_000)
    assert np.isclose(found, 0.6497, atol=2e-3), (
        f"from 0.25 to 0.22, with 1,000 sessions against 4,000, it is 0.650, and you say "
        f"{found:.3f}; do four times as many stay with the old release?"
    )


# %%
def test_least_loss(least_loss, power):
    found = least_loss(0.25, 1_000)
    assert found is not None and found is not ..., "least_loss returns nothing yet"
    assert 0 < found < 100, f"percent between 0 and 100 are due, not {found!r}"
    for before, n in ((0.25, 1_000), (0.2, 50_000)):
        percent = least_loss(before, n)
        stopped = power(before, before * (1 - percent / 100), n)
        assert abs(stopped - 0.8) < 2e-3, (
            f"at that loss your own power says {stopped:.3f}, not 0.8, for {n:,} sessions; is it "
            "percent of before?"
        )
    assert least_loss(0.25, 2) == 100, "two sessions see nothing four times in five: 100 is due"


# %%
def test_the_canary_here(least_here, canary_sees, least_loss, clean, CANARY):
    import numpy as np

    assert least_here is not ..., "least_here is not set yet"
    assert np.isclose(least_here, least_loss(clean.orders / 1_000, CANARY), rtol=1e-3), (
        "your own least_loss says something else for clean.orders per 1,000 and CANARY sessions"
    )
    assert canary_sees is not ..., "canary_sees is not set yet"
    assert str(canary_sees) in ("True", "False"), "canary_sees is True or False"


# %% [raw]
# # END TESTS

# %% [raw]
# # END QUESTION

# %% [raw]
# # BEGIN QUESTION
# name: q5
# points: 5

# %% [markdown]
# ## 5. The fewest gates (30 minutes, 5 points)
#
# Seven releases of your town, each with one fault; the table below says which. A release has `name`, `auc`, `orders` (per 1,000 sessions), `rows` (what its server feeds the model, for the sessions of `trainer`) and `ask`, which answers for `asked`. `last_week` are the rows that were served a week ago, when nothing was wrong.
#
# Write `stopped_by(release)`: the sorted list of those of `GATES` that stop it. `"schema"` stops where `outside` names a column of its rows, `"psi"` where the index of a column (all but the last) against `last_week` is above 0.2, `"behaviour"` where `unmoved` names one, `"offline low"` and `"offline high"` where `alarm` says so of its score against `clean_scores`. Set `stops` to a dictionary from the name of each of `RELEASES` to that list.
#
# Write `smallest(stops)`: try all sets of `GATES` (there are only 32), and return the list of the smallest ones that stop every release that any gate stops. Each is a sorted list, and so is the whole. Where there is nothing to stop, that is `[[]]`.
#
# A release is *harmful* if it brings less than 99 % of the orders of `clean`. Set `cover` to what `smallest` returns for the harmful ones alone, and `left` to the sorted list of the harmful ones that none of the gates stops, so that they reach your canary. Many an offline gate knows only scores that are too low: set `upper_needed` to whether every set of your `cover` has `"offline high"` in it.

# %%
GATES = fresh.GATES
FAULTS = draw_settings(
    SEED,
    unit=("seconds", "cents", "some cents"),
    table=("cuisine", "join"),
    code=("swapped", "miles"),
    clock=("utc", "dry"),
    target=("clicks", "labels"),
    kept=("chains", "lunch"),
    score=("leak", "overfit"),
)
RELEASES = [make_release(town, fault, MODEL, LEAK) for fault in FAULTS.values()]
last_week = week_before(town)
asked = trainer[:3_000]
pd.DataFrame(
    {"what is wrong": one.words, "AUC": one.auc, "orders per 1,000 sessions": one.orders}
    for one in [clean, *RELEASES]
).round(3).set_axis(["clean", *FAULTS.values()])

# %% [raw]
# # BEGIN SOLUTION


# %%
def stopped_by(release):
    """Names of the gates that stop a release."""
    # BEGIN SOLUTION
    said = alarm(release.auc, clean_scores)
    gates = {
        "schema": bool(outside(release.rows)),
        "psi": max(psi(last_week[:, c], release.rows[:, c]) for c in range(13)) > 0.2,
        "behaviour": bool(unmoved(release.ask, asked)),
        "offline low": said == "low",
        "offline high": said == "high",
    }
    return sorted(gate for gate in gates if gates[gate])
    # END SOLUTION


def smallest(stops):
    """The smallest sets of gates that stop all that any gate stops."""
    # BEGIN SOLUTION
    to_stop = [gates for gates in stops.values() if gates]
    for size in range(len(GATES) + 1):
        found = [
            list(chosen)
            for chosen in itertools.combinations(sorted(GATES), size)
            if all(set(chosen) & set(gates) for gates in to_stop)
        ]
        if found:
            return sorted(found)
    # END SOLUTION


# BEGIN SOLUTION NO PROMPT
harmful = [release.name for release in RELEASES if release.orders < 0.99 * clean.orders]
# END SOLUTION

stops = {release.name: stopped_by(release) for release in RELEASES}  # SOLUTION
cover = smallest({name: stops[name] for name in harmful})  # SOLUTION
left = sorted(name for name in harmful if not stops[name])  # SOLUTION
upper_needed = all("offline high" in chosen for chosen in cover)  # SOLUTION

# %% [raw]
# # END SOLUTION

# %% [raw]
# # BEGIN TESTS


# %%
def test_stopped_by(stopped_by, clean, RELEASES, GATES):
    found = stopped_by(clean)
    assert found is not None and found is not ..., "stopped_by returns nothing yet"
    assert isinstance(found, list), f"a list is due, not a {type(found).__name__}"
    # One that arrives in another unit, and one whose clock is wrong: the others are asked below.
    for release in (RELEASES[0], RELEASES[3]):
        found = stopped_by(release)
        assert set(found) <= set(GATES), "something in it is not the name of a gate"
        assert list(found) == sorted(set(found)), "sorted and each once, please"
        if release.name in ("seconds", "cents", "some cents"):
            assert "schema" in found, f"{release.name}: values out of range passed the schema"
            assert "offline low" not in found or "offline low" in stopped_by(clean), (
                f"{release.name}: nothing moves its offline score, which comes from training"
            )
        if release.name == "utc":
            assert "psi" in found, "the clock goes wrong by two hours; is psi against last_week?"


# %%
def test_stops(stops, stopped_by, RELEASES):
    assert stops is not ..., "stops is not set yet"
    assert isinstance(stops, dict), f"a dictionary is due, not a {type(stops).__name__}"
    assert set(stops) == {release.name for release in RELEASES}, "a name for each release, please"
    for release in (*RELEASES[1:3], *RELEASES[4:]):
        assert list(stops[release.name]) == stopped_by(release), (
            f"{release.name}: your own stopped_by names other gates"
        )


# %%
def test_smallest_by_hand(smallest):
    two = {"a": ["psi", "schema"], "b": ["behaviour", "psi"], "c": []}
    found = smallest(two)
    assert found is not None and found is not ..., "smallest returns nothing yet"
    assert isinstance(found, list), "a list of lists is due"
    assert [list(one) for one in found] == [["psi"]], (
        "psi alone stops a and b, and c is stopped by none, so that it counts for nothing"
    )
    three = {"a": ["psi", "schema"], "b": ["behaviour"], "c": ["behaviour", "offline low"]}
    assert [list(one) for one in smallest(three)] == [
        ["behaviour", "psi"],
        ["behaviour", "schema"],
    ], "there are two smallest sets here; all of them are due, sorted"
    assert smallest({"c": []}) == [[]], "where there is nothing to stop, [[]] is due"


# %%
def test_cover_and_left(cover, left, upper_needed, smallest, stops, clean, RELEASES):
    assert cover is not ..., "cover is not set yet"
    assert left is not ..., "left is not set yet"
    harmful = [one.name for one in RELEASES if one.orders < 0.99 * clean.orders]
    assert set(left) <= set(harmful), "one of these is not harmful: it loses less than 1 %"
    assert list(left) == sorted(name for name in harmful if not stops[name]), (
        "by your own stops other harmful releases are stopped by none"
    )
    assert [list(one) for one in cover] == smallest({name: stops[name] for name in harmful}), (
        "your own smallest says something else of the harmful releases"
    )
    assert upper_needed is not ..., "upper_needed is not set yet"
    assert str(upper_needed) in ("True", "False"), "upper_needed is True or False"


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
# ## 6. A memo to infrastructure (30 minutes, 6 points)
#
# Infrastructure runs what you hand over, and has time for few gates. Advise them, in at most 200 words: what was wrong with the server's features, what it cost, who noticed and who was glad, and how you keep it from coming back; which of the book's findings hold in your town and which do not, and which of its settings makes the difference; which gates to run before launch and why these, what still reaches the canary, and whether the canary sees it; and what would make you add a gate, or drop one.
#
# Two points each for: numbers that are yours and right in kind; what holds here and what does not, and why; gates that follow from your answers, with what they leave through, and what would change them.

# %% [raw]
# # BEGIN SOLUTION

# %% [markdown]
# Our server counted stars out of ten and told the hour in UTC. Nothing crashed, and we lost 14 % of our orders. Ads moved by half a percent: nobody was glad, and nobody noticed. Both columns are mended, trainer and server call one function now, and a test compares their rows.
#
# One finding holds here: a full leak has an AUC of 1.00 and is worse than no model, 113 orders against 185. Two do not. A logistic regression would have lost 3 % and not 14 %: it still ranks more stars higher, while trees find all above their cuts. And the index against training rows stops nothing (0.08), since our past policy explored.
#
# Before launch run the behaviour, the lower offline alarm and the index against last week. Nothing harmful of my seven passes these three. They also stop a rain flag that costs nothing: look, then launch. The canary sees a loss of 1.7 % four times in five, so it would have seen the skew.
#
# I would add the upper alarm at the first leak that moves no nudge, and drop the index if it stopped three sound releases a year.

# %% [raw]
# # END SOLUTION

# %% [raw]
# # END QUESTION
