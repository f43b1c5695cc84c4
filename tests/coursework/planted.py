"""Wrong answers, three to every question: what a student might well write, and what they hear.

Each entry is a question's code, a part of what its public check says, and the probes (counted
from 0) that still earn their points.
"""

_DECOMPOSE = """
def decompose(predictions, target):
    mean = predictions.mean(axis=0)
    ensemble = ((mean - target) ** 2).mean()
    average = ((predictions - target) ** 2).mean()
    return {returned}
ensemble_error, average_error, ambiguity = decompose(test, test_target)
pays = {pays}
"""
_RIDGE = """
def ridge_weights(predictions, target, penalty):
    gram = predictions @ predictions.T
    return np.linalg.solve(gram + {added}, predictions @ target)
best_ridge = {best}
blend_error, newcomer_weight, kept_error, refit_error = {errors}
upgrade_hurts = {hurts}
"""
_NO_ANSWER = """
def strict(members, failure):
    return {strict}
def degraded(members, failure, missing):
    return {degraded}
never_whole, spares = {promise}
"""
_COMMITTEE = """
def largest_committee(share, limit):
    server = Stragglers(share=share)
    return {found}
largest = {largest}
in_time = {in_time}
"""
_EVEN = """
def break_even(value, slower, gain, lost, yearly):
    net = (1 + gain) * (1 - {lost}) ** slower - 1
    per_session = {orders} * value * net
    return {returned}
needed = {needed}
stays_ahead = {ahead}
worth_it = {worth}
"""
_FITS = "(n for n in range(1, 51) if server.quantile(0.99, n) <= limit)"

ENSEMBLING = {
    "q1": [
        (
            _DECOMPOSE.format(
                returned="average, average, ((predictions - mean) ** 2).mean()", pays="'yes'"
            ),
            "the mean's error and the average member's differ here",
            (),
        ),
        (
            _DECOMPOSE.format(returned="ensemble, average, ensemble - average", pays="False"),
            "average - ambiguity is not the mean's error",
            (),
        ),
        (
            _DECOMPOSE.format(
                returned="ensemble, average, predictions.std(axis=0).mean()", pays="None"
            ),
            "the three do not fit the law",
            (),
        ),
    ],
    "q2": [
        (
            _RIDGE.format(added="penalty", best="5.0", errors="1.0, 0.5, 1.0, 0.5", hurts="'no'"),
            "not in PENALTIES",
            (),
        ),
        (
            _RIDGE.format(
                added="2 * penalty * np.eye(len(gram))",
                best="'10'",
                errors="1.0, 1.0, kept_error, kept_error",
                hurts="False",
            ),
            "is the penalty added once, to the diagonal?",
            (),
        ),
        (
            "def ridge_weights(predictions, target, penalty):\n"
            "    return predictions @ target / len(target)\n"
            "best_ridge = 3\nblend_error, newcomer_weight = blend_error, -newcomer_weight\n"
            "kept_error, refit_error = refit_error, kept_error\nupgrade_hurts = 1",
            "a member that is the target but for a factor",
            (),
        ),
    ],
    "q3": [
        (
            _NO_ANSWER.format(
                strict="(1 - failure) ** members",
                degraded="float(binom.cdf(missing, members, failure))",
                promise="strict(4, FAILURE), 0",
            ),
            "that is how often there *is* an answer",
            (),
        ),
        (
            _NO_ANSWER.format(
                strict="members * failure",
                degraded="failure ** (missing + 1)",
                promise="4 * FAILURE, 2",
            ),
            "both may fail at once",
            (),
        ),
        (
            _NO_ANSWER.format(
                strict="failure ** members",
                degraded="float(binom.pmf(missing, members, failure))",
                promise="FAILURE, 4",
            ),
            "for two members that fail once in ten",
            (),
        ),
    ],
    "q4": [
        (
            _COMMITTEE.format(
                found=f"max({_FITS}, default=0) + 1", largest="50", in_time="largest >= 4"
            ),
            "50 are too late",
            (),
        ),
        (
            _COMMITTEE.format(found=f"min({_FITS}, default=0)", largest="1", in_time="'yes'"),
            "1 are too late",
            (),
        ),
        (
            _COMMITTEE.format(
                found=f"max({_FITS.replace('0.99', '0.5')}, default=0)",
                largest="largest_committee(TOWN['straggling'], TOWN['limit'])",
                in_time="largest >= 4",
            ),
            "are too late",
            (),
        ),
    ],
    "q5": [
        (
            _EVEN.format(
                lost="lost / 100",
                orders="1",
                returned="yearly / per_session",
                needed="break_even(**OFFER)",
                ahead="needed < math.inf",
                worth="needed <= SESSIONS",
            ),
            "a session has 0.4 orders, not one",
            (),
        ),
        (
            _EVEN.format(
                lost="lost",
                orders="0.4",
                returned="yearly / per_session if per_session > 0 else math.inf",
                needed="9e6",
                ahead="True",
                worth="None",
            ),
            "is lost a percentage?",
            (),
        ),
        (
            _EVEN.format(
                lost="lost / 100",
                orders="0.4",
                returned="yearly / per_session",
                needed="abs(break_even(**OFFER))",
                ahead="'no'",
                worth="True",
            ),
            "so no size pays",
            (),
        ),
    ],
}

_CHANGES = """
def changes(dial):
    before, after = (evaluate(sessions, blend(scores, at)) for at in (0.0, dial))
    return {{
        name: {value}
        for name in ("clicks", "orders", "life_value")
    }}
all_clicks = {all}
life_falls = {falls}
largest_dial, best_dial = {dials}
"""
_TEST = """
def lift_interval(orders_a, sessions_a, orders_b, sessions_b):
    a, b = orders_a / sessions_a, orders_b / sessions_b
    error = {error}
    return {low}, {high}
def decide(low, high, least):
    return {decision}
interval = lift_interval(ORDERS_A, ARM, ORDERS_B, ARM)
decision = {here}
"""
_NEEDED = """
def sessions_needed(rate, lift):
    return {needed}
weeks = {weeks}
in_a_quarter = {quarter}
"""
_LOG = """
def ips(reward, propensity, agrees):
    return float({ips})
def effective_size(propensity, agrees):
    weights = agrees / propensity
    return float({size})
estimate = {estimate}
effective = effective_size(propensity, agrees)
replay_leans, under_a_fifth = {conclusions}
"""
_OWN = "(a * (1 - a) / sessions_a + b * (1 - b) / sessions_b) ** 0.5"
_SHIP = '"ship" if low > least else "stop" if high < least else "go on"'

OBJECTIVES = {
    "q1": [
        (
            _CHANGES.format(
                value="getattr(after, name) / getattr(before, name) - 1",
                all="changes(1.0)",
                falls="life_falls",
                dials="1.0, 1.0",
            ),
            "that looks like a share",
            (2,),
        ),
        (
            _CHANGES.format(
                value="100 * (1 - getattr(after, name) / getattr(before, name))",
                all="changes(1.0)",
                falls="'yes'",
                dials="0.0, 0.5",
            ),
            "is the sign turned?",
            (),
        ),
        (
            _CHANGES.format(
                value="100 * (getattr(after, name) / getattr(before, name) - 1)",
                all="changes(0.95)",
                falls="not life_falls",
                dials="0.05, 1.0",
            ),
            "the next setting keeps it too",
            (0,),
        ),
    ],
    "q2": [
        (
            _TEST.format(
                error=_OWN,
                low="a - b - 1.96 * error",
                high="a - b + 1.96 * error",
                decision=_SHIP,
                here="decide(*interval, LEAST)",
            ),
            "B minus A",
            (),
        ),
        (
            _TEST.format(
                error="(a * (1 - a) + b * (1 - b)) ** 0.5",
                low="b - a - 1.96 * error",
                high="b - a + 1.96 * error",
                decision='"ship" if low > least else "go on"',
                here="decide(*interval, LEAST)",
            ),
            "is the variance divided by the number of sessions?",
            (),
        ),
        (
            _TEST.format(
                error=_OWN,
                low="b - a - error",
                high="b - a + error",
                decision='"ship" if low > 0 else "stop" if high < 0 else "go on"',
                here="'Ship'",
            ),
            "the half is 1.96 standard errors",
            (),
        ),
    ],
    "q3": [
        (
            _NEEDED.format(
                needed="(norm.ppf(0.975) + norm.ppf(0.8)) ** 2 * rate * (1 - rate) / lift**2",
                weeks="sessions_needed(ORDERS_A / ARM, LEAST) / WEEKLY",
                quarter="weeks <= 13",
            ),
            "is the factor 2 for two arms there?",
            (),
        ),
        (
            _NEEDED.format(
                needed="(norm.ppf(0.975) + norm.ppf(0.8)) ** 2 * 2 * rate * (1 - rate) / lift",
                weeks="52",
                quarter="None",
            ),
            "half the lift takes four times as many sessions",
            (),
        ),
        (
            _NEEDED.format(
                needed="norm.ppf(0.975) ** 2 * 2 * rate * (1 - rate) / lift**2",
                weeks="-1",
                quarter="True",
            ),
            "it is about 392, not 192",
            (),
        ),
    ],
    "q4": [
        (
            _LOG.format(
                ips="(reward / propensity)[agrees].mean()",
                size="weights.sum() ** 2 / (weights**2).sum()",
                estimate="3.0",
                conclusions="'high', False",
            ),
            "the mean is over all sessions",
            (),
        ),
        (
            _LOG.format(
                ips="(agrees * reward).mean()",
                size="weights.sum()",
                estimate="-0.2",
                conclusions="'too high', 'yes'",
            ),
            "one of two agrees and counts 1 / 0.5",
            (),
        ),
        (
            _LOG.format(
                ips="(agrees * reward / propensity).mean()",
                size="weights.sum() / (weights**2).sum()",
                estimate="reward.mean()",
                conclusions="True, 0",
            ),
            "four sessions of equal weight are worth four",
            (),
        ),
    ],
    "q5": [
        ("year_of_the_107 = 2009\nmodels_put_in_production = 0", "that is what the slide says", ()),
        ("year_of_the_107 = '2008'\nmodels_put_in_production = 107", "not all of them", ()),
        ("year_of_the_107 = 2010\nmodels_put_in_production = 1.0", "ran from 2006 to 2009", ()),
    ],
}

_CONFLICT = """
def conflict(menu):
    best = menu[MEASURES].max()
    ideal = [menu.loc[menu[measure].idxmax(), MEASURES] for measure in MEASURES]
    return {returned}
largest_loss = {largest}
half_of_ads, dearer_wish = {conclusions}
"""
_CHOOSE = """
def utility(menu, measure, today):
    values = menu[measure]
    return {utility}
def choose(weights):
    total = sum({summand} for measure, weight in weights.items())
    return int({chosen})
choices = {choices}
agreed_row = {agreed}
"""
_WORTH = "weight * utility(menu, measure, today)"
_FRONT = """
def front(menu, a, b):
    kept = []
    for label, row in menu.iterrows():
        if not ({beaten}).any():
            kept.append(label)
    return {returned}
never_chosen = {never}
"""
_NO_WORSE = "(menu[a] >= row[a]) & (menu[b] >= row[b])"
_ADS = """
def most_ads(share):
    {body}
gained = {gained}
given_up = {given_up}
binding = {binding}
order_price, dearer = {price}
"""
_MIX = """
def p95_of_mix(fast, slow, share):
    return {mix}
def largest_share(fast, slow, limit):
    {largest}
share_here, half_ok = {here}
"""

STAKEHOLDERS = {
    "q1": [
        (
            _CONFLICT.format(
                returned="[[100 * (1 - row[m] / best[m]) for m in MEASURES] for row in ideal]",
                largest="largest_loss",
                conclusions="False, 'ad_revenue'",
            ),
            "row i is who loses, column j whose wish; turned round?",
            (1,),
        ),
        (
            _CONFLICT.format(
                returned="[[1 - row[m] / best[m] for row in ideal] for m in MEASURES]",
                largest="largest_loss / 100",
                conclusions="'yes', 'profit'",
            ),
            "those look like shares; percent are due",
            (),
        ),
        (
            _CONFLICT.format(
                returned="[[100 * (row[m] / best[m] - 1) for row in ideal] for m in MEASURES]",
                largest="0.0",
                conclusions="None, 'ad_revenue'",
            ),
            "somebody gains by another's wish; is the sign turned?",
            (),
        ),
    ],
    "q2": [
        (
            _CHOOSE.format(
                utility="(values - values.min()) / (values.max() - values.min())",
                summand="utility(menu, measure, today)",
                chosen="total.idxmax()",
                choices="21",
                agreed="-1",
            ),
            "only today's row and the best may fix the scale",
            (),
        ),
        (
            _CHOOSE.format(
                utility="((values - values[today]) / (values.max() - values[today])).clip(0)",
                summand=_WORTH,
                chosen="total.idxmin()",
                choices="len(SLIDER)",
                agreed="None",
            ),
            "a row with fewer orders than today's is worth less than 0",
            (),
        ),
        (
            _CHOOSE.format(
                utility="(values - values[today]) / (values.max() - values[today])",
                summand="weight * menu[measure]",
                chosen="total.idxmax()",
                choices="choices - 1",
                agreed="agreed_row + 1",
            ),
            "your own choose picks another number of rows",
            (0,),
        ),
    ],
    "q3": [
        (
            _FRONT.format(
                beaten="(menu[a] > row[a]) & (menu[b] > row[b])",
                returned="sorted(kept)",
                never="0",
            ),
            "row 11 is beaten: row 12 has as much x and more y",
            (),
        ),
        (
            _FRONT.format(
                beaten=_NO_WORSE + " & (menu.index != label)",
                returned="sorted(kept)",
                never="str(never_chosen)",
            ),
            "of two equal rows neither is better, so neither is beaten",
            (),
        ),
        (
            _FRONT.format(
                beaten=_NO_WORSE + " & ((menu[a] > row[a]) | (menu[b] > row[b]))",
                returned="sorted(kept)",
                never="len({choose({'orders': w, 'ad_revenue': 1 - w}) for w in WEIGHTS})",
            ),
            "your own choose picks",
            (0,),
        ),
    ],
    "q4": [
        (
            _ADS.format(
                body="one = best_single(menu, 'ad_revenue', "
                "[Bound('orders', share * menu.orders.max())])\n"
                "    return one.ad_revenue, 0.0",
                gained="0.0",
                given_up="-given_up",
                binding="'orders'",
                price="0.0, True",
            ),
            "is yours a single row? A split of traffic is due",
            (),
        ),
        (
            _ADS.format(
                body="split = best_split(menu, 'ad_revenue', "
                "[Bound('orders', share * menu.orders[today])])\n"
                "    return split.value, split.prices['orders']",
                gained="gained",
                given_up="0.0",
                binding="['orders', 'profit']",
                price="-order_price, None",
            ),
            "is the bound on the split's average, and a share of the best?",
            (2,),
        ),
        (
            _ADS.format(
                body="split = best_split(menu, 'ad_revenue', "
                "[Bound('orders', share * menu.orders.max())])\n"
                "    return split.value, split.prices['orders'] * menu.orders.max()",
                gained="gained",
                given_up="given_up + 30",
                binding="['orders']",
                price="order_price / 10, 'no'",
            ),
            "there is a split over two rows that keeps both bounds and has more margin left",
            (0, 2),
        ),
    ],
    "q5": [
        (
            _MIX.format(
                mix="(1 - share) * p95_latency(fast) + share * p95_latency(slow)",
                largest="quick, late = p95_latency(fast), p95_latency(slow)\n"
                "    return min(1.0, max(0.0, (limit - quick) / (late - quick)))",
                here="largest_share(**PHONES), True",
            ),
            "a p95 does not average",
            (),
        ),
        (
            _MIX.format(
                mix="p95_latency(slow if share > 0 else fast)",
                largest="return 1.0 if p95_latency(slow) <= limit else 0.0",
                here="largest_share(**PHONES), 'no'",
            ),
            "requests are later than that, not 5 %",
            (),
        ),
        (
            _MIX.format(
                mix="brentq(lambda ms: share * share_over(fast, ms) "
                "+ (1 - share) * share_over(slow, ms) - 0.05, 1, 9_999)",
                largest="quick, late = share_over(fast, limit), share_over(slow, limit)\n"
                "    return (0.05 - quick) / (late - quick)",
                here="0.9, 0",
            ),
            "with none at the slow model: the fast one's p95",
            (),
        ),
    ],
}

_SKEW = """
def skewed(trainer, server):
    found = {{}}
    for name, column in COLUMN.items():
        right, other = trainer[:, column].astype(float), server[:, column].astype(float)
        if {differs}:
            found[name] = {pair}
    return found
def mend(rows, found):
    for name, (factor, shift) in found.items():
        {mended}
    return rows
faults_here = {faults}
lost = {lost}
trees_lose_less, ads_rise = {conclusions}
"""
_DIFFERS = "not np.allclose(right, other)"
_GATES = """
def outside(rows):
    found = []
    for name, (low, high) in RANGES.items():
        column = rows[:, COLUMN[name]]
        if {out}:
            found.append({named})
    return sorted(found)
def psi(before, after):
    cuts = {cuts}
    old, new = (
        np.maximum(np.bincount(np.digitize(values, cuts), minlength=len(cuts) + 1), 1e-9)
        / len(values)
        for values in (before, after)
    )
    old, new = np.maximum(old, 1e-4), np.maximum(new, 1e-4)
    return float({index})
def unmoved(ask, rows):
    found, before = [], ask(rows).mean()
    for name, (nudged, sign) in NUDGES.items():
        after = ask(with_column(rows, name, nudged(rows[:, COLUMN[name]]))).mean()
        if {still}:
            found.append(name)
    return sorted(found)
naive_psi, naive_alarm = {naive}
"""
_CUTS = "np.unique(np.quantile(before, DECILES))"
_INDEX = "((new - old) * np.log(new / old)).sum()"
_ALARM = """
def alarm(score, clean):
    away = (score - np.mean(clean)) / {deviation}
    return {said}
gained, leak_lost, worse_than_none = {answers}
"""
_POWER = """
def power(before, after, n):
    deviation = math.sqrt(before * (1 - before) / {control} + after * (1 - after) / n)
    return float(norm.cdf({stopped}))
def least_loss(before, n):
    if power(before, 0.0, n) < 0.8:
        return 100.0
    losses = [step / 20 for step in range(2_001)]
    stopped = (one for one in losses if power(before, before * (1 - one / 100), n) >= 0.8)
    return next(stopped){unit}
least_here, canary_sees = {here}
"""
_COVER = """
def smallest(stops):
    to_stop = {to_stop}
    kept = []
    for size in range(len(GATES) + 1):
        found = [
            list(chosen)
            for chosen in itertools.combinations(sorted(GATES), size)
            if all(set(chosen) & set(gates) for gates in to_stop)
        ]
        {collected}
    return {returned}
stops = {stops}
cover, left, upper_needed = {here}
"""
_STOPPED = "[gates for gates in stops.values() if gates]"

SOFTWARE = {
    "q1": [
        (
            _SKEW.format(
                differs=_DIFFERS,
                pair="tuple(np.polyfit(other, right, 1))",
                mended="rows = with_column(rows, name, rows[:, COLUMN[name]] / factor - shift)",
                faults="{}",
                lost="0.0",
                conclusions="'yes', None",
            ),
            "from the trainer's to the server's; turned round?",
            (),
        ),
        (
            _SKEW.format(
                differs=_DIFFERS,
                pair="(other.mean() / right.mean(), 0.0)",
                mended="rows[:, COLUMN[name]] = (rows[:, COLUMN[name]] - shift) / factor",
                faults="{'eta': (60.0, 0.0)}",
                lost="lost / 100",
                conclusions="None, 'no'",
            ),
            "mend changed the rows that it was given",
            (1,),
        ),
        (
            _SKEW.format(
                differs="True",
                pair="tuple(np.polyfit(right, other, 1)) if right.std() else (1.0, 0.0)",
                mended="rows = with_column(rows, name, rows[:, COLUMN[name]] * factor + shift)",
                faults="skewed(trainer, trainer)",
                lost="-lost",
                conclusions="not trees_lose_less, None",
            ),
            "where both compute the same, the dictionary is empty",
            (),
        ),
    ],
    "q2": [
        (
            _GATES.format(
                out="(column < low).any() or (column > high).any()",
                named="name",
                cuts=_CUTS,
                index="(new * np.log(new / old)).sum()",
                still="abs(after / before - 1) < 0.03",
                naive="0.2, 'no'",
            ),
            "which is neither below the range nor above it",
            (),
        ),
        (
            _GATES.format(
                out="not ((column > low) & (column < high)).all()",
                named="name",
                cuts="np.linspace(min(before), max(before), 11)[1:-1]",
                index=_INDEX,
                still="sign * (after / before - 1) >= 0.03",
                naive="naive_psi - 0.05, not naive_alarm",
            ),
            "the trainer's rows are all in range: an empty list is due",
            (),
        ),
        (
            _GATES.format(
                out="not ((column >= low) & (column <= high)).all()",
                named="COLUMN[name]",
                cuts=_CUTS,
                index="((new - old) * np.log(new / old)).mean()",
                still="after / before - 1 < 0.03",
                naive="naive_psi + 1, None",
            ),
            "from 40 % to 60 % of ones the index is",
            (),
        ),
    ],
    "q3": [
        (
            _ALARM.format(
                deviation="max(np.std(clean, ddof=1), 0.005)",
                said='"low" if away < -3 else ""',
                answers="-gained, leak_lost / 100, 'yes'",
            ),
            "a score can be too good",
            (),
        ),
        (
            _ALARM.format(
                deviation="max(np.std(clean), 0.005)",
                said='"low" if away < -3 else "high" if away > 3 else ""',
                answers="0.0, -leak_lost, not worse_than_none",
            ),
            "their standard deviation is 0.02, not 0.016",
            (),
        ),
        (
            _ALARM.format(
                deviation="np.std(clean, ddof=1)",
                said='"low" if away < -3 else "high" if away > 3 else ""',
                answers="leaky.auc, 100 * (clean.orders / leaky.orders - 1), None",
            ),
            "at least 0.005 counts",
            (),
        ),
    ],
    "q4": [
        (
            _POWER.format(
                control="n",
                stopped="-1.645 - (after - before) / deviation",
                unit="",
                here="least_loss(clean.orders / 1_000, CANARY), 'yes'",
            ),
            "do four times as many stay with the old release?",
            (),
        ),
        (
            _POWER.format(
                control="(4 * n)",
                stopped="-1.645 + (after - before) / deviation",
                unit="",
                here="100.0, None",
            ),
            "a better release is stopped more rarely; sign turned?",
            (),
        ),
        (
            _POWER.format(
                control="(4 * n)",
                stopped="-1.645 - (after - before) / deviation",
                unit=" / 100",
                here="least_here / 100, 'no'",
            ),
            "is it percent of before?",
            (),
        ),
    ],
    "q5": [
        (
            _COVER.format(
                to_stop=_STOPPED,
                collected="kept = kept or found[:1]",
                returned="kept",
                stops="{}",
                here="[['psi']], ['seconds'], 'yes'",
            ),
            "there are two smallest sets here; all of them are due, sorted",
            (),
        ),
        (
            _COVER.format(
                to_stop="list(stops.values())",
                collected="kept = kept or found",
                returned="kept or [list(GATES)]",
                stops="{name: list(GATES) for name in stops}",
                here="[list(GATES)], ['clean'], None",
            ),
            "c is stopped by none, so that it counts for nothing",
            (),
        ),
        (
            _COVER.format(
                to_stop=_STOPPED,
                collected="kept += found",
                returned="kept",
                stops="list(stops)",
                here="[], sorted(stops), 1",
            ),
            "psi alone stops a and b",
            (),
        ),
    ],
}
_STOPS = """
def stops(orders_canary, sessions_canary, orders_control, sessions_control):
    looks = orders_canary.shape[1]
    {returned}
peeked = {peeked}
added_up, within_days = {pair}
adding_misleads = {misleads}
"""
_WITHIN = """weight = sessions_canary * sessions_control / (sessions_canary + sessions_control)
    share = (orders_canary + orders_control) / (sessions_canary + sessions_control)
    worse = orders_canary / sessions_canary - orders_control / sessions_control
    z = (weight * worse).sum(axis=1) / np.sqrt((weight * share * (1 - share)).sum(axis=1))
    return """
_PLAN = """
def expected(plan):
    could = SESSIONS * RATE * 28
    return sum({kind} for loss, chance in CHANCES.items())
chosen = {chosen}
tiny_loses_more, stages_best = {conclusions}
"""
_RIGHT_KIND = "chance * (lost_in(plan, loss) + max(-loss, 0) * could)"
_WAKE = """
costs_here = {costs}
rang_for_nothing, slept = {days}
def whom_to_wake(days):
    return {who}
loudest_harmless = {harmless}
"""
_REPLICAS = """
def replicas(rate, service_ms, limit_ms):
    load = rate * service_ms / 1_000
    {returned}
needed, doubled, mean_drowns = {here}
"""
_FEWEST = """if percentile_ms(0.99, 1, 0.0, service_ms) > limit_ms:
        return 0
    c = math.floor(load) + 1
    while percentile_ms(0.99, c, load / c, service_ms) > limit_ms:
        c += 1
    return """

OPERATIONS = {
    "q1": [
        # Looks each day, as if it were the only one.
        (
            _STOPS.format(
                returned=_WITHIN + "z < -bounds('peek', INFORMATION, LEVEL)[0]",
                peeked="100 * LEVEL",
                pair="within_days, added_up",
                misleads="'no'",
            ),
            "of 20,000 sound releases your rule stops",
            (),
        ),
        # Compares with what was ordered before the release, whatever the weather.
        (
            _STOPS.format(
                returned="n = sessions_canary.sum(axis=1)\n"
                "    deviation = np.sqrt(RATE * (1 - RATE) / n)\n"
                "    return orders_canary.sum(axis=1) / n - RATE < -BOUNDS[looks - 1] * deviation",
                peeked="100 * (1 - (1 - LEVEL) ** len(SHARES))",
                pair="-added_up, -within_days",
                misleads="True",
            ),
            "is each day compared within itself",
            (),
        ),
        # Keeps its level by sleeping until the last day, and lets too much harm through.
        (
            _STOPS.format(
                returned=_WITHIN
                + "(z < -bounds('peek', INFORMATION, LEVEL)[0]) & (looks == len(SHARES))",
                peeked="peeked / 100",
                pair="100 + added_up, within_days",
                misleads="None",
            ),
            "percent are due; that looks like a share",
            (0,),
        ),
    ],
    "q2": [
        (
            _PLAN.format(
                kind="chance * lost_in(plan, loss)",
                chosen="'1 % for 21 days'",
                conclusions="'no', 'no'",
            ),
            "every plan costs orders: above 0 is due",
            (),
        ),
        (
            _PLAN.format(
                kind="chance * max(lost_in(plan, loss), 0)",
                chosen="'10 % for 5 days'",
                conclusions="True, False",
            ),
            "is what it could have brought counted?",
            (),
        ),
        (
            _PLAN.format(
                kind=_RIGHT_KIND, chosen="max(costs, key=costs.get)", conclusions="None, 0"
            ),
            "is cheaper by more than a tenth",
            (0,),
        ),
    ],
    "q3": [
        # Rings on the largest index alone.
        (
            _WAKE.format(
                costs="{name: cost / 100 for name, cost in costs_here.items()}",
                days="int(rings.sum()), 0",
                who="'infrastructure' if days.psi[-1].max() > 0.2 else ''",
                harmless="False",
            ),
            "what only looks bad here",
            (),
        ),
        (
            _WAKE.format(
                costs="{name: -cost for name, cost in costs_here.items()}",
                days="slept + 1, rang_for_nothing",
                who="''",
                harmless="None",
            ),
            "it saves 0% of what is lost",
            (),
        ),
        # Looks at orders alone, and wakes the same person each time.
        (
            _WAKE.format(
                costs="{name: 100 * (1 - per_session[diary == name].mean() / per_session.mean()) "
                "for name in MENDS}",
                days="len(days) + 1, slept",
                who="'manager' if days.orders[-1].sum() / days.sessions[-1] < 0.93 * usual else ''",
                harmless="1",
            ),
            "a number of days is due",
            (),
        ),
    ],
    "q4": [
        # Sized on the daily mean.
        (
            _REPLICAS.format(
                returned=_FEWEST + "c",
                here="replicas(MEAN_RATE, SERVICE_MS, LIMIT_MS), 50.0, False",
            ),
            "by your own replicas the busiest hour needs another number",
            (0,),
        ),
        # The rule of thumb: seventy per cent busy.
        (
            _REPLICAS.format(
                returned="return math.ceil(load / 0.7)",
                here="replicas(PEAK * MEAN_RATE, SERVICE_MS, LIMIT_MS), doubled / 100, None",
            ),
            "within 50 ms no number of servers helps",
            (),
        ),
        (
            _REPLICAS.format(
                returned=_FEWEST + "c + 1",
                here="replicas(PEAK * MEAN_RATE, SERVICE_MS, LIMIT_MS), 80.0, 'no'",
            ),
            "one server fewer than 4 keeps the limit, too",
            (),
        ),
    ],
    "q5": [
        (
            "minutes = [int(rang), int(noticed), int(ended)]\norders_gone = spared = 0.0",
            "minutes of the evening, not of the day",
            (),
        ),
        (
            "minutes = [0, int(noticed - rang), int(ended - rang)]\n"
            "orders_gone = float((table['orders before'] - table.orders).sum())\n"
            "spared = gone(rang, noticed)",
            "are all three counted from the beginning of the harm?",
            (),
        ),
        (
            "orders_gone, spared = float(lacks.sum()), 2 * float(lacks.sum())",
            "is a part of what was lost",
            (0,),
        ),
    ],
}

_COMPARED = """
def compared(new, control):
    ratio = new.mean() / control.mean()
    {returned}
unpaired_times = {times}
seem, sure = {rows}
winner = {winner}
"""
_COST_OF = """
def cost_of(row, later):
    kept = kept_in(later)
    {returned}
kept_best, kept_random, too_much = {shares}
surer_is_dearer = {surer}
"""
_CHOOSE = """
def choose(draw):
    {returned}
shipped, because = {said}
"""
_WATCH = """
never_costs, peeking_costs = {costs}
peeking_worse = {worse}
def stop_today(orders, sessions, orders_control, sessions_control):
    {returned}
"""
_LATER = """
looked_at, winner_keeps, winner_costs, winner_was_best = {winner}
promised, came = {week}
manager_got_it = {got}
"""

CAPSTONE = {
    "q2": [
        # As if the two had been measured in different sessions.
        (
            _COMPARED.format(
                returned="return ratio, np.sqrt((new.var() + control.var()) / len(new))"
                " / control.mean()",
                times="1 / unpaired_times",
                rows="sure, seem",
                winner="int(draw.margin.idxmax())",
            ),
            "something compared with itself is exactly as good",
            (),
        ),
        # The spread of sessions, not the error of their mean.
        (
            _COMPARED.format(
                returned="return ratio, (new - ratio * control).std() / control.mean()",
                times="unpaired_times**2",
                rows="int((draw.orders >= LIMITS.orders).sum()), 0",
                winner="int(draw.orders.idxmax())",
            ),
            "is the error that of a mean",
            (),
        ),
        # Looks at one limit alone.
        (
            _COMPARED.format(
                returned="return ratio",
                times="1.0",
                rows="int((draw.ads >= LIMITS.ads).sum()), seem + 1",
                winner="int(draw.orders[keep(draw)].idxmax())",
            ),
            "two numbers are due",
            (),
        ),
    ],
    "q3": [
        (
            _COST_OF.format(
                returned="return 0.0 if row is None else 100 * (1 - later.margin[row]"
                " / later.margin.max())",
                shares="kept_best / 100, kept_random / 100, -too_much",
                surer="None",
            ),
            "to ship nothing costs TERMS.waiting",
            (),
        ),
        # As if limits cost nothing.
        (
            _COST_OF.format(
                returned="return TERMS.waiting if row is None else 100 * (1 - later.margin[row]"
                " / later.margin.max())",
                shares="kept_random, kept_best, 100 * too_much",
                surer="not surer_is_dearer",
            ),
            "what breaks a limit costs TERMS.broken",
            (),
        ),
        (
            _COST_OF.format(
                returned="return TERMS.waiting if row is None else TERMS.broken if not kept[row]"
                " else later.margin[kept].max() - later.margin[row]",
                shares="100.0, kept_best, 0.0",
                surer="'no'",
            ),
            "regret is in percent of the largest margin",
            (),
        ),
    ],
    "q4": [
        # The best on the draw.
        (
            _CHOOSE.format(
                returned="rows = keep(draw)\n"
                "    return int(draw.margin[rows].idxmax()) if rows.any() else None",
                said="choose(draw), 'I ship what is best.'",
            ),
            "times as much as the best bound",
            (),
        ),
        (
            _CHOOSE.format(returned="return None", said="None, 'I ship nothing: better safe.'"),
            "I ship … because …",
            (),
        ),
        (
            _CHOOSE.format(
                returned="return int(draw.orders.idxmax())",
                said="None, 'I ship it because customers like it.'",
            ),
            "what ships is what your own rule chooses",
            (),
        ),
    ],
    "q5": [
        (
            _WATCH.format(
                costs="never_costs / 100, peeking_costs / 100",
                worse="not peeking_worse",
                returned="return np.zeros(len(orders), bool)",
            ),
            "it saves 0% of what",
            (),
        ),
        # Compares with the control, as if nothing had been given away on purpose.
        (
            _WATCH.format(
                costs="peeking_costs, never_costs",
                worse="None",
                returned="n = sessions * sessions_control / (sessions + sessions_control)\n"
                "    less = orders / sessions - orders_control / sessions_control\n"
                "    share = orders_control / sessions_control\n"
                "    z = (n * less).sum(axis=1) / np.sqrt((n * share * (1 - share)).sum(axis=1))\n"
                "    return z < -BOUND[orders.shape[1] - 1]",
            ),
            "is a sound release below its control as agreed",
            (),
        ),
        # Looks each day, as if it were the only one.
        (
            _WATCH.format(
                costs="110 * CHANCE * FAULT, 2 * peeking_costs",
                worse="'yes'",
                returned="return below((orders, sessions, orders_control, sessions_control))"
                " < -1.645",
            ),
            "does the bound know how often you look",
            (),
        ),
    ],
    "q6": [
        # A day, where a week is asked for.
        (
            _LATER.format(
                winner="looked_at, True, 0.0, True",
                week="[one / 7 for one in promised], [one / 7 for one in came]",
                got="not manager_got_it",
            ),
            "are not what the draw says",
            (),
        ),
        (
            _LATER.format(
                winner="0, True, -1.0, None",
                week="[draw[one][looked_at] for one in TODAY], promised",
                got="'no'",
            ),
            "it is the winner of the draw",
            (),
        ),
        (
            _LATER.format(winner="looked_at, 'yes', 3.0, 'no'", week="came, promised", got="None"),
            "winner_keeps is True or False",
            (),
        ),
    ],
}

PLANTED = {
    "capstone": CAPSTONE,
    "ensembling": ENSEMBLING,
    "objectives": OBJECTIVES,
    "operations": OPERATIONS,
    "software": SOFTWARE,
    "stakeholders": STAKEHOLDERS,
}

#: What is asked for, as a literal: what one student can tell another.
LITERALS = {
    "capstone": {
        "q2": ("unpaired_times", "seem", "sure", "winner"),
        "q3": ("kept_best", "kept_random", "too_much", "surer_is_dearer"),
        "q4": (),  # rules alone
        "q5": ("never_costs", "peeking_costs", "peeking_worse"),
        "q6": (
            *("winner_keeps", "winner_costs", "winner_was_best"),
            *("promised", "came", "manager_got_it"),
        ),
    },
    "ensembling": {
        "q1": ("ensemble_error", "average_error", "ambiguity", "pays"),
        "q2": (
            *("best_ridge", "blend_error", "newcomer_weight"),
            *("kept_error", "refit_error", "upgrade_hurts"),
        ),
        "q3": ("never_whole", "spares"),
        "q4": ("largest", "in_time"),
        "q5": ("needed", "stays_ahead", "worth_it"),
    },
    "objectives": {
        "q1": ("all_clicks", "life_falls", "largest_dial", "best_dial"),
        "q2": ("interval", "decision"),
        "q3": ("weeks", "in_a_quarter"),
        "q4": ("estimate", "effective", "replayed", "replay_leans", "under_a_fifth"),
        "q5": ("year_of_the_107", "models_put_in_production"),
    },
    "operations": {
        "q1": ("peeked", "added_up", "within_days", "adding_misleads"),
        "q2": ("chosen", "tiny_loses_more", "stages_best"),
        "q3": ("costs_here", "rang_for_nothing", "slept", "loudest_harmless"),
        "q4": ("needed", "doubled", "mean_drowns"),
        "q5": ("minutes", "orders_gone", "spared"),
    },
    "software": {
        "q1": ("faults_here", "lost", "trees_lose_less", "ads_rise"),
        "q2": ("naive_psi", "naive_alarm"),
        "q3": ("gained", "leak_lost", "worse_than_none"),
        "q4": ("least_here", "canary_sees"),
        "q5": ("stops", "cover", "left", "upper_needed"),
    },
    "stakeholders": {
        "q1": ("largest_loss", "half_of_ads", "dearer_wish"),
        "q2": ("choices", "agreed_row"),
        "q3": ("on_front", "never_chosen"),
        "q4": ("gained", "given_up", "binding", "order_price", "dearer"),
        "q5": ("share_here", "half_ok"),
    },
}
