"""Tests of `launchlab.lab`: no browser, no kernel."""
