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
# # Assignment: on duty
#
# **You will** write the rule that stops a release, and keep what it promises however often somebody looks; choose who gets a release on which day; write the alarm that says whom to wake; buy servers for dinner time; and count what a bad Friday cost. Then you write its post-mortem.
#
# **You need** the part on the night, or at least what its words mean: *canary*, *corrected bounds*, *PSI*, *p99*. **It takes** about three and a half hours; each question says how long it is expected to take.
#
# Replace each `...`, run the cell, then the check below it. A check says what is wrong with an answer. It does not know the right one: it looks whether yours has the properties that a right one must have. What is graded in the end are the values and functions themselves. Rules are judged by simulation, on releases and weeks that you have not seen, and there is more than one right rule: `releases.grade(stops, SERVICE, LEVEL, FAULTS, 1)` and `fortnights.grade(whom_to_wake, TOWN, 1)` judge yours as the grader will, and the grader draws with another number. **Only this notebook is read**: hand in no other file, and let it need none.

# %%
import math

import numpy as np
import pandas as pd
from IPython.display import Markdown

from launchlab.classroom import draw_settings, open_assignment
from launchlab.operations.canary import Plan, orders_lost, steady, stopped_by_day
from launchlab.operations.canary import information as information_of
from launchlab.operations.duty import fortnights, releases
from launchlab.operations.duty.fortnights import INPUTS, PEOPLE
from launchlab.operations.duty.incident import clock, draw_incident
from launchlab.operations.queues import PEAK, percentile_ms
from launchlab.operations.sequential import bounds, stopping

grader, SEED = open_assignment("operations")

# %% [markdown]
# **Your service is not the chapters' service.** How many people use it, how its releases go out, what breaks and what that costs were drawn for you. A finding that held in 20 of 20 of the book's towns was found under the book's assumptions; it may hold under yours, or turn round. Where a question asks for a conclusion, it asks for the one that holds *here*.

# %%
STAGES = {"10 %": [10], "5 %": [5], "1, 10, 50 %": [1, 10, 50], "5, 20, 50 %": [5, 20, 50]}
DRAWN = draw_settings(
    SEED,
    sessions=(15_000, 25_000, 40_000, 80_000, 160_000, 320_000),  # a day
    rate=tuple(range(14, 31)),  # orders per 100 sessions
    days=(6, 9, 12, 15, 18),  # of a canary
    stages=tuple(STAGES),  # who has it, a part of the days each
    level=(0.025, 0.05, 0.1),  # share of sound releases that may be stopped
    dip=(0.08, 0.12),  # by how much less is ordered in the canary's last days
    noise=(0.02, 0.05),  # of a day's orders, in both arms alike
    small=(2, 4, 8, 12),  # % of orders that a small fault costs
    large=(20, 40),  # and a large one
    gain=(0.3, 1, 2),  # % of orders that a sound release brings
    chance_small=(0.1, 0.2, 0.3),
    chance_large=(0.02, 0.1, 0.2),
    week=(0.5, 1, 2, 5, 10, 20, 40),  # million requests a week, all the app's towns
    service=tuple(range(8, 61)),  # ms that one takes
    patience=(5.5, 7, 10),  # the promised p99, in times of service
)
SESSIONS, RATE, LEVEL = DRAWN["sessions"], DRAWN["rate"] / 100, DRAWN["level"]
SHARES = [
    share / 100
    for share in STAGES[DRAWN["stages"]]
    for _ in range(DRAWN["days"] // len(STAGES[DRAWN["stages"]]))
]
PLAN = Plan("yours", tuple(SHARES))
SMALL, LARGE, GAIN = (DRAWN[name] / 100 for name in ("small", "large", "gain"))
FAULTS = (SMALL, LARGE)
SERVICE = releases.Service(SESSIONS, RATE, PLAN, DRAWN["noise"], DRAWN["dip"])
TOWN = fortnights.draw_town(SEED, SESSIONS, RATE)
pd.DataFrame({"your service": DRAWN})

# %% [raw]
# # BEGIN QUESTION
# name: q1
# points: 6

# %% [markdown]
# ## 1. A stop that keeps its promise (45 minutes, 6 points)
#
# A release goes to `SHARES[0]` of the sessions on the first day, to `SHARES[1]` on the second, and so on; the rest is the control. Sessions are drawn at random, and what the weather does to a day it does to both arms. Write `stops(orders_canary, sessions_canary, orders_control, sessions_control)`. All four are arrays of whole numbers with a row for each of many releases and a column for each day *so far*; it returns an array with a truth value for each release: stop it today? It is asked again each day, and it never sees a day that has not come.
#
# Two things are promised. Of sound releases, which change nothing, it stops at most the share `LEVEL`, all its looks taken together. And it lets little harm through: the sessions that a release costing `SMALL` of the orders meets in 28 days, and one costing `LARGE`, compared with what a rule with corrected bounds lets through. Your rule earns one point if it stops at most one and a half times as many sound releases as promised and does not sleep through the large fault. It earns a second if it keeps what was promised and lets through at most 1.6 times as much harm as that rule, and the third at 1.25 times. (Chance, and bounds that were found by simulation, are allowed for.) `releases.draw(SERVICE, SMALL, 1_000, seed)` draws a thousand releases that cost `SMALL`, if you want to look at some. Compute what never changes, such as bounds, once, outside of the function.
#
# Set `peeked` to how many *percent* of sound releases are stopped in this plan if somebody looks each day with the bound that is right for one look at `LEVEL`, by exact computation or simulation.
#
# `seen` are the four counts of one release that changed nothing, a number for each day. Set `added_up` to how many percent the canary's orders per session are above the control's (below 0: less) if all days are added up first. Set `within_days` to the same compared within days: the sum over days of `weight` times the difference in orders per session, divided by the sum of `weight` times the control's orders per session, where a day's weight is `canary x control / (canary + control)` sessions. On a holiday, the book's stages of 1, 10 and 50 % made a sound release look six per cent worse when they were added up. Set `adding_misleads` to whether the two differ by more than 2 percentage points in your plan.

# %%
seen = tuple(one[0] for one in releases.draw(SERVICE, 0.0, 1, SEED))
pd.DataFrame(
    dict(
        zip(
            ("canary orders", "canary sessions", "control orders", "control sessions"),
            seen,
            strict=True,
        )
    ),
    index=pd.RangeIndex(1, len(SHARES) + 1, name="day"),
).T

# %% [raw]
# # BEGIN SOLUTION

# %%
# BEGIN SOLUTION NO PROMPT
INFORMATION = information_of(PLAN, SESSIONS, RATE)
BOUNDS = bounds("obrien-fleming", INFORMATION, LEVEL)


# END SOLUTION
def stops(orders_canary, sessions_canary, orders_control, sessions_control):
    """Whether each release is to be stopped today."""
    # BEGIN SOLUTION
    weight = sessions_canary * sessions_control / (sessions_canary + sessions_control)
    share = (orders_canary + orders_control) / (sessions_canary + sessions_control)
    worse = orders_canary / sessions_canary - orders_control / sessions_control
    z = (weight * worse).sum(axis=1) / np.sqrt((weight * share * (1 - share)).sum(axis=1))
    return z < -BOUNDS[orders_canary.shape[1] - 1]
    # END SOLUTION


# BEGIN SOLUTION NO PROMPT
o, s, oc, sc = seen
w = s * sc / (s + sc)
# END SOLUTION

peeked = 100 * stopping(bounds("peek", INFORMATION, LEVEL), INFORMATION).sum()  # SOLUTION
added_up = 100 * (o.sum() / s.sum() / (oc.sum() / sc.sum()) - 1)  # SOLUTION
within_days = 100 * (w * (o / s - oc / sc)).sum() / (w * oc / sc).sum()  # SOLUTION
adding_misleads = abs(added_up - within_days) > 2  # SOLUTION

# %% [raw]
# # END SOLUTION

# %% [raw]
# # BEGIN TESTS


# %%
def test_stops_says_yes_or_no_of_each(stops, releases, SERVICE):
    import numpy as np

    counts = releases.draw(SERVICE, 0.0, 5, 3)
    found = stops(*(one[:, :2].copy() for one in counts))
    assert found is not None and found is not ..., "stops returns nothing yet"
    assert np.shape(found) == (5,), (
        f"five releases need five answers, and yours has the shape {np.shape(found)}"
    )
    assert np.asarray(found).dtype == bool, "truth values are due, True where it is to be stopped"


# %%
def test_stops_keeps_its_level(stops, releases, SERVICE, LEVEL):
    found = releases.false_stops(stops, SERVICE, 2)
    assert found <= releases.allowed(LEVEL), (
        f"of 20,000 sound releases your rule stops {found:.1%}, and {LEVEL:.1%} were promised; is "
        "each day compared within itself, and does the bound know how often you look?"
    )


# %%
def test_stops_stops_a_large_fault(stops, releases, SERVICE, FAULTS):
    assert not releases.sleeps(stops, SERVICE, max(FAULTS), 2), (
        "a large fault does as much harm as if nobody looked; which sign has a difference that is "
        "bad news, and does the rule say stop before everybody has it?"
    )


# %%
def test_peeked(peeked, LEVEL, SHARES):
    assert peeked is not ..., "peeked is not set yet"
    assert peeked > 1, "percent are due; that looks like a share"
    assert peeked > 100 * LEVEL * 1.2, "somebody who looks each day stops more than one look does"
    assert peeked <= 100 * LEVEL * len(SHARES), "not more than the looks add up to"


# %%
def test_added_up_and_within_days(added_up, within_days, adding_misleads, seen):
    import numpy as np

    assert added_up is not ... and within_days is not ..., "these two are not set yet"
    orders, sessions, control, others = (one.sum() for one in seen)
    assert np.isclose(control / others * (1 + added_up / 100) * sessions, orders), (
        "so many percent above the control's orders per session, the canary does not have its own; "
        "is it percent of the control?"
    )
    rates = seen[0] / seen[1] - seen[2] / seen[3]
    each = 100 * rates / (seen[2] / seen[3])
    assert each.min() <= within_days <= each.max(), (
        "within days it lies between the worst day's and the best one's difference"
    )
    assert adding_misleads is not ..., "adding_misleads is not set yet"
    assert str(adding_misleads) in ("True", "False"), "adding_misleads is True or False"


# %% [raw]
# # END TESTS

# %% [raw]
# # END QUESTION

# %% [raw]
# # BEGIN QUESTION
# name: q2
# points: 5

# %% [markdown]
# ## 2. Who gets it on which day (35 minutes, 5 points)
#
# Before a release nobody knows which kind it is. `CHANCES` maps what it costs, as a share of orders, to how likely that is; below 0 it *brings* orders. Each is watched every day with corrected bounds (`"obrien-fleming"`, level `LEVEL`), stopped where they are crossed, and goes to everybody when the plan ends. Caution costs, too: a good release that waits, or is stopped, does not bring what it could.
#
# Write `expected(plan)`: the orders that a release is expected to cost in 28 days under a plan, compared with somebody who knows each release's kind beforehand, ships the good ones to everybody on the first day and the bad ones to nobody. So each kind adds its chance times the orders that it loses; for one that brings orders, these are the orders of 28 days that it could have brought and did not. `orders_lost(plan, SESSIONS, loss, stopped, RATE)` and `stopped_by_day(plan, SESSIONS, loss, level=LEVEL, rate=RATE)` count for one kind; `orders_lost` is below 0 where orders are won.
#
# Set `chosen` to the name of a plan of `PLANS`. It earns one point if its expected cost is at most 10 % above that of the cheapest of them, and another at 2 %.
#
# Two findings to look at again. At a fault of 2 % and a million sessions a week a canary of 1 % lost more orders than one of 10 %. Set `tiny_loses_more` to whether `steady(0.01, 12)` loses more than `steady(0.1, 12)` in your service at a release that costs `SMALL`. And stages were seldom the best of the first lab's plans. Set `stages_best` to whether the cheapest of `PLANS` has more than one share.

# %%
PLANS = releases.family()
CHANCES = {
    -GAIN: 1 - DRAWN["chance_small"] - DRAWN["chance_large"],
    SMALL: DRAWN["chance_small"],
    LARGE: DRAWN["chance_large"],
}
pd.DataFrame({"costs, % of orders": [100 * loss for loss in CHANCES], "chance": CHANCES.values()})

# %% [raw]
# # BEGIN SOLUTION


# %%
# BEGIN SOLUTION NO PROMPT
def lost_in(plan, loss):
    """Orders lost by one kind of release."""
    stopped = stopped_by_day(plan, SESSIONS, loss, level=LEVEL, rate=RATE)
    return orders_lost(plan, SESSIONS, loss, stopped, RATE)


# END SOLUTION
def expected(plan):
    """Orders that a release is expected to cost, compared with knowing its kind."""
    # BEGIN SOLUTION
    could = SESSIONS * RATE * 28
    return sum(
        chance * (lost_in(plan, loss) + max(-loss, 0) * could) for loss, chance in CHANCES.items()
    )
    # END SOLUTION


# BEGIN SOLUTION NO PROMPT
costs = {name: expected(plan) for name, plan in PLANS.items()}
tiny, tenth = (lost_in(steady(share, 12), SMALL) for share in (0.01, 0.1))
# END SOLUTION

chosen = min(costs, key=costs.get)  # SOLUTION
tiny_loses_more = bool(tiny > tenth)  # SOLUTION
stages_best = len(set(PLANS[chosen].shares)) > 1  # SOLUTION

# %% [raw]
# # END SOLUTION

# %% [raw]
# # BEGIN TESTS


# %%
def test_expected(expected, steady, SESSIONS, RATE, CHANCES):
    found = expected(steady(0.1, 7))
    assert found is not None and found is not ..., "expected returns nothing yet"
    assert found > 0, "compared with somebody who knows, every plan costs orders: above 0 is due"
    whole = SESSIONS * RATE * 28
    most = whole * sum(chance * abs(loss) for loss, chance in CHANCES.items())
    assert found <= most * 1.001, (
        "that is more than all faults let through for 28 days and all gains missed; is each kind "
        "taken times its chance?"
    )
    (gain, chance), *_ = ((-loss, chance) for loss, chance in CHANCES.items())
    waits = whole / 28 * gain * chance * (7 - 0.7)
    assert found >= waits * 0.999, (
        "a good release that waits a week at 10 % misses more than that by itself; is what it "
        "could have brought counted?"
    )


# %%
def test_chosen(chosen, expected, PLANS):
    assert chosen is not ..., "chosen is not set yet"
    assert isinstance(chosen, str) and chosen in PLANS, "chosen is the name of one of PLANS"
    mine = expected(PLANS[chosen])
    for name in ("1 % for 21 days", "50 % for 7 days", "10 % for 2, then 50 % for 5"):
        assert mine <= expected(PLANS[name]) * 1.1, (
            f"by your own expected, {name!r} is cheaper by more than a tenth"
        )


# %%
def test_the_two_findings_on_plans(tiny_loses_more, stages_best):
    for name, answer in (("tiny_loses_more", tiny_loses_more), ("stages_best", stages_best)):
        assert answer is not ..., f"{name} is not set yet"
        assert str(answer) in ("True", "False"), f"{name} is True or False"


# %% [raw]
# # END TESTS

# %% [raw]
# # END QUESTION

# %% [raw]
# # BEGIN QUESTION
# name: q3
# points: 6

# %% [markdown]
# ## 3. Whom do you wake? (50 minutes, 6 points)
#
# `days` are 24 weeks of your service: `days.psi` has the index (PSI) of each of `INPUTS` against a quiet week, a row for each day, and `days.score` that of the model's score; `days.clicks`, `days.orders` (a column for each of eight cuisines) and `days.sessions` are counts. `diary` says what was wrong on each day, an empty text where nothing was, and `MENDS` who can mend what. Each of the faults came twice, for a week.
#
# Set `costs_here` to a dictionary from the name of each of the faults to how many percent of its orders your town lost by it: orders per session are averaged over its days, each day counting alike, and compared with the same average over all quiet days. Below 0 where orders rose.
#
# An alarm that most would build first rings on each day on which the index of some input is above 0.2. A fault is *worth waking for* if `costs_here` says 3 or more. Set `rang_for_nothing` to the number of days of the 24 weeks on which that alarm rings though nothing worth waking for is going on, and `slept` to the number of days with a fault worth waking for on which it does not.
#
# Now write a better one. `whom_to_wake(days)` gets the days so far, today the last of them (`days.psi[-1]`), in a fortnight that it has not seen, and returns one of `PEOPLE` or an empty text for nobody. The same faults come, in a fortnight at most one; it begins on one of the days 5 to 9 (the first is day 0) and lasts. Your rule is asked from day 4 on. Whoever is woken mends what is theirs at once, and nothing else. To wake somebody for a fault that costs less than 3 %, or the wrong one, or on a quiet day, is a false alarm, and the fortnight goes on. With at most one false alarm a week your rule earns a point for each of these shares of the orders that are lost if nobody is woken, and that it saves: 50, 75 and 90 %.
#
# In the book the loudest fault was harmless: a PSI of 7.7 cost nothing. Set `loudest_harmless` to whether the fault on whose days the mean index of one input is the largest of all is *not* worth waking for in your town.

# %%
days, diary = fortnights.record(TOWN, SEED)
MENDS = {fault.name: fault.who for fault in TOWN.faults}
diary = np.array(diary)
print("Who can be woken:", ", ".join(PEOPLE))
pd.DataFrame({"who can mend it": MENDS})

# %% [raw]
# # BEGIN SOLUTION

# %%
# BEGIN SOLUTION NO PROMPT
per_session = days.orders.sum(axis=1) / days.sessions
quiet = diary == ""
usual = per_session[quiet].mean()
drops = {name: 100 * (1 - per_session[diary == name].mean() / usual) for name in MENDS}
# END SOLUTION
costs_here = drops  # SOLUTION
# BEGIN SOLUTION NO PROMPT
worth = [name for name in MENDS if costs_here[name] >= 3]
costly, rings = np.isin(diary, worth), (days.psi > 0.2).any(axis=1)
means = {name: days.psi[diary == name].mean(axis=0) for name in MENDS}
loudest = max(MENDS, key=lambda name: means[name].max())
# An input is worth an alarm if a fault that costs moves it.
heeded = [k for k in range(len(INPUTS)) if any(means[name][k] > 0.1 for name in worth)]
menu = (days.orders / days.sessions[:, None])[quiet].mean(axis=0)
spread = per_session[quiet].std(ddof=1) / usual
join_costs = any(MENDS[name] == "engineers" for name in worth)
# END SOLUTION
rang_for_nothing = int((rings & ~costly).sum())  # SOLUTION
slept = int((costly & ~rings).sum())  # SOLUTION


def whom_to_wake(days):
    """Whom to wake today; an empty text for nobody."""
    # BEGIN SOLUTION
    if (days.psi[-1, heeded] > 0.1).any():
        return "infrastructure"
    if (days.orders[-1] / days.sessions[-1] < 0.3 * menu).any():
        return "product"
    if (days.psi[-1] > 0.1).any():
        return ""
    if days.score[-1] > 0.08:
        return "engineers" if join_costs else ""
    away = (days.orders.sum(axis=1) / days.sessions / usual - 1) / spread
    low = away[-1] < -3 or away[-2:].sum() / math.sqrt(2) < -3
    return "manager" if low else ""
    # END SOLUTION


loudest_harmless = loudest not in worth  # SOLUTION

# %% [raw]
# # END SOLUTION

# %% [raw]
# # BEGIN TESTS


# %%
def test_costs_here(costs_here, MENDS, days, diary):
    import numpy as np

    assert costs_here is not ..., "costs_here is not set yet"
    assert isinstance(costs_here, dict), f"a dictionary is due, not a {type(costs_here).__name__}"
    assert set(costs_here) == set(MENDS), "a number for each name in MENDS, please"
    values = np.array(list(costs_here.values()), dtype=float)
    assert np.abs(values).max() > 1, "these look like shares; percent are due"
    assert costs_here["a competitor opens"] > 0 > costs_here["a holiday"], (
        "a competitor takes orders away and a holiday brings some; is the sign turned?"
    )
    name = "a cuisine is gone"
    per_session = days.orders.sum(axis=1) / days.sessions
    left = per_session[diary == ""].mean() * (1 - costs_here[name] / 100)
    assert np.isclose(left, per_session[diary == name].mean(), rtol=1e-4), (
        f"{name}: without that share of a quiet day's orders per session, its days do not have "
        "their own"
    )


# %%
def test_the_first_alarm(rang_for_nothing, slept, days, diary):
    assert rang_for_nothing is not ... and slept is not ..., "these two are not set yet"
    for answer in (rang_for_nothing, slept):
        assert answer == int(answer) and 0 <= answer <= len(days), "a number of days is due"
    rings = int((days.psi > 0.2).any(axis=1).sum())
    assert rang_for_nothing <= rings, "it does not even ring on so many days"
    assert rang_for_nothing >= (diary == "a holiday").sum(), "on a holiday it rings for nothing"
    assert slept >= (diary == "a competitor opens").sum(), "no input tells of a competitor"


# %%
def test_whom_to_wake(whom_to_wake, fortnights, PEOPLE, TOWN):
    found = whom_to_wake(fortnights.fortnights(TOWN, 2, 1)[0][0].until(4))
    assert found is not None and found is not ..., "whom_to_wake returns nothing yet"
    assert found in ("", *PEOPLE), "an empty text for nobody, or one of PEOPLE"
    watch = fortnights.judge(whom_to_wake, TOWN, 2)
    assert watch.false_a_week <= fortnights.FALSE_A_WEEK, (
        f"{watch.false_a_week:.1f} false alarms a week; what only looks bad here, and whom do "
        "you wake for what somebody else must mend?"
    )
    assert watch.saved >= fortnights.SAVED[0], (
        f"it saves {watch.saved:.0%} of what is lost if nobody is woken; which faults move no "
        "input at all?"
    )


# %%
def test_loudest_harmless(loudest_harmless):
    assert loudest_harmless is not ..., "loudest_harmless is not set yet"
    assert str(loudest_harmless) in ("True", "False"), "loudest_harmless is True or False"


# %% [raw]
# # END TESTS

# %% [raw]
# # END QUESTION

# %% [raw]
# # BEGIN QUESTION
# name: q4
# points: 4

# %% [markdown]
# ## 4. Servers for dinner time (25 minutes, 4 points)
#
# All towns of the app together send `WEEK` requests a week to the ranker. They come at random, but in the busiest hour `PEAK` times as many as on the average of the day. They wait in one line before the servers, and each takes `SERVICE_MS` on average, with exponential times. Promised are `LIMIT_MS` for 99 of 100 requests.
#
# Write `replicas(rate, service_ms, limit_ms)`: the smallest number of servers with which the p99 of `rate` requests a second is at most `limit_ms`. `percentile_ms(0.99, servers, utilisation, service_ms)` is exact, for a utilisation below 1. Where even a lone request is slower than the limit once in a hundred times, return 0: no number of servers helps.
#
# Set `needed` to the servers for the busiest hour, and `doubled` to how many *percent* busy so many servers are when their p99 is twice what it is on an empty line. In the book a service that was sized on the daily mean had more to do at dinner time than it could. Set `mean_drowns` to whether yours has: with as many servers as the *mean* rate of the day needs for the promise, is there at least as much work in the busiest hour as they can do?

# %%
WEEK = round(1_000_000 * DRAWN["week"])
SERVICE_MS = float(DRAWN["service"])
LIMIT_MS = SERVICE_MS * DRAWN["patience"]
MEAN_RATE = WEEK / 7 / 86_400  # requests a second

# %% [raw]
# # BEGIN SOLUTION


# %%
def replicas(rate, service_ms, limit_ms):
    """The smallest number of servers whose p99 keeps the limit; 0 where none does."""
    # BEGIN SOLUTION
    if percentile_ms(0.99, 1, 0.0, service_ms) > limit_ms:
        return 0
    load = rate * service_ms / 1_000
    servers = math.floor(load) + 1
    while percentile_ms(0.99, servers, load / servers, service_ms) > limit_ms:
        servers += 1
    return servers
    # END SOLUTION


needed = replicas(PEAK * MEAN_RATE, SERVICE_MS, LIMIT_MS)  # SOLUTION
# BEGIN SOLUTION NO PROMPT
low, high = 0.0, 1 - 1e-9
while high - low > 1e-9:
    busy = (low + high) / 2
    if percentile_ms(0.99, needed, busy, 1.0) < 2 * percentile_ms(0.99, needed, 0.0, 1.0):
        low = busy
    else:
        high = busy
naive = replicas(MEAN_RATE, SERVICE_MS, LIMIT_MS)
peak_work = PEAK * MEAN_RATE * SERVICE_MS / 1_000
# END SOLUTION
doubled = 100 * low  # SOLUTION
mean_drowns = bool(peak_work >= naive)  # SOLUTION

# %% [raw]
# # END SOLUTION

# %% [raw]
# # BEGIN TESTS


# %%
def test_replicas(replicas, percentile_ms):
    found = replicas(100, 20.0, 150.0)
    assert found is not None and found is not ..., "replicas returns nothing yet"
    assert found == int(found) and found >= 1, "a whole number of servers is due"
    assert found > 2, "100 requests a second of 20 ms each are work for two: two can never rest"
    load = 100 * 0.02
    assert percentile_ms(0.99, int(found), load / found, 20.0) <= 150, (
        f"with {found} servers p99 is above the limit"
    )
    assert found == 3 or percentile_ms(0.99, int(found) - 1, load / (found - 1), 20.0) > 150, (
        f"one server fewer than {found} keeps the limit, too"
    )
    assert replicas(100, 20.0, 50.0) == 0, (
        "one in a hundred takes 92 ms without any line: within 50 ms no number of servers helps"
    )


# %%
def test_dinner_time(
    needed, doubled, replicas, percentile_ms, PEAK, MEAN_RATE, SERVICE_MS, LIMIT_MS
):
    import numpy as np

    assert needed is not ..., "needed is not set yet"
    assert needed == replicas(PEAK * MEAN_RATE, SERVICE_MS, LIMIT_MS), (
        "by your own replicas the busiest hour needs another number"
    )
    assert doubled is not ..., "doubled is not set yet"
    assert 1 < doubled < 100, f"percent between 1 and 100 are due, not {doubled}"
    alone = percentile_ms(0.99, needed, 0.0, SERVICE_MS)
    assert np.isclose(
        percentile_ms(0.99, needed, doubled / 100, SERVICE_MS), 2 * alone, rtol=1e-3
    ), "so busy, their p99 is not twice that of an empty line; is it for needed servers?"


# %%
def test_mean_drowns(mean_drowns):
    assert mean_drowns is not ..., "mean_drowns is not set yet"
    assert str(mean_drowns) in ("True", "False"), "mean_drowns is True or False"


# %% [raw]
# # END TESTS

# %% [raw]
# # END QUESTION

# %% [raw]
# # BEGIN QUESTION
# name: q5
# points: 3

# %% [markdown]
# ## 5. What Friday cost (20 minutes, 3 points)
#
# On Friday, 27 November, something went wrong with a release that went out by a plan of its own, not by your `SHARES`. `log` is what was written down (minutes are counted from midnight), and `table` has the sessions and orders of that evening in steps of five minutes, beside those of the Friday before, when nothing was wrong. The harm begins when the release goes to all sessions, and ends when all slates come from release 47 again.
#
# Set `minutes` to a list of three numbers, all counted in minutes from the beginning of the harm: until the alarm rang, until a person noticed (the line after the alarm), and until the harm ended.
#
# Set `orders_gone` to the orders lost: the sum, over the rows in which the harm lasted, of that row's sessions times what its orders per session lack to those of the same row a week before. (A row stands for the five minutes that begin with it.)
#
# What would it have been worth to hear the alarm? Suppose that everything that was done from the noticing on had been done from the alarm on, as fast as it was. Then the harm would have ended earlier by the time between the two. Set `spared` to the orders that would not have been lost: those of the rows at the harm's end that fall away.

# %%
friday = draw_incident(SEED, SESSIONS, RATE)
log = pd.DataFrame(friday.log, columns=["minute", "who", "what"])
table = pd.DataFrame(
    {
        "minute": friday.minute,
        "sessions": friday.sessions,
        "orders": friday.orders,
        "sessions before": friday.sessions_before,
        "orders before": friday.orders_before,
    },
    index=[clock(minute) for minute in friday.minute],
)
Markdown("\n".join(f"- **{clock(minute)}**, {who}: {what}" for minute, who, what in friday.log))

# %% [raw]
# # BEGIN SOLUTION

# %%
# BEGIN SOLUTION NO PROMPT
began, rang, noticed, ended = log.minute.iloc[[1, 2, 3, -1]]
lacks = table.sessions * (
    table["orders before"] / table["sessions before"] - table.orders / table.sessions
)


def gone(start, end):
    """Orders lost from one minute to another."""
    return float(lacks[(table.minute >= start) & (table.minute < end)].sum())


# END SOLUTION
minutes = [int(rang - began), int(noticed - began), int(ended - began)]  # SOLUTION
orders_gone = gone(began, ended)  # SOLUTION
spared = gone(ended - (noticed - rang), ended)  # SOLUTION

# %% [raw]
# # END SOLUTION

# %% [raw]
# # BEGIN TESTS


# %%
def test_minutes(minutes, log):
    import numpy as np

    assert minutes is not ..., "minutes is not set yet"
    assert np.shape(minutes) == (3,), "a list of three numbers is due"
    assert 0 < minutes[0] < minutes[1] < minutes[2], (
        "first the alarm rings, then somebody notices, then it ends; are all three counted from "
        "the beginning of the harm?"
    )
    assert minutes[2] <= log.minute.iloc[-1] - log.minute.iloc[0], (
        "that is longer than the whole log; minutes of the evening, not of the day"
    )


# %%
def test_orders_gone(orders_gone, spared, table):
    assert orders_gone is not ... and spared is not ..., "these two are not set yet"
    assert orders_gone > 0, "orders were lost: above 0 is due"
    assert orders_gone < table["orders before"].sum(), "so many were not even ordered a week before"
    assert orders_gone == orders_gone and spared == spared, "a number is due"
    assert 0 < spared < orders_gone, "what could have been spared is a part of what was lost"


# %% [raw]
# # END TESTS

# %% [raw]
# # END QUESTION

# %% [raw]
# # BEGIN QUESTION
# name: q6
# points: 8
# manual: true

# %% [markdown]
# ## 6. The post-mortem (45 minutes, 8 points)
#
# Write the post-mortem of your Friday for those who were there and for those who will be there next time, in at most 350 words: what happened when, with numbers; what was seen, by whom, and what was seen by nobody though it was there; what contributed; what will be changed, by whom and by when. Nobody is to blame: somebody did what looked sensible with what they knew, and the next one would have done it, too. Close with a paragraph to your manager: one finding of the book on which this service must not rely, since it does not hold here, and one that does; by which of your numbers, and which of your service's settings makes the difference.
#
# Two points each for: the timeline and its numbers; contributing causes instead of one root, and nobody to blame; actions that follow, each with an owner and a date; what holds here and what does not.

# %% [raw]
# # BEGIN SOLUTION

# %% [markdown]
# **Friday, 27 November: 125 minutes with somebody else's history**
#
# **What happened.** At 16:45 release 48 went to all sessions. Of its two days at 10 %, ten minutes were left, and 41 sessions. It joined each session with the customer before. At 16:55 the score's index rang in *alarms*, a channel that had been muted on Monday after 31 alarms in a week. Nobody heard it. At 17:45 the manager noticed, at home. The cache was emptied (17:55, no effect). At 18:20 two slates were compared and the join was found. At 18:25 release 47 was not on the server. At 18:40 it ran again, and at 18:50 all slates were right. We lost 5,428 orders; had the alarm been heard, 2,872 of them would have been spared.
#
# **What contributed.** 41 sessions show nothing, and the campaign at 18:00 made two days look long. 31 alarms a week teach anybody to mute them. Orders had no alarm. The clean-up of old files did not know what a rollback needs. None of these would have been enough alone. “Product pushed this through” was written in the channel: product and engineers decided together, with what they could see.
#
# **What changes.** Infrastructure keeps the last three releases on the server by 1 December, and rolls one back each month, first on 7 December. Engineers put the rule of question 3 in place of the present alarms by 11 December; it names whom it wakes. Product plans campaigns at least two days after a release, from today, and asks for a longer canary where one is cut.
#
# **To the manager.** Do not rely on “one per cent loses more than ten”. It held for a fault of 2 %. Our small fault costs 12 %, and with 320,000 sessions a day even 1 % shows it on the first day: 214 orders lost against 773. What does hold is the dinner peak: sized on the mean of the day we would have two servers, with work for 4.4 from six to seven. We need six.

# %% [raw]
# # END SOLUTION

# %% [raw]
# # END QUESTION
