"""Effects for the tests of the claims machinery; importable by worker processes."""

import os

from launchlab.claims import Claim, Effect, Variant


def effect(seed: int, *, shift: float = 0.0) -> Effect:
    """Rises with the seed; leaves a mark so that a test can count computations."""
    marks = os.environ.get("TOY_MARKS")
    if marks:
        with open(marks, "a", encoding="utf-8") as file:
            file.write(f"{seed} {shift}\n")
    return Effect(seed - 4.5 + shift, error=0.5)


def fails_late(seed: int) -> Effect:
    """Raises in world 6 while the file that TOY_BROKEN names exists."""
    marks = os.environ["TOY_MARKS"]
    with open(marks, "a", encoding="utf-8") as file:
        file.write(f"{seed}\n")
    if seed == 6 and os.path.exists(os.environ["TOY_BROKEN"]):
        raise RuntimeError("the power went")
    return Effect(1.0 + seed)


RISES = Claim(
    name="toy-rises",
    statement="The toy rises.",
    effect=effect,
    unit="points",
    expected=15,
    variants=[Variant("shifted", "a shift of 10", {"shift": 10.0})],
)
INTERRUPTED = Claim(
    name="toy-interrupted",
    statement="The toy survives.",
    effect=fails_late,
    unit="points",
)
CLAIMS = [RISES]
