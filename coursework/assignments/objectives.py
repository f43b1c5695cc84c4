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
# # Assignment: a score and what it is for
#
# **You will** turn a proxy up until it hurts, or find that it does not; read an A/B test, say how long one takes, estimate from a log what was never shown, and trace a well-known figure to its source. Then you advise the product manager.
#
# **You need** the chapters of the part on objectives, first of all [*We got what we counted*](../../book/objectives/the-score-is-a-proxy.ipynb), [*The winner's gains*](../../book/objectives/the-winners-gains.ipynb) and [*Testing in a crowded city*](../../book/objectives/testing-in-a-crowded-city.ipynb); for question 5 also [*A million dollars and a tie*](../../book/ensembling/the-netflix-prize.ipynb). **It takes** about two hours and a half; each question says how long it is expected to take.
#
# Replace each `...`, run the cell, then the check below it. A check says what is wrong with an answer. It does not know the right one: it looks whether yours has the properties that a right one must have. What is graded in the end are the values and functions themselves, also on data that you have not seen. **Only this notebook is read**: hand in no other file, and let it need none.

# %%
import numpy as np
import pandas as pd
from scipy.stats import norm

from launchlab.classroom import draw_settings, open_assignment
from launchlab.market import Couplings, blend, draw_sessions, evaluate, make_world, true_scores

grader, SEED = open_assignment("objectives")

# %% [markdown]
# **Your town is not the chapters' town.** Its customers were drawn for you, and so were four assumptions about them. A finding that held in 20 of 20 of the book's towns was found under the book's assumptions; it may hold under yours, or turn round. Where a question asks for a conclusion, it asks for the one that holds *here*.

# %%
ASSUMPTIONS = draw_settings(
    SEED,
    badge_quality=(-0.5, -0.4, -0.3),  # how bait goes together with good food (a correlation)
    badge_effect=(0.8, 0.9, 1.0),  # how strongly bait attracts orders
    badge_click_effect=(0.0, 0.05, 1.6, 2.0),  # how strongly it attracts mere looks
    retention_slope=(1.2, 1.8, 2.4),  # how strongly a bad meal drives people away
)
pd.DataFrame(
    {
        "your town": ASSUMPTIONS,
        "the book's towns": {name: getattr(Couplings(), name) for name in ASSUMPTIONS},
    }
)

# %% [markdown]
# Here are 1,500 sessions of your town's food-delivery app, and a ranker that knows the truth, so that nothing here is an error of estimation.
# `evaluate(sessions, blend(scores, dial))` ranks by $(1-b) \log p_\text{order} + b \log p_\text{click}$, where $b$ is the dial, and says what comes of it: its fields `clicks`, `orders` and `life_value` (value over 26 weeks, in dollars) are per 1,000 sessions.

# %%
sessions = draw_sessions(make_world(SEED, Couplings(**ASSUMPTIONS)), 1_500, SEED)
scores = true_scores(sessions)
DIALS = [round(0.05 * step, 2) for step in range(21)]
LIMIT = draw_settings(SEED, limit=(0.3, 0.6, 1.2, 1.8))["limit"]
print(f"Your guardrail: orders may fall by at most {LIMIT} %.")

# %% [raw]
# # BEGIN QUESTION
# name: q1
# points: 5

# %% [markdown]
# ## 1. Turn the dial (30 minutes, 5 points)
#
# Write `changes(dial)`. It returns a dictionary with the keys `"clicks"`, `"orders"` and `"life_value"`: by how many *percent* each differs from ranking by orders (dial 0). Set `all_clicks` to what it returns where the dial is wholly at clicks.
#
# The chapter's towns agreed, 20 of 20: ranked by clicks alone, customers are worth *less* over 26 weeks. Set `life_falls` to whether that is so in your town (`True` or `False`).
#
# The product manager wants clicks. The guardrail: orders may fall by at most `LIMIT` percent. Set `largest_dial` to the largest of `DIALS` that keeps it. And set `best_dial` to the one of `DIALS` with the most value over 26 weeks.

# %% [raw]
# # BEGIN SOLUTION


# %%
def changes(dial):
    """Change of clicks, orders and 26-week value against dial 0, percent."""
    # BEGIN SOLUTION
    before, after = (evaluate(sessions, blend(scores, at)) for at in (0.0, dial))
    return {
        name: 100 * (getattr(after, name) / getattr(before, name) - 1)
        for name in ("clicks", "orders", "life_value")
    }
    # END SOLUTION


# BEGIN SOLUTION NO PROMPT
curve = {dial: changes(dial) for dial in DIALS}
# END SOLUTION

all_clicks = changes(1.0)  # SOLUTION
life_falls = all_clicks["life_value"] < 0  # SOLUTION
largest_dial = max(dial for dial in DIALS if curve[dial]["orders"] >= -LIMIT)  # SOLUTION
best_dial = max(DIALS, key=lambda dial: curve[dial]["life_value"])  # SOLUTION

# %% [raw]
# # END SOLUTION

# %% [raw]
# # BEGIN TESTS


# %%
def test_changes_at_the_start(changes):
    found = changes(0.0)
    assert found is not None and found is not ..., "changes returns nothing yet"
    assert set(found) == {"clicks", "orders", "life_value"}, f"the keys are {sorted(found)}"
    assert abs(found["clicks"]) < 1e-9, "dial 0 against dial 0: nothing changes"


# %%
def test_changes_are_percent(changes):
    found = changes(1.0)
    assert found is not None and found is not ..., "changes returns nothing yet"
    assert found["clicks"] > 0, "ranked by clicks there are more clicks; is the sign turned?"
    assert found["orders"] < 0, "a ranker that knows the truth can only lose orders by it"
    assert found["clicks"] > 0.5, "that looks like a share; percent are due"


# %%
def test_all_clicks_and_life_falls(all_clicks, life_falls):
    assert all_clicks is not ... and all_clicks is not None, "all_clicks is not set yet"
    assert set(all_clicks) == {"clicks", "orders", "life_value"}, "the three keys of changes"
    assert life_falls is not ..., "life_falls is not set yet"
    assert str(life_falls) in ("True", "False"), f"life_falls is {life_falls!r}; True or False"


# %%
def test_the_largest_keeps_the_guardrail_and_the_next_does_not(largest_dial, changes, LIMIT):
    assert largest_dial is not ..., "largest_dial is not set yet"
    assert 0 <= largest_dial <= 1, "not one of DIALS"
    assert changes(largest_dial)["orders"] >= -LIMIT, "there the orders fall by more than LIMIT"
    if largest_dial < 1:
        following = changes(round(largest_dial + 0.05, 2))["orders"]
        assert following < -LIMIT, "the next setting keeps it too"


# %%
def test_the_best_dial(best_dial, changes):
    assert best_dial is not ..., "best_dial is not set yet"
    assert 0 <= best_dial <= 1, "not one of DIALS"
    best = changes(best_dial)["life_value"]
    for dial in (0.0, 0.25, 0.5, 0.75, 1.0):
        assert best >= changes(dial)["life_value"] - 1e-9, f"at {dial} the value is higher"


# %% [raw]
# # END TESTS

# %% [raw]
# # END QUESTION

# %% [raw]
# # BEGIN QUESTION
# name: q2
# points: 4

# %% [markdown]
# ## 2. An A/B test, read (25 minutes, 4 points)
#
# Write `lift_interval(orders_a, sessions_a, orders_b, sessions_b)`: the ends of the 95 % interval for the *difference* of the two order rates, B minus A, as `(low, high)`, from the normal approximation with each arm's own variance $p(1-p)/n$.
#
# Then write `decide(low, high, least)`. It returns `"ship"` where the whole interval lies above `least` (the smallest lift worth shipping), `"stop"` where all of it lies below, and `"go on"` otherwise.
#
# Your town has run a test: A ranks by clicks, as today, and B by orders. Set `interval` and `decision` for it, with `LEAST` as the smallest lift worth shipping.

# %%
rng = np.random.default_rng(SEED)
ARM = draw_settings(SEED, sessions=(5_000, 60_000, 400_000))["sessions"]
LEAST = draw_settings(SEED, least=(0.002, 0.008))["least"]
ORDERS_A, ORDERS_B = (
    int(rng.binomial(ARM, evaluate(sessions, blend(scores, dial)).orders / 1_000))
    for dial in (1.0, 0.0)
)
print(f"A: {ORDERS_A} orders, B: {ORDERS_B} orders, each of {ARM:,} sessions. LEAST is {LEAST}.")

# %% [raw]
# # BEGIN SOLUTION


# %%
def lift_interval(orders_a, sessions_a, orders_b, sessions_b):
    """95 % interval of the difference of order rates, B minus A."""
    # BEGIN SOLUTION
    a, b = orders_a / sessions_a, orders_b / sessions_b
    error = (a * (1 - a) / sessions_a + b * (1 - b) / sessions_b) ** 0.5
    half = norm.ppf(0.975) * error
    return b - a - half, b - a + half
    # END SOLUTION


def decide(low, high, least):
    """What to do: "ship", "stop" or "go on"."""
    # BEGIN SOLUTION
    if low > least:
        return "ship"
    return "stop" if high < least else "go on"
    # END SOLUTION


interval = lift_interval(ORDERS_A, ARM, ORDERS_B, ARM)  # SOLUTION
decision = decide(interval[0], interval[1], LEAST)  # SOLUTION

# %% [raw]
# # END SOLUTION

# %% [raw]
# # BEGIN TESTS


# %%
def test_the_interval(lift_interval):
    found = lift_interval(300, 1_000, 330, 1_000)
    assert found is not None and found is not ..., "lift_interval returns nothing yet"
    low, high = found
    assert low < high, "low comes first"
    assert abs((low + high) / 2 - 0.03) < 1e-6, "its middle is the difference of rates, B minus A"
    assert high - low < 0.09, "too wide: is the variance divided by the number of sessions?"
    assert abs((high - low) / 2 - 0.04069) < 2e-4, "the half is 1.96 standard errors"


# %%
def test_decide(decide):
    found = decide(0.02, 0.03, 0.01)
    assert found is not None and found is not ..., "decide returns nothing yet"
    assert found == "ship", "all of it lies above the least worth shipping"
    assert decide(-0.03, -0.01, 0.01) == "stop", "all of it lies below"
    assert decide(-0.01, 0.05, 0.01) == "go on", "the least worth shipping lies inside"


# %%
def test_the_decision_on_your_test(interval, decision):
    assert interval is not ..., "interval is not set yet"
    assert len(interval) == 2, "two numbers are due, low and high"
    assert decision is not ..., "decision is not set yet"
    assert decision in ("ship", "stop", "go on"), "ship, stop or go on"


# %% [raw]
# # END TESTS

# %% [raw]
# # END QUESTION

# %% [raw]
# # BEGIN QUESTION
# name: q3
# points: 3

# %% [markdown]
# ## 3. How long would it take? (15 minutes, 3 points)
#
# Write `sessions_needed(rate, lift)`: how many sessions *each* arm needs to find a lift (in points of probability, such as 0.01) with a power of 80 % at a two-sided level of 5 %:
#
# $$n = \frac{(z_{0.975} + z_{0.8})^2 \cdot 2\,p(1-p)}{\text{lift}^2}$$
#
# All of your town's sessions, `WEEKLY` a week, could be split between two arms. Set `weeks` to how many weeks a test for a lift of `LEAST` would take at the order rate of your arm A (not rounded), and `in_a_quarter` to whether that is at most 13 weeks.

# %%
WEEKLY = draw_settings(SEED, weekly=(3_000, 30_000, 300_000))["weekly"]
print(f"Your town has {WEEKLY:,} sessions a week. LEAST is {LEAST}.")

# %% [raw]
# # BEGIN SOLUTION


# %%
def sessions_needed(rate, lift):
    """Sessions for each arm: power 80 %, two-sided level 5 %."""
    # BEGIN SOLUTION
    return (norm.ppf(0.975) + norm.ppf(0.8)) ** 2 * 2 * rate * (1 - rate) / lift**2
    # END SOLUTION


weeks = 2 * sessions_needed(ORDERS_A / ARM, LEAST) / WEEKLY  # SOLUTION
in_a_quarter = weeks <= 13  # SOLUTION

# %% [raw]
# # END SOLUTION

# %% [raw]
# # BEGIN TESTS


# %%
def test_half_the_lift_takes_four_times_as_long(sessions_needed):
    whole, half = sessions_needed(0.3, 0.02), sessions_needed(0.3, 0.01)
    assert whole is not None and whole is not ..., "sessions_needed returns nothing yet"
    assert abs(half / whole - 4) < 0.01, "half the lift takes four times as many sessions"


# %%
def test_a_known_case(sessions_needed):
    found = sessions_needed(0.5, 0.1)
    assert found is not None and found is not ..., "sessions_needed returns nothing yet"
    assert abs(found - 196) > 1, "is the factor 2 for two arms there?"
    assert abs(found - 392) < 2, (
        f"at a rate of 0.5 and a lift of 0.1 it is about 392, not {found:.0f}"
    )


# %%
def test_the_weeks(weeks, in_a_quarter, sessions_needed, LEAST, WEEKLY):
    assert weeks is not ..., "weeks is not set yet"
    assert weeks > 0, "a test takes some time"
    # No order rate needs more sessions than one half does.
    most = 2 * sessions_needed(0.5, LEAST) / WEEKLY
    assert weeks <= most, "so long takes no test of your own sessions_needed; is WEEKLY per week?"
    assert str(in_a_quarter) in ("True", "False"), "in_a_quarter is True or False"


# %% [raw]
# # END TESTS

# %% [raw]
# # END QUESTION

# %% [raw]
# # BEGIN QUESTION
# name: q4
# points: 4

# %% [markdown]
# ## 4. From a log (25 minutes, 4 points)
#
# A log of the first place: for each session `reward` (1 if it was ordered), `propensity` (how probable it was that the restaurant shown was shown), and `agrees` (whether the new policy would have shown the same).
#
# Write `ips(reward, propensity, agrees)`, the inverse propensity estimate of the new policy's order rate: the mean over *all* sessions of $\text{agrees} \cdot \text{reward} / \text{propensity}$. Write `effective_size(propensity, agrees)`: with weights $w = \text{agrees}/\text{propensity}$ it is $(\sum w)^2 / \sum w^2$.
#
# Set `estimate` and `effective` for your log, and `replayed` to the order rate among the sessions that agree. Two findings of the chapter to try on it: *replay* put the new policy too high (19 of 20), and the log was worth less than a fifth of its sessions (20 of 20, where the model alone chose). Set `replay_leans` to `"high"` or `"low"`, by where `replayed` lies from `estimate`, and `under_a_fifth` to `True` or `False`.

# %%
LOG = draw_settings(
    SEED,
    propensities=((0.05, 0.2, 0.5), (0.03, 0.2, 0.6), (0.3, 0.5, 0.7), (0.25, 0.5, 0.8)),
    tilt=(-0.5, -0.35, 0.35, 0.5),  # how orders go with what the old policy liked to show
)
propensity = rng.choice(LOG["propensities"], size=20_000)
agrees = rng.random(20_000) < propensity
ordered = 0.4 + LOG["tilt"] * (propensity - np.mean(LOG["propensities"]))
reward = (rng.random(20_000) < ordered).astype(float)

# %% [raw]
# # BEGIN SOLUTION


# %%
def ips(reward, propensity, agrees):
    """Inverse propensity estimate of the new policy's order rate."""
    # BEGIN SOLUTION
    return float(np.mean(agrees * reward / propensity))
    # END SOLUTION


def effective_size(propensity, agrees):
    """How many sessions of the new policy the log is worth."""
    # BEGIN SOLUTION
    weights = agrees / propensity
    return float(weights.sum() ** 2 / (weights**2).sum())
    # END SOLUTION


estimate = ips(reward, propensity, agrees)  # SOLUTION
effective = effective_size(propensity, agrees)  # SOLUTION
replayed = float(reward[agrees].mean())  # SOLUTION
replay_leans = "high" if replayed > estimate else "low"  # SOLUTION
under_a_fifth = effective < len(reward) / 5  # SOLUTION

# %% [raw]
# # END SOLUTION

# %% [raw]
# # BEGIN TESTS


# %%
def test_ips_by_hand(ips):
    import numpy as np

    found = ips(np.array([1.0, 1.0]), np.array([0.5, 0.5]), np.array([True, False]))
    assert found is not None and found is not ..., "ips returns nothing yet"
    assert abs(found - 2) > 1e-9, "the mean is over all sessions, also those that do not agree"
    assert abs(found - 1) < 1e-9, "one of two agrees and counts 1 / 0.5; the mean of 2 and 0 is 1"


# %%
def test_effective_size(effective_size):
    import numpy as np

    found = effective_size(np.full(8, 0.5), np.array([True] * 4 + [False] * 4))
    assert found is not None and found is not ..., "effective_size returns nothing yet"
    assert abs(found - 4) < 1e-9, "four sessions of equal weight are worth four"


# %%
def test_the_answers_about_your_log(estimate, effective, replayed, replay_leans, under_a_fifth):
    assert estimate is not ..., "estimate is not set yet"
    assert 0 < estimate < 1, f"an order rate lies between 0 and 1, not at {estimate!r}"
    assert replayed is not ..., "replayed is not set yet"
    assert 0 < replayed < 1, f"an order rate lies between 0 and 1, not at {replayed!r}"
    assert effective is not ..., "effective is not set yet"
    assert 1 <= effective <= 20_000, "a log is worth no more sessions than it has"
    assert replay_leans in ("high", "low"), "replay_leans is high or low"
    assert str(under_a_fifth) in ("True", "False"), "under_a_fifth is True or False"


# %% [raw]
# # END TESTS

# %% [raw]
# # END QUESTION

# %% [raw]
# # BEGIN QUESTION
# name: q5
# points: 2

# %% [markdown]
# ## 5. A figure, traced to its source (20 minutes, 2 points)
#
# A slide says: “The ensemble that won the Netflix Prize in 2009 was made of 107 algorithms. Netflix never used it.”
# The first number belongs to another year, and the last sentence is not quite what Netflix wrote about the models of the prize. Follow the sources of [*A million dollars and a tie*](../../book/ensembling/the-netflix-prize.ipynb). Set `year_of_the_107` to the year in which the 107 won something, and `models_put_in_production` to how many of its models Netflix did put into production. What you would write on the slide belongs into the memo.

# %% [raw]
# # BEGIN SOLUTION

# %%
year_of_the_107 = 2007  # SOLUTION
models_put_in_production = 2  # SOLUTION

# %% [raw]
# # END SOLUTION

# %% [raw]
# # BEGIN TESTS


# %%
def test_the_year(year_of_the_107):
    assert year_of_the_107 is not ..., "year_of_the_107 is not set yet"
    assert isinstance(year_of_the_107, int), "a year is a whole number"
    assert 2006 <= year_of_the_107 <= 2009, "the prize ran from 2006 to 2009"
    assert year_of_the_107 != 2009, "that is what the slide says"


# %%
def test_the_models(models_put_in_production):
    assert models_put_in_production is not ..., "models_put_in_production is not set yet"
    assert isinstance(models_put_in_production, int), "a whole number is due"
    assert models_put_in_production != 0, "that is what the slide says"
    assert models_put_in_production < 107, "not all of them"


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
# ## 6. A memo to the product manager (30 minutes, 6 points)
#
# She wants clicks on the dashboard to rise by 5 % this quarter, and she has read the chapter on the proxy. Advise her, in at most 200 words: what the chapter found about clicks and what they stand for, and whether it holds in your town, with your numbers and the assumption that makes the difference; which guardrail you would set, and how long a test would have to run to see whether it holds; and what you would put on the dashboard. End with one sentence about the slide of question 5, corrected.
#
# Two points each for: numbers that are yours and right in kind; what holds here and what does not, and why; a guardrail with a test that could find a breach, and a proposal that follows.

# %% [raw]
# # BEGIN SOLUTION

# %% [markdown]
# The chapter holds here. Ranked by clicks alone, our town gets 7.6 % more clicks, 4.6 % fewer orders, and 11.9 % less value over 26 weeks. The reason is our bait: it goes with bad food (-0.5) and draws many mere looks (1.6). Where bait moved orders and drew no looks, clicks would be the better guide. One finding turns round: in our log replay is too low, not too high, because the old policy showed what is ordered less.
#
# Your 5 % more clicks can nearly be had within the guardrail of 1.2 % of orders: a dial of 0.65 brings 4.97 %. But there customers are worth 5.2 % less: this guardrail protects the wrong number. I would leave the dial at 0 and guard the share of customers who come back. Our test was clear: ranking by orders brings 1.1 to 1.5 points more orders. Ship it. Another for 0.8 points would take 34 weeks at 3,000 sessions a week, more than a quarter.
#
# On the dashboard I would put orders per session, and beside it the share of customers who come back.
#
# On the slide: “107 algorithms won the Progress Prize of 2007; Netflix put two of its models into production.”

# %% [raw]
# # END SOLUTION

# %% [raw]
# # END QUESTION
