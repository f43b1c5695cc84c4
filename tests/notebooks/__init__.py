"""Tests of the notebooks: stripped in git, and live in a kernel."""
