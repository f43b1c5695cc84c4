"""Tests of the notebooks: stripped in git, live in a kernel, and failing the build when broken."""
