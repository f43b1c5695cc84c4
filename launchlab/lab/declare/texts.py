"""Texts made from frames: how they are declared, checked, and told apart."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd

from launchlab import memo
from launchlab.lab.declare.errors import ExperimentError
from launchlab.lab.view.say import Say

Text = Say | str | Callable[[pd.DataFrame], str]


def fingerprint(text: Any) -> Any:
    """What of a text decides what it says."""
    if not isinstance(text, Say):
        return memo.fingerprint(text) if text else None
    return [text.public(), memo.fingerprint(text.values) if text.values else None]


def text_of(owner: str, what: str, write: Any, frame: pd.DataFrame) -> str:
    """The text that ``write`` makes of a frame, checked."""
    try:
        text = write(frame)
    except Exception as error:
        raise ExperimentError(f"{owner}: {what}: {type(error).__name__}: {error}") from error
    if not isinstance(text, str) or not text.strip():
        raise ExperimentError(f"{owner}: {what}={text!r}, expected text")
    return text


def describe(state: dict[str, Any]) -> str:
    """A state in words, such as ``weeks=7, late=True``."""
    # A level that came out of a table is a number of numpy's, which would write its type beside it.
    plain = {
        name: value.item() if isinstance(value, np.generic) else value
        for name, value in state.items()
    }
    return ", ".join(f"{name}={value!r}" for name, value in plain.items())
