"""``python -m launchlab.software.make_gates``: make the table of what the gates measure.

Takes some 20 s of CPU a world. Finished worlds are kept, so that an interrupted run resumes.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Sequence

from launchlab import shipped
from launchlab.software.gates import GATES, running_in
from launchlab.software.harms import HARMS
from launchlab.software.measured import SOUND, measured, sound_release

WORLDS = 20

_HERE = shipped.folder(__file__)


def gate_seconds(seed: int = 0) -> dict[str, float]:
    """CPU seconds that each gate takes for one sound release.

    Gates that share work (the nudges, the slates) pay for it where it is first needed.
    """
    running = running_in(seed)
    new = sound_release(running, 1)
    seconds = {}
    for name, gate in GATES.items():
        started = time.process_time()
        gate(running, new)
        seconds[name] = round(time.process_time() - started, 3)
    return seconds


def main(arguments: Sequence[str] | None = None) -> None:
    """Make the table and its provenance.

    Parameters
    ----------
    arguments : sequence of str, optional
        Command-line arguments; by default those of the process.
    """
    parser = argparse.ArgumentParser(description="Make the table of what the gates measure.")
    parser.add_argument("--worlds", type=int, default=WORLDS, help="how many (a draft has fewer)")
    worlds = parser.parse_args(arguments).worlds
    shipped.need_one_thread()
    table = shipped.in_worlds(measured, worlds)
    _HERE.mkdir(exist_ok=True)
    table.to_csv(_HERE / "gates.csv", index=False, float_format="%.5g")
    kept = shipped.made_by(
        "launchlab.software.make_gates",
        worlds=list(range(worlds)),
        sound_releases=SOUND,
        harms=len(HARMS),
        gate_seconds=gate_seconds(),
        gate_seconds_note="CPU of one sound release of world 0; a gate that shares work with a"
        " later one pays for it",
    )
    shipped.write_record(_HERE / "gates.json", kept)
    print(f"wrote gates.csv ({len(table)} rows) and gates.json")


if __name__ == "__main__":
    shipped.keep_computed()
    main()
