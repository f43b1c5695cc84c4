import pytest

from launchlab.market import (
    Logs,
    Scores,
    Sessions,
    World,
    draw_sessions,
    make_logs,
    make_world,
    true_scores,
)


@pytest.fixture(scope="session")
def world() -> World:
    return make_world(3)


@pytest.fixture(scope="session")
def sessions(world: World) -> Sessions:
    return draw_sessions(world, 3_000, seed=5)


@pytest.fixture(scope="session")
def scores(sessions: Sessions) -> Scores:
    return true_scores(sessions)


@pytest.fixture(scope="session")
def logs(world: World) -> Logs:
    return make_logs(world, 1_500, seed=2)
