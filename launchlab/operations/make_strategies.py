"""``python -m launchlab.operations.make_strategies``: what five fixed strategies lose.

Takes less than a minute of CPU.
"""

from __future__ import annotations

from launchlab import shipped
from launchlab.operations.strategies import NIGHTS, losses

MODULE = "launchlab.operations.make_strategies"


def main() -> None:
    """Play all evenings and write the table."""
    shipped.need_one_thread()
    head = ["What fixed strategies lose on a Friday evening, by scenario, mean of twenty towns."]
    table = losses(NIGHTS)
    head.append(shipped.cost_line("all of it"))
    path = shipped.folder(__file__) / "strategies.csv"
    shipped.write_table(path, table, head, MODULE, index=False, float_format="%.5g")


if __name__ == "__main__":
    main()
