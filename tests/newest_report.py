"""What a run on the newest versions found, as Markdown for an issue.

The weekly workflow runs ``make test NEWEST=1``, which ignores the lock, and
then, in the environment of that run::

    python -m tests.newest_report --log run.log

It compares what is installed with ``requirements.lock``, reads the reports
that pytest left in ``.cache/reports``, and prints the report.
"""

import argparse
import re
import sys
from collections.abc import Iterable, Mapping
from importlib import metadata
from pathlib import Path
from typing import NamedTuple
from xml.etree import ElementTree

ROOT = Path(__file__).resolve().parents[1]
PIN = re.compile(r"^([A-Za-z0-9._-]+)==([^ ;]+)\s*(?:;.*)?$")
LONGEST = 60_000  # GitHub takes 65,536 characters in an issue.


class Change(NamedTuple):
    """A package whose version is not the lock's; None where it has none."""

    name: str
    locked: str | None
    newest: str | None


class Broken(NamedTuple):
    """A test that failed, and the first line of why."""

    stage: str
    test: str
    why: str


def normal(name: str) -> str:
    """Return the one spelling of a package's name."""
    return re.sub(r"[-_.]+", "-", name).lower()


def read_lock(text: str) -> dict[str, str]:
    """Return the versions that a lock pins, leaving out other platforms'."""
    # Imported here: where the packages could not be installed it is missing too.
    from packaging.requirements import Requirement

    pins = {}
    for line in text.splitlines():
        pinned = PIN.match(line)
        if pinned:
            marker = Requirement(line).marker
            if marker is None or marker.evaluate():
                pins[normal(pinned[1])] = pinned[2]
    return pins


def installed() -> dict[str, str]:
    """Return the versions in the environment that runs this."""
    return {
        normal(package.metadata["Name"]): package.version
        for package in metadata.distributions()
        if normal(package.metadata["Name"]) not in ("pip", "launchlab")
    }


def changes(locked: Mapping[str, str], newest: Mapping[str, str]) -> list[Change]:
    """Return the packages whose versions differ, by name."""
    return [
        Change(name, locked.get(name), newest.get(name))
        for name in sorted({*locked, *newest})
        if locked.get(name) != newest.get(name)
    ]


def broken(reports: Iterable[Path]) -> list[Broken]:
    """Return the tests that failed, from pytest's JUnit reports."""
    failures = []
    for report in reports:
        for case in ElementTree.parse(report).iter("testcase"):
            for child in case:
                if child.tag in ("failure", "error"):
                    why = (child.get("message") or child.text or "").strip()
                    name = f"{case.get('classname', '')}::{case.get('name', '')}"
                    first = why.splitlines()[0][:200] if why else ""
                    failures.append(Broken(report.stem, name.strip(":"), first))
    return failures


def write(changed: list[Change] | None, failed: list[Broken], reports: list[Path], log: str) -> str:
    """Return the report: what broke, what changed, how the run ended.

    ``changed`` is None when the newest versions could not be installed.
    """
    lines = ["The weekly run on the newest versions, which ignores the lock.", ""]
    lines += [f"## Tests that broke: {len(failed)}", ""]
    if failed:
        lines += ["| stage | test | why |", "| --- | --- | --- |"]
        lines += ["| " + " | ".join(map(cell, one)) + " |" for one in failed]
    elif reports:
        lines += ["None of those that ran: the end of the log says what failed."]
    else:
        lines += ["No test ran: the end of the log says what failed before them."]
    lines += ["", f"## Versions that differ from the lock: {len(changed or ())}", ""]
    if changed is None:
        lines += ["Not known: the newest versions could not be installed together."]
    elif changed:
        lines += ["| package | lock | this run |", "| --- | --- | --- |"]
        lines += [
            "| " + " | ".join(cell(value or "(none)") for value in one) + " |" for one in changed
        ]
    else:
        lines += ["None: what broke did not break because of a new version."]
    version = ".".join(map(str, sys.version_info[:3]))
    lines += ["", f"Python {version}. To see it: `make test NEWEST=1`.", ""]
    head = "\n".join(lines)[: LONGEST - 10_000]
    tail = "\n".join(log.splitlines()[-60:])[-9_000:].replace("```", "'''")
    return f"{head}\n## How the log ends\n\n```text\n{tail}\n```\n"


def cell(value: str) -> str:
    """Return a text that cannot break out of a Markdown table's cell."""
    return value.replace("|", "\\|").replace("<", "&lt;").replace("\n", " ")


def main() -> None:
    """Print the report."""
    parser = argparse.ArgumentParser(description="Report on the newest versions.")
    parser.add_argument("--log", type=Path, required=True, help="the run's output")
    parser.add_argument("--lock", type=Path, default=ROOT / "requirements.lock")
    parser.add_argument("--reports", type=Path, default=ROOT / ".cache/reports")
    given = parser.parse_args()
    reports = sorted(given.reports.glob("*.xml"))
    newest = installed()
    changed = None
    if "pytest" in newest:
        changed = changes(read_lock(given.lock.read_text("utf-8")), newest)
    log = given.log.read_text("utf-8", errors="replace") if given.log.exists() else ""
    print(write(changed, broken(reports), reports, log))


if __name__ == "__main__":
    main()
