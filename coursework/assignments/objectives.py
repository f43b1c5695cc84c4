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
# **You will** turn a proxy up until it hurts, set a guardrail, read an A/B test, say how long one takes, estimate from a log what was never shown, and trace a well-known figure to its source. Then you advise the product manager.
#
# **You need** the chapters of the part on objectives, first of all {doc}`/book/objectives/the-score-is-a-proxy`, {doc}`/book/objectives/the-winners-gains` and {doc}`/book/objectives/testing-in-a-crowded-city`; for question 5 also {doc}`/book/ensembling/the-netflix-prize`. **It takes** about two hours and a half; each question says how long it is expected to take.
#
# Replace each `...`, run the cell, then the check below it. A check says what is wrong with an answer. It does not know the right one: it looks whether yours has the properties that a right one must have. What is graded in the end are the values and functions themselves, also on data that you have not seen.

# %%
import numpy as np
from scipy.stats import norm

from launchlab.classroom import open_assignment
from launchlab.market import blend, draw_sessions, evaluate, make_world, true_scores

grader, SEED = open_assignment("objectives")

# %% [markdown]
# Your town: 1,500 sessions of a simulated food-delivery app, and a ranker that knows the truth, so that nothing here is an error of estimation.
# `evaluate(sessions, blend(scores, dial))` ranks by $(1-b) \log p_\text{order} + b \log p_\text{click}$, where $b$ is the dial, and says what comes of it: its fields `clicks`, `orders` and `life_value` (value over 26 weeks, in dollars) are per 1,000 sessions.

# %%
sessions = draw_sessions(make_world(SEED), 1_500, SEED)
scores = true_scores(sessions)
DIALS = [round(0.05 * step, 2) for step in range(21)]

# %% [raw]
# # BEGIN QUESTION
# name: q1
# points: 4

# %% [markdown]
# ## 1. Turn the dial (25 minutes, 4 points)
#
# Write `changes(dial)`. It returns a dictionary with the keys `"clicks"` and `"life_value"`: by how many *percent* each differs from ranking by orders (dial 0).
#
# The product manager wants clicks. The guardrail: the value over 26 weeks may fall by at most 1 %. Set `largest_dial` to the largest of `DIALS` that keeps it.

# %% [raw]
# # BEGIN SOLUTION


# %%
def changes(dial):
    """Change of clicks and of 26-week value against dial 0, percent."""
    # BEGIN SOLUTION
    before, after = (evaluate(sessions, blend(scores, at)) for at in (0.0, dial))
    return {
        name: 100 * (getattr(after, name) / getattr(before, name) - 1)
        for name in ("clicks", "life_value")
    }
    # END SOLUTION


largest_dial = max(dial for dial in DIALS if changes(dial)["life_value"] >= -1)  # SOLUTION

# %% [raw]
# # END SOLUTION

# %% [raw]
# # BEGIN TESTS


# %%
def test_changes_at_the_start(changes):
    found = changes(0.0)
    assert found is not None and found is not ..., "changes returns nothing yet"
    assert set(found) == {"clicks", "life_value"}, f"the keys are {sorted(found)}"
    assert abs(found["clicks"]) < 1e-9, "dial 0 against dial 0: nothing changes"


# %%
def test_changes_are_percent_and_go_apart(changes):
    found = changes(1.0)
    assert found is not None and found is not ..., "changes returns nothing yet"
    assert found["clicks"] > 0, "ranked by clicks there are more clicks; is the sign turned?"
    assert found["life_value"] < 0, "what clicks stand for falls; is the sign turned?"
    assert found["clicks"] > 1, "that looks like a share; percent are due"


# %%
def test_the_largest_keeps_the_guardrail_and_the_next_does_not(largest_dial, changes):
    assert largest_dial is not ..., "largest_dial is not set yet"
    assert 0 <= largest_dial <= 0.95, "not one of DIALS at which the guardrail holds"
    assert changes(largest_dial)["life_value"] >= -1, "there the value falls by more than 1 %"
    assert changes(largest_dial + 0.05)["life_value"] < -1, "the next setting keeps it too"


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


# %% [raw]
# # END TESTS

# %% [raw]
# # END QUESTION

# %% [raw]
# # BEGIN QUESTION
# name: q3
# points: 2

# %% [markdown]
# ## 3. How long would it take? (15 minutes, 2 points)
#
# Write `sessions_needed(rate, lift)`: how many sessions *each* arm needs to find a lift (in points of probability, such as 0.01) with a power of 80 % at a two-sided level of 5 %:
#
# $$n = \frac{(z_{0.975} + z_{0.8})^2 \cdot 2\,p(1-p)}{\text{lift}^2}$$

# %% [raw]
# # BEGIN SOLUTION


# %%
def sessions_needed(rate, lift):
    """Sessions for each arm: power 80 %, two-sided level 5 %."""
    # BEGIN SOLUTION
    return (norm.ppf(0.975) + norm.ppf(0.8)) ** 2 * 2 * rate * (1 - rate) / lift**2
    # END SOLUTION


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


# %% [raw]
# # END TESTS

# %% [raw]
# # END QUESTION

# %% [raw]
# # BEGIN QUESTION
# name: q4
# points: 3

# %% [markdown]
# ## 4. From a log (25 minutes, 3 points)
#
# A log of the first place: for each session `reward` (1 if it was ordered), `propensity` (how probable it was that the restaurant shown was shown), and `agrees` (whether the new policy would have shown the same).
#
# Write `ips(reward, propensity, agrees)`, the inverse propensity estimate of the new policy's order rate: the mean over *all* sessions of $\text{agrees} \cdot \text{reward} / \text{propensity}$. Write `effective_size(propensity, agrees)`: with weights $w = \text{agrees}/\text{propensity}$ it is $(\sum w)^2 / \sum w^2$. Set `estimate` for your log.

# %%
rng = np.random.default_rng(SEED)
propensity = rng.choice([0.05, 0.2, 0.5], size=4_000)
agrees = rng.random(4_000) < propensity
reward = (rng.random(4_000) < np.where(agrees, 0.3, 0.2)).astype(float)

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
def test_the_estimate_is_a_rate(estimate):
    assert estimate is not ..., "estimate is not set yet"
    assert 0 < estimate < 1, f"an order rate lies between 0 and 1, not at {estimate!r}"


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
# The first number belongs to another year, and the last sentence is not quite what Netflix wrote about the models of the prize. Follow the sources of {doc}`/book/ensembling/the-netflix-prize`. Set `year_of_the_107` to the year in which the 107 won something, and `models_put_in_production` to how many of its models Netflix did put into production. What you would write on the slide belongs into the memo.

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
# She wants clicks on the dashboard to rise by 5 % this quarter. Advise her, in at most 200 words: what your town shows about clicks and what they stand for, with your numbers; which guardrail you would set, and how long a test would have to run to see whether it holds; and what you would put on the dashboard in place of clicks. End with one sentence about the slide of question 5, corrected.
#
# Two points each for: numbers that are yours and right in kind; a guardrail with a test that could find a breach; a proposal that follows.

# %% [raw]
# # BEGIN SOLUTION

# %% [markdown]
# With the dial wholly at clicks we would have some 8 % more of them, and lose nearly a tenth of what customers are worth over half a year. Up to about 0.3 the loss stays below 1 %, and clicks rise by some 2 %. So 5 % more clicks this quarter would cost more than the guardrail allows: I advise against the target.
#
# I would turn the dial to the guardrail and no further, and hold it with a test on orders per session. At a rate of 0.3, a fall of 0.01 needs about 33,000 sessions in each arm; at 50,000 sessions a week that is under two weeks. The value over 26 weeks itself cannot be seen in two weeks. That is what orders stand in for, and we should check the stand-in with a group that is held back for half a year.
#
# On the dashboard I would put orders per session, and beside it the share of customers that come back.
#
# On the slide: “107 algorithms won the Progress Prize of 2007; Netflix put two of them into production.”

# %% [raw]
# # END SOLUTION

# %% [raw]
# # END QUESTION
