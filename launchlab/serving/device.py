"""What one more tree costs: measured in a page by its reader's device, in JupyterLab by the kernel.

A page has no Python: its reader's browser walks the forest (``forest.js``), and the times of
scikit-learn beside it were measured once. A kernel measures scikit-learn itself. Both measure in
the same way: samples of 20 ms and more, rows in turn, sizes in turn, median and range.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from statistics import median
from typing import Any

import numpy as np
import pandas as pd
from markupsafe import Markup

from launchlab import shipped
from launchlab.markup import render
from launchlab.serving import forest

SAMPLE_SECONDS = 0.02
"""A sample lasts at least so long: a clock may step by a millisecond."""

ROUNDS = 9
"""Samples of each size. One more round before them warms up."""


def measure(
    model: Any,
    rows: np.ndarray[Any, Any],
    sizes: Sequence[int] = forest.SIZES,
    *,
    rounds: int = ROUNDS,
    seconds: float = SAMPLE_SECONDS,
    clock: Callable[[], float] = time.perf_counter,
) -> pd.DataFrame:
    """Measure how long the first trees of a forest take.

    Parameters
    ----------
    model : RandomForestClassifier
    rows : array
        All are scored at once; each call begins with another row.
    sizes : sequence of int
        Numbers of trees. They take turns, in another order each round, so that a machine that gets
        slower meanwhile slows down all of them.
    rounds : int, default 9
    seconds : float, default 0.02
        A sample repeats the call until so much has passed.
    clock : callable
        Seconds: of the wall, or of this thread.

    Returns
    -------
    DataFrame
        ``trees``; ``ms``, the median over the rounds, ``low`` and ``high``: milliseconds a call.

    Raises
    ------
    ValueError
        If there are no rounds or sizes.
    """
    if rounds < 1 or not sizes:
        raise ValueError(f"rounds={rounds}, sizes={sizes!r}: expected at least one of each")
    fewer = [forest.first_trees(model, trees) for trees in sizes]
    spent: list[list[float]] = [[] for _ in sizes]
    for turn in range(rounds + 1):
        for k in range(len(sizes)):
            which = (len(sizes) - 1 - k if turn % 2 else k + turn) % len(sizes)
            ms = _sample(fewer[which], np.roll(rows, turn, axis=0), seconds, clock)
            if turn:
                spent[which].append(ms)
    return pd.DataFrame(
        {
            "trees": list(sizes),
            "ms": [median(all_of) for all_of in spent],
            "low": [min(all_of) for all_of in spent],
            "high": [max(all_of) for all_of in spent],
        }
    )


def _sample(
    model: Any, rows: np.ndarray[Any, Any], seconds: float, clock: Callable[[], float]
) -> float:
    """Milliseconds of one call, averaged over as many as fill the sample."""
    began, calls = clock(), 0
    while True:
        model.predict_proba(rows)
        calls += 1
        took = clock() - began
        if took >= seconds:
            return 1e3 * took / calls


def trees_measured_once() -> pd.DataFrame:
    """The shipped times of scikit-learn: columns as of `measure`, thread-CPU milliseconds."""
    return shipped.read_table(__package__, "tree_latency.csv", comment="#")


def in_words(table: pd.DataFrame) -> str:
    """What a table of `measure` says, in a sentence.

    Parameters
    ----------
    table : DataFrame
        With 20 trees among its rows; the last row has the most.
    """
    few = table[table.trees == 20].iloc[0]
    most = table.iloc[-1]
    tree = (most.ms - few.ms) / (most.trees - few.trees)
    return (
        f"In this kernel {most.trees:.0f} trees take {most.ms / few.ms:.1f} times as long as 20. "
        f"One more tree costs {1000 * tree:.1f} µs for {forest.ROWS:,} candidates."
    )


class OneMoreTree:
    """What one more tree costs, to be shown as the last line of a cell.

    Parameters
    ----------
    live : bool
        Whether a kernel stays: it then measures scikit-learn when a button is pressed. A page
        measures in the browser.
    """

    def __init__(self, *, live: bool) -> None:
        self.live = live

    def __repr__(self) -> str:
        return "<what one more tree costs: it is measured in a page, or by a kernel>"

    def _repr_html_(self) -> str:
        table = [
            {"trees": int(row.trees), "ms": float(row.ms), "told": f"{row.ms:.1f}"}
            for row in trees_measured_once().itertuples()
        ]
        return render(
            __package__,
            "device.html",
            style=Markup(_short(forest.script("device.css"))),
            script=Markup(
                f"{_short(forest.script('forest.js'))}\n{_short(forest.script('device.js'))}"
            ),
            walk=walk(),
            table=table,
            most=forest.TREES,
            rows=f"{forest.ROWS:,}",
        )

    def _repr_mimebundle_(self, **_: Any) -> dict[str, Any]:
        plain = {"text/plain": repr(self)}
        if not self.live:
            return {**plain, "text/html": self._repr_html_()}
        widget = self.widget()
        if not hasattr(widget, "_repr_mimebundle_"):  # of ipywidgets 7, which Colab has
            from IPython.display import display

            display(widget)
            return {"text/plain": ""}
        found: dict[str, Any] = widget._repr_mimebundle_()
        return found

    def widget(self) -> Any:
        """A button that has the kernel measure scikit-learn, and the place for what comes out."""
        import ipywidgets as widgets

        button = widgets.Button(
            description="Measure scikit-learn in this kernel", layout=widgets.Layout(width="auto")
        )
        said = widgets.HTML(
            f"First predict: how many times as long as 20 trees will {forest.TREES} take? "
            "Then measure: the forest is trained and timed in some ten seconds."
        )

        def press(_: Any) -> None:
            button.disabled = True
            said.value = "Training the forest, then measuring."
            try:
                table = measure(forest.train_forest(), forest.candidates())
                said.value = f"<p>{in_words(table)}</p>{_as_html(table)}"
            finally:
                button.disabled = False

        button.on_click(press)
        return widgets.VBox([button, said])


def _as_html(table: pd.DataFrame) -> str:
    named = table.set_axis(["trees", "ms, median", "lowest", "highest"], axis=1)
    shown: str = named.to_html(index=False, float_format="{:.1f}".format, border=0)
    return shown


def walk() -> str:
    """The lines of ``forest.js`` that walk the trees, as a page shows them."""
    text = forest.script("forest.js")
    inner = text.split("// the walk")[1].split("// the end")[0].split("\n", 1)[1]
    return "\n".join(line.removeprefix("  ") for line in inner.rstrip().splitlines())


def _short(text: str) -> str:
    """Without the indentation, which is there for people who edit it."""
    return "\n".join(line.strip() for line in text.splitlines() if line.strip())


def main() -> None:
    """Measure scikit-learn and write the table that pages show."""
    shipped.need_one_thread("threads' time would go unseen")
    table = measure(forest.train_forest(), forest.candidates(), clock=time.thread_time)
    for name in ("ms", "low", "high"):
        table[name] = [float(f"{value:.3g}") for value in table[name]]
    head = (
        "Thread-CPU milliseconds of scikit-learn's predict_proba for 1,000 candidates with the",
        f"first trees of a random forest of {forest.TREES}: median, lowest and highest of {ROUNDS}",
        "samples of at least 20 ms, sizes in turn, warmed up, one thread.",
        shipped.cost_line("the training among them"),
    )
    path = shipped.folder(__file__) / "tree_latency.csv"
    shipped.write_table(path, table, head, "launchlab.serving.device", index=False)


if __name__ == "__main__":
    main()
