"""Stands in for ``IPython``."""

from __future__ import annotations


def get_ipython() -> None:
    """Say that no IPython runs here."""
