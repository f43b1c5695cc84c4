"""The door, which every request passes: bodies are read within bounds, places and answers counted.

Whether there is room is asked here, before anything is made of a request: what waits to be parsed
waits too, and a queue that is not counted has no end.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable

from prometheus_client import CollectorRegistry, Counter, Histogram
from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from ranker.room import FullError, Room

PATHS = ("/rank", "/ready", "/health", "/version", "/metrics")
MOST_BYTES = 64 * 1024
"""A session of 30 offers has about 6 KB."""

RETRY_AFTER = 1
"""Seconds after which a client that was turned away may come back."""


class Door:
    """Reads each body to its end, within bounds, before the service hears of the request.

    Parameters
    ----------
    app : ASGI application
    registry : CollectorRegistry
    room : Room
        In which a session has its place from here to its answer.
    patience : float
        Seconds for a body to arrive.
    leaving : callable
        Whether the process is about to stop. Each answer then closes its connection, so that
        whoever comes again comes by a new one, which a balancer can lead elsewhere.
    """

    def __init__(
        self,
        app: ASGIApp,
        registry: CollectorRegistry,
        room: Room,
        patience: float,
        leaving: Callable[[], bool],
    ) -> None:
        self.app, self.room, self.patience, self.leaving = app, room, patience, leaving
        self.turned_away = Counter(
            "ranker_turned_away", "Sessions without place", registry=registry
        )
        self.answers = Counter(
            "ranker_answers", "Answers by path and status", ["path", "status"], registry=registry
        )
        self.seconds = Histogram(
            "ranker_seconds",
            "Time from the whole request to the whole answer of /rank",
            buckets=(0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5),
            registry=registry,
        )

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, or answer it here."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        path = scope["path"] if scope["path"] in PATHS else "other"

        async def counted(message: Message) -> None:
            if message["type"] == "http.response.start":
                self.answers.labels(path, str(message["status"])).inc()
                if self.leaving():
                    headers = [*message.get("headers", ()), (b"connection", b"close")]
                    message = {**message, "headers": headers}
            await send(message)

        try:
            async with asyncio.timeout(self.patience):
                body = await whole(receive)
        except TimeoutError:
            said = f"the request had not arrived after {self.patience:g} s, expected it sooner"
            await JSONResponse({"error": said}, 408)(scope, receive, counted)
            return
        except OverflowError:
            said = f"the request has more than {MOST_BYTES:,} bytes, expected a session"
            await JSONResponse({"error": said}, 413)(scope, receive, counted)
            return
        if body is None:
            return
        given = iter([{"type": "http.request", "body": body, "more_body": False}])

        async def replay() -> Message:
            return next(given, None) or await receive()

        if path != "/rank":
            await self._pass(scope, replay, counted, path)
            return
        try:
            with self.room.place():
                started = time.perf_counter()
                await self._pass(scope, replay, counted, path)
                self.seconds.observe(time.perf_counter() - started)
        except FullError as full:
            self.turned_away.inc()
            said = f"{full}: come back in {RETRY_AFTER} s, or show a list of your own"
            headers = {"Retry-After": str(RETRY_AFTER)}
            await JSONResponse({"error": said}, 503, headers)(scope, receive, counted)

    async def _pass(self, scope: Scope, receive: Receive, send: Send, path: str) -> None:
        try:
            await self.app(scope, receive, send)
        except Exception:
            self.answers.labels(path, "500").inc()  # the answer is written further out
            raise


async def whole(receive: Receive) -> bytes | None:
    """A request's body; None if whoever sent it has left.

    Raises
    ------
    OverflowError
        If it is longer than ``MOST_BYTES``.
    """
    parts, size = [], 0
    while True:
        message = await receive()
        if message["type"] != "http.request":
            return None
        parts.append(message.get("body", b""))
        size += len(parts[-1])
        if size > MOST_BYTES:
            raise OverflowError(size)
        if not message.get("more_body", False):
            return b"".join(parts)
