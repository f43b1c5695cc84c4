"""Tests; a package, so that `pytest` finds its helpers from any folder."""
