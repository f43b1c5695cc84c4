"""Beyond its capacity the service says so at once; who is inside gets an answer all the same."""

from __future__ import annotations

import asyncio
import threading

import httpx
import pytest

from ranker.app import Settings, create_app
from ranker.room import FullError, Room
from tests.conftest import WAIT

CAPACITY = 5


@pytest.mark.parametrize("beyond", [1, 40])
def test_who_is_beyond_capacity_is_told_when_to_come_back(tmp_path, releases, examples, beyond):
    app = create_app(Settings(releases, tmp_path / "served.jsonl", capacity=CAPACITY))
    service, go_on = app.state.service, threading.Event()
    rank = service.rank

    def waits(session):
        assert go_on.wait(WAIT)
        return rank(session)

    service.rank = waits

    async def ask() -> None:
        transport = httpx.ASGITransport(app=app)
        async with httpx.AsyncClient(transport=transport, base_url="http://ranker") as http:
            asked = [
                asyncio.create_task(http.post("/rank", json=examples[n % 12]["session"]))
                for n in range(CAPACITY + beyond)
            ]
            # Those beyond are answered although nobody inside is.
            pending = set(asked)
            refused: set[asyncio.Task[httpx.Response]] = set()
            while len(refused) < beyond:
                done, pending = await asyncio.wait(
                    pending, timeout=WAIT, return_when=asyncio.FIRST_COMPLETED
                )
                assert done, "nobody is answered"
                refused |= done
            assert len(refused) == beyond
            for task in refused:
                answer = task.result()
                assert answer.status_code == 503
                assert answer.headers["retry-after"] == "1"
                assert "come back in 1 s" in answer.json()["error"]
            # Health is asked and answered while the room is full.
            health = (await http.get("/health")).json()
            assert health["inside"] == CAPACITY and health["status"] == "ok"
            go_on.set()
            answers = await asyncio.wait_for(asyncio.gather(*pending), WAIT)
            assert [answer.status_code for answer in answers] == [200] * CAPACITY
            health = (await http.get("/health")).json()
            assert health["inside"] == 0 and health["served"] == CAPACITY
            text = (await http.get("/metrics")).text
            assert f"ranker_turned_away_total {float(beyond)}" in text

    asyncio.run(ask())
    service.close()


def test_a_place_is_free_again_after_an_error():
    room = Room(1)
    with pytest.raises(ZeroDivisionError), room.place():
        raise ZeroDivisionError
    with room.place(), pytest.raises(FullError, match="1 sessions are inside"), room.place():
        pass
    assert room.inside == 0
    with pytest.raises(ValueError, match="capacity=0, expected 1"):
        Room(0)


def test_a_body_that_never_ends_takes_no_place(tmp_path, releases):
    app = create_app(Settings(releases, tmp_path / "served.jsonl", capacity=1, patience=0.05))

    async def ask() -> list[dict[str, object]]:
        sent: list[dict[str, object]] = []
        began = iter([{"type": "http.request", "body": b"{", "more_body": True}])

        async def receive():
            message = next(began, None)
            if message is None:
                await asyncio.Event().wait()
            return message

        async def send(message):
            sent.append(message)

        scope = {
            "type": "http",
            "method": "POST",
            "path": "/rank",
            "headers": [],
            "query_string": b"",
            "http_version": "1.1",
            "scheme": "http",
            "server": ("ranker", 80),
            "client": ("somebody", 1),
            "root_path": "",
            "raw_path": b"/rank",
        }
        await asyncio.wait_for(app(scope, receive, send), WAIT)
        return sent

    start, body = asyncio.run(ask())
    assert start["status"] == 408 and b"had not arrived" in body["body"]
    assert app.state.service.room.inside == 0
    app.state.service.close()
