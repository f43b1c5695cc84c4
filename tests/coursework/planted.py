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
PLANTED = {"ensembling": ENSEMBLING}
