"""The lab that is compared: once the first of the book, and much like its others."""

import altair as alt
import pandas as pd

from launchlab import lab
from launchlab.lab.view.theme import BLUE, GREY
from launchlab.serving import Stragglers, accuracy_by_answers, train_committee

SIZES = [1, 2, 3, 5, 10, 20, 30, 50]
votes, truth = train_committee(members=max(SIZES))
accuracy = accuracy_by_answers(votes, truth, counts=SIZES)["accuracy"]


def committee(members, stragglers):
    server = Stragglers(share=stragglers / 100)
    return pd.DataFrame(
        {
            "members": SIZES,
            "p99": [server.quantile(0.99, size) for size in SIZES],
            "accuracy": 100 * accuracy,
            "chosen": [size == members for size in SIZES],
        }
    )


def committee_chart(frame):
    x = alt.X("p99:Q").title("99 in 100 answers come within, ms").scale(domain=[0, 420])
    y = alt.Y("accuracy:Q").title("digits read right, %").scale(domain=[70, 100])
    base = alt.Chart(frame)
    chosen = base.transform_filter("datum.chosen")
    path = base.mark_line(color=GREY, point=alt.OverlayMarkDef(color=GREY, size=40)).encode(
        x, y, alt.Order("members:Q")
    )
    dot = chosen.mark_point(color=BLUE, size=160).encode(x, y)
    label = (
        chosen.transform_calculate(
            text="datum.members + (datum.members == 1 ? ' tree' : ' trees')",
            at="max(90, datum.p99)",  # leaves room for the text before it
        )
        .mark_text(color=BLUE, dy=-12, dx=-6, align="right", fontWeight="bold")
        .encode(alt.X("at:Q"), y, alt.Text("text:N"))
    )
    return (path + dot + label).properties(
        title="Up is what the leaderboard sees; right is what users feel"
    )


def committee_sentence(frame):
    at = int(frame.chosen.to_numpy().argmax())
    now = frame.iloc[at]
    text = (
        f"{now.members} {'tree' if now.members == 1 else 'trees'}: {now.accuracy:.1f} % of digits "
        f"right, 99 in 100 answers within {now.p99:.0f} ms."
    )
    if at == 0:
        return text
    before = frame.iloc[at - 1]
    return text + (
        f" The last {now.members - before.members} brought {now.accuracy - before.accuracy:.1f} "
        f"points and {now.p99 - before.p99:.0f} ms."
    )


better_later = lab.Experiment(
    name="better-later",
    title="A better answer, a later answer",
    run=committee,
    chart=committee_chart,
    sentence=committee_sentence,
    controls=[
        lab.Slider("members", "Trees in the committee", SIZES, default=5),
        lab.Slider("stragglers", "Slow answers", [0.2, 0.5, 1, 2, 3], default=1, unit="%"),
    ],
    description=(
        "A path of eight dots, one for each committee size from 1 to 50 trees. Up: digits read "
        "right, 70 to 100 percent. Right: the p99 of the answer time, 0 to 420 ms. From one tree "
        "to two the path only runs to the right. Then it rises steeply, and after ten trees it "
        "flattens."
    ),
    columns={"members": "trees", "p99": "p99, ms", "accuracy": "digits right, %"},
    reflect="Which size would you ship? Who in the company would disagree, and why?",
)
