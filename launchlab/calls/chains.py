"""Steps that all have to succeed, one after the other.

Steps are independent and equally hard, and a step done again is as good as at first. Where tasks
differ in difficulty more of them succeed than this says, and where one error breeds others, fewer.
"""

from __future__ import annotations

from launchlab.calls._given import count, share


def chain(steps: int, step: float) -> float:
    """How often all of several steps succeed.

    Parameters
    ----------
    steps : int
    step : float
        How often one step does, 0 to 1.

    Returns
    -------
    float
    """
    return float(share("step", step) ** count("steps", steps))


def checked(step: float, found: float) -> float:
    """How often a step is right that is checked, and done once more where the check finds a fault.

    Parameters
    ----------
    step : float
        How often it is right at first, 0 to 1.
    found : float
        Share of faults that the check finds, 0 to 1. It takes nothing right for a fault.

    Returns
    -------
    float
    """
    return share("step", step) * (1 + (1 - step) * share("found", found))
