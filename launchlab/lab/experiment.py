"""An experiment: a declaration, and a way to show it in either life."""

from __future__ import annotations

from typing import Any

from launchlab.lab.declare.declaration import Declaration
from launchlab.lab.show import show


class Experiment(Declaration):
    """A `Declaration` that can be shown; its parameters are those of a `Declaration`."""

    def show(self, **controls: Any) -> None:
        """Show the lab: live in a kernel, or frozen while the book is built.

        Parameters
        ----------
        **controls
            State to start from; controls left out take their default.
        """
        show(self, self.state(**controls))
