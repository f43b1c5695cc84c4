"""``python -m launchlab.software.make_tour``: ask the service what the book asks it, and record it.

Starting it takes seconds, so the page shows what was recorded; a test asks again.
"""

from __future__ import annotations

import copy
import json
from pathlib import Path
from typing import Any

from launchlab import shipped
from launchlab.software.running import find_service, running_service


def first_session() -> dict[str, Any]:
    """The session of the contract's first example."""
    path = find_service() / "releases" / "week-47" / "examples.json"
    session: dict[str, Any] = json.loads(path.read_text("utf-8"))[0]["session"]
    return session


def spoilt() -> dict[str, dict[str, Any]]:
    """The same session with one thing wrong, by what went wrong."""
    session = first_session()
    worded, misspelt, seconds = (copy.deepcopy(session) for _ in range(3))
    worded["offers"][3]["eta_minutes"] = "31 min"
    misspelt["offers"][3]["price_cents"] = misspelt["offers"][3].pop("price_dollars")
    seconds["offers"][3]["eta_minutes"] *= 60
    return {"a word": worded, "a misspelt field": misspelt, "seconds": seconds}


def tour() -> list[dict[str, Any]]:
    """Start the service, ask it, roll it back, ask it again, and end it.

    Returns
    -------
    list of dict
        ``asked`` in words, ``status`` where HTTP answered, and ``answer``.
    """
    rows: list[dict[str, Any]] = []

    def note(asked: str, status: int | None, answer: str) -> None:
        rows.append({"asked": asked, "status": status, "answer": answer})

    with running_service() as service:
        status, slate = service.ask("/rank", first_session())
        best = ", ".join(map(str, slate["restaurants"]))
        note("a session", status, f"{slate['release']}: restaurants {best}")
        for what, session in spoilt().items():
            status, answer = service.ask("/rank", session)
            note(what, status, answer["error"])
        status, answer = service.ask("/rank", b'{"session": "s-1",')
        note("half a session", status, answer["error"])
        note("hold", None, service.command("hold", "OpenSSL is updated until Monday"))
        note("use week-46", None, service.command("use", "week-46"))
        note("rollback", None, service.command("rollback"))
        service.until("week-46")
        status, slate = service.ask("/rank", first_session())
        best = ", ".join(map(str, slate["restaurants"]))
        note("the session again", status, f"{slate['release']}: restaurants {best}")
        _, health = service.ask("/health")
        told = f"{health['status']}; {health['served']} served, {health['lost']} lost"
        note("health", 200, told)
    return rows


def main() -> None:
    """Record the tour, and print it."""
    rows = tour()
    kept = shipped.made_by("launchlab.software.make_tour", rows=rows)
    path = Path(shipped.folder(__file__), "tour.json")
    shipped.write_record(path, kept)
    for row in rows:
        print(row["asked"], "|", row["status"] or "", "|", row["answer"])


if __name__ == "__main__":
    main()
