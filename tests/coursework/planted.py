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
ensemble_error = decompose(predictions, target)[0]
pays = {pays}
"""
_RIDGE = """
def ridge_weights(predictions, target, penalty):
    gram = predictions @ predictions.T
    return np.linalg.solve(gram + {added}, predictions @ target)
best_ridge = {best}
blend_error, stale_error = {errors}
"""
_NO_ANSWER = """
def strict(members, failure):
    return {strict}
def degraded(members, failure, missing):
    return {degraded}
"""
_COMMITTEE = """
def largest_committee(share, limit):
    server = Stragglers(share=share)
    return {found}
largest = {largest}
"""
_EVEN = """
def break_even(value, slower, gain, lost, yearly):
    net = (1 + gain) * (1 - {lost}) ** slower - 1
    per_session = {orders} * value * net
    return {returned}
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
            _DECOMPOSE.format(returned="ensemble, average, ensemble - average", pays="1"),
            "average - ambiguity is not the mean's error",
            (0,),
        ),
        (
            _DECOMPOSE.format(
                returned="ensemble, average, predictions.std(axis=0).mean()", pays="None"
            ),
            "average - ambiguity is not the mean's error",
            (0,),
        ),
    ],
    "q2": [
        (
            _RIDGE.format(added="penalty", best="5.0", errors="1.0, 0.5"),
            "not in PENALTIES",
            (),
        ),
        (
            _RIDGE.format(added="2 * penalty * np.eye(len(gram))", best="'10'", errors="1.0, 1.0"),
            "is the penalty added once, to the diagonal?",
            (),
        ),
        (
            "def ridge_weights(predictions, target, penalty):\n"
            "    return predictions @ target / len(target)\n"
            "best_ridge = 3\nblend_error, stale_error = 1.0, 0.0",
            "a member that is the target but for a factor",
            (),
        ),
    ],
    "q3": [
        (
            _NO_ANSWER.format(
                strict="(1 - failure) ** members",
                degraded="float(binom.cdf(missing, members, failure))",
            ),
            "that is how often there *is* an answer",
            (),
        ),
        (
            _NO_ANSWER.format(strict="members * failure", degraded="failure ** (missing + 1)"),
            "both may fail at once",
            (),
        ),
        (
            _NO_ANSWER.format(
                strict="failure ** members",
                degraded="float(binom.pmf(missing, members, failure))",
            ),
            "for two members that fail once in ten",
            (),
        ),
    ],
    "q4": [
        (
            _COMMITTEE.format(found=f"max({_FITS}, default=0) + 1", largest="50"),
            "50 members are too late",
            (),
        ),
        (
            _COMMITTEE.format(found=f"min({_FITS}, default=0)", largest="1"),
            "2 members are in time too",
            (),
        ),
        (
            _COMMITTEE.format(
                found=f"max({_FITS.replace('0.99', '0.5')}, default=0)",
                largest="largest_committee(SHARE, LIMIT)",
            ),
            "members are too late",
            (),
        ),
    ],
    "q5": [
        (
            _EVEN.format(lost="lost / 100", orders="1", returned="yearly / per_session"),
            "a session has 0.4 orders, not one",
            (),
        ),
        (
            _EVEN.format(
                lost="lost",
                orders="0.4",
                returned="yearly / per_session if per_session > 0 else math.inf",
            ),
            "is lost a percentage?",
            (1,),
        ),
        (
            _EVEN.format(lost="lost / 100", orders="0.4", returned="yearly / per_session"),
            "so no size pays",
            (0,),
        ),
    ],
}

_CHANGES = """
def changes(dial):
    before, after = (evaluate(sessions, blend(scores, at)) for at in (0.0, dial))
    return {{
        name: {value}
        for name in ("clicks", "life_value")
    }}
largest_dial = {largest}
"""
_TEST = """
def lift_interval(orders_a, sessions_a, orders_b, sessions_b):
    a, b = orders_a / sessions_a, orders_b / sessions_b
    error = {error}
    return {low}, {high}
def decide(low, high, least):
    return {decision}
"""
_NEEDED = """
def sessions_needed(rate, lift):
    return {needed}
"""
_LOG = """
def ips(reward, propensity, agrees):
    return float({ips})
def effective_size(propensity, agrees):
    weights = agrees / propensity
    return float({size})
estimate = {estimate}
"""
_OWN = "(a * (1 - a) / sessions_a + b * (1 - b) / sessions_b) ** 0.5"
_SHIP = '"ship" if low > least else "stop" if high < least else "go on"'

OBJECTIVES = {
    "q1": [
        (
            _CHANGES.format(
                value="getattr(after, name) / getattr(before, name) - 1", largest="1.0"
            ),
            "that looks like a share",
            (),
        ),
        (
            _CHANGES.format(
                value="100 * (1 - getattr(after, name) / getattr(before, name))", largest="0.0"
            ),
            "is the sign turned?",
            (),
        ),
        (
            _CHANGES.format(
                value="100 * (getattr(after, name) / getattr(before, name) - 1)", largest="0.05"
            ),
            "the next setting keeps it too",
            (0,),
        ),
    ],
    "q2": [
        (
            _TEST.format(
                error=_OWN, low="a - b - 1.96 * error", high="a - b + 1.96 * error", decision=_SHIP
            ),
            "B minus A",
            (1,),
        ),
        (
            _TEST.format(
                error="(a * (1 - a) + b * (1 - b)) ** 0.5",
                low="b - a - 1.96 * error",
                high="b - a + 1.96 * error",
                decision='"ship" if high > least else "stop"',
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
            ),
            "the half is 1.96 standard errors",
            (),
        ),
    ],
    "q3": [
        (
            _NEEDED.format(
                needed="(norm.ppf(0.975) + norm.ppf(0.8)) ** 2 * rate * (1 - rate) / lift**2"
            ),
            "is the factor 2 for two arms there?",
            (),
        ),
        (
            _NEEDED.format(
                needed="(norm.ppf(0.975) + norm.ppf(0.8)) ** 2 * 2 * rate * (1 - rate) / lift"
            ),
            "half the lift takes four times as many sessions",
            (),
        ),
        (
            _NEEDED.format(needed="norm.ppf(0.975) ** 2 * 2 * rate * (1 - rate) / lift**2"),
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
            ),
            "the mean is over all sessions",
            (),
        ),
        (
            _LOG.format(ips="(agrees * reward).mean()", size="weights.sum()", estimate="-0.2"),
            "one of two agrees and counts 1 / 0.5",
            (),
        ),
        (
            _LOG.format(
                ips="(agrees * reward / propensity).mean()",
                size="weights.sum() / (weights**2).sum()",
                estimate="reward.mean()",
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
who_loses, under = {names}
"""
_CHOOSE = """
def utility(menu, measure, today):
    values = menu[measure]
    return {utility}
def choose(weights):
    total = sum({summand} for measure, weight in weights.items())
    return int({chosen})
choices = {choices}
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
"""
_MIX = """
def p95_of_mix(fast, slow, share):
    return {mix}
def largest_share(fast, slow, limit):
    {largest}
"""

STAKEHOLDERS = {
    "q1": [
        (
            _CONFLICT.format(
                returned="[[100 * (1 - row[m] / best[m]) for m in MEASURES] for row in ideal]",
                largest="largest_loss",
                names="under, who_loses",
            ),
            "row i is who loses, column j whose wish; turned round?",
            (1,),
        ),
        (
            _CONFLICT.format(
                returned="[[1 - row[m] / best[m] for row in ideal] for m in MEASURES]",
                largest="largest_loss / 100",
                names="who_loses, under",
            ),
            "those look like shares; percent are due",
            (2,),
        ),
        (
            _CONFLICT.format(
                returned="[[100 * (row[m] / best[m] - 1) for row in ideal] for m in MEASURES]",
                largest="0.0",
                names="'orders', 'orders'",
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
            ),
            "only today's row and the best may fix the scale",
            (),
        ),
        (
            _CHOOSE.format(
                utility="((values - values[today]) / (values.max() - values[today])).clip(0)",
                summand=_WORTH,
                chosen="total.idxmax()",
                choices="len(SLIDER)",
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
            ),
            "another row has a larger sum of your own utilities",
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
                given_up="float(menu.margin.max() - best_single(menu, 'margin', bounds).margin)",
                binding="['orders']",
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
            ),
            "a p95 does not average",
            (),
        ),
        (
            _MIX.format(
                mix="p95_latency(slow if share > 0 else fast)",
                largest="return 1.0 if p95_latency(slow) <= limit else 0.0",
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
            ),
            "with none at the slow model: the fast one's p95",
            (),
        ),
    ],
}
PLANTED = {"ensembling": ENSEMBLING, "objectives": OBJECTIVES, "stakeholders": STAKEHOLDERS}
