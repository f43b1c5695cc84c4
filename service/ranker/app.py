"""The service: ``POST /rank``, ``/ready``, ``/health``, ``/version`` and ``/metrics``."""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections.abc import AsyncIterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from fastapi import FastAPI, HTTPException, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse, Response
from prometheus_client import (
    CONTENT_TYPE_LATEST,
    CollectorRegistry,
    Counter,
    Gauge,
    generate_latest,
)
from pydantic import BaseModel
from starlette.exceptions import HTTPException as StarletteHTTPException

from ranker import words
from ranker.door import Door
from ranker.features import make_rows
from ranker.implausible import ImplausibleError, LeftOut, Mended, Policy, Settled, settle
from ranker.offers import Session
from ranker.release import Release, sha
from ranker.room import Room
from ranker.served import ServedLog
from ranker.store import Store


@dataclass(frozen=True)
class Settings:
    """How the service runs.

    Parameters
    ----------
    releases : Path
        The folder of releases.
    log : Path
        The file to which served sessions are appended.
    capacity : int
        Sessions inside at once.
    implausible : {"refuse", "leave out", "usual"}
        What becomes of a session in which an offer is implausible: no slate; one without it; or
        one for which usual values have taken the place of the offer's implausible ones.
    patience : float
        Seconds for a request to arrive.
    """

    releases: Path
    log: Path
    capacity: int = 16
    implausible: Policy = "refuse"
    patience: float = 10.0


class Slate(BaseModel):
    """The answer: restaurants, best first, with their scores, and which release says so."""

    session: str
    release: str
    restaurants: list[int]
    scores: list[float]
    left_out: list[LeftOut]
    mended: list[Mended]


class Service:
    """What the endpoints share: the release that is served, and what is counted."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.store = Store(settings.releases)
        self._stamp = self.store.stamp()
        self.release = self._read(self.store.pointer().release)
        self.trouble = ""
        self.leaving = False  # set by whoever stops it; it answers on, and says so
        self.room = Room(settings.capacity)
        self.log = ServedLog(settings.log)
        # One thread: scoring keeps a core busy, and two would only make each other wait.
        self.scorer = ThreadPoolExecutor(1, "scorer")
        self._loader = ThreadPoolExecutor(1, "loader")
        self._loading: asyncio.Future[None] | None = None
        self.registry = registry = CollectorRegistry()
        self.left_out = Counter(
            "ranker_left_out",
            "Offers left out, by what was implausible",
            ["field"],
            registry=registry,
        )
        self.mended = Counter(
            "ranker_mended",
            "Values of offers that were ranked by the usual one, by field",
            ["field"],
            registry=registry,
        )
        for name, meaning, value in (
            ("ranker_inside", "Sessions inside", lambda: self.room.inside),
            ("ranker_log_written", "Lines in the log", lambda: self.log.written),
            ("ranker_log_lost", "Lines that could not be written", lambda: self.log.lost),
        ):
            Gauge(name, meaning, registry=registry).set_function(value)

    def follow(self) -> None:
        """If the pointer has moved, load the release that it names, while this one serves on."""
        stamp = self.store.stamp()
        if stamp == self._stamp or (self._loading and not self._loading.done()):
            return
        self._stamp = stamp
        self._loading = asyncio.get_running_loop().run_in_executor(self._loader, self._load)

    def _read(self, name: str) -> Release:
        release = self.store.read(name)
        if self.settings.implausible == "usual":
            release.need_usual()
        return release

    def _load(self) -> None:
        try:
            name = self.store.pointer().release
            if name != self.release.name:
                self.release = self._read(name)
            self.trouble = ""
        except ValueError as error:
            self.trouble = str(error)

    def rank(self, session: Session) -> Slate:
        """Rank the offers of a session, and note what was served."""
        release = self.release  # one release for the whole answer
        try:
            settled = settle(session, release, self.settings.implausible)
        except ImplausibleError as error:
            raise HTTPException(422, str(error)) from error
        counter = self.mended if settled.mended else self.left_out
        for field in settled.fields:
            counter.labels(field).inc()
        kept = settled.session
        rows = make_rows(kept)
        scores = release.scores(rows)
        best = np.argsort(-scores, kind="stable")[: release.places]
        self._note(release, settled, rows, scores, best)
        return Slate(
            session=session.session,
            release=release.name,
            restaurants=[kept.offers[place].restaurant for place in best],
            scores=[float(scores[place]) for place in best],
            left_out=settled.left_out,
            mended=settled.mended,
        )

    def _note(self, release: Release, settled: Settled, rows: Any, scores: Any, best: Any) -> None:
        # Who learns from the log has to know which of its values nobody sent.
        mended = [one.model_dump(include={"restaurant", "field"}) for one in settled.mended]
        self.log.write(
            {
                "time": round(time.time(), 3),
                "release": release.name,
                "session": settled.session.session,
                "restaurants": [offer.restaurant for offer in settled.session.offers],
                "features": rows.tolist(),
                "scores": scores.tolist(),
                "slate": best.tolist(),
                "mended": mended,
            }
        )

    def close(self) -> None:
        """Finish what is being scored, then close the log."""
        self.scorer.shutdown()
        self._loader.shutdown()
        self.log.close()


def code_version() -> str:
    """Hash of this package's sources."""
    here = Path(__file__).parent
    return sha(b"".join(path.read_bytes() for path in sorted(here.glob("*.py"))))


def create_app(settings: Settings) -> FastAPI:
    """Make the service.

    Raises
    ------
    StoreError, ReleaseError
        If there is no release to serve, or the current one must not be.
    """
    service = Service(settings)
    code = code_version()

    @contextlib.asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        yield
        service.close()

    # No pages of documentation: they would fetch scripts from elsewhere. /openapi.json is there.
    app = FastAPI(title="Ladle's ranker", docs_url=None, redoc_url=None, lifespan=lifespan)
    app.state.service = service
    app.add_middleware(
        Door,
        registry=service.registry,
        room=service.room,
        patience=settings.patience,
        leaving=lambda: service.leaving,
    )

    @app.post("/rank")
    async def rank(session: Session) -> Slate:
        service.follow()
        return await asyncio.get_running_loop().run_in_executor(
            service.scorer, service.rank, session
        )

    # Apart from health: a process that is about to stop is well, and yet nobody should come to it.
    @app.get("/ready")
    async def ready() -> dict[str, bool]:
        if service.leaving:
            raise HTTPException(503, "this process is about to stop: ask another")
        return {"ready": True}

    @app.get("/health")
    async def health() -> dict[str, Any]:
        service.follow()
        fine = not service.trouble and not service.log.lost
        return {
            "status": "ok" if fine else "look",
            "trouble": service.trouble or None,
            "inside": service.room.inside,
            "capacity": service.room.capacity,
            "served": service.log.written,
            "lost": service.log.lost,
        }

    @app.get("/version")
    async def version() -> dict[str, str]:
        service.follow()
        now = service.release
        return {"release": now.name, "code": code, "data": now.data, "model": now.digest}

    @app.get("/metrics")
    async def metrics() -> Response:
        return Response(generate_latest(service.registry), media_type=CONTENT_TYPE_LATEST)

    @app.exception_handler(RequestValidationError)
    async def refused(request: Request, error: RequestValidationError) -> JSONResponse:
        return JSONResponse({"error": words.sentence(error.errors())}, 422)

    @app.exception_handler(StarletteHTTPException)
    async def told(request: Request, error: StarletteHTTPException) -> JSONResponse:
        said = words.STATUS.get(error.status_code, "{said}").format(
            said=error.detail, method=request.method, path=request.url.path[:80]
        )
        return JSONResponse({"error": said}, error.status_code, error.headers)

    return app
