"""How hard a forest is to read, and how much of what one reads in it persists.

Measured on scikit-learn's breast cancer data: trees and forests trained again and again, and small
trees that imitate them.
"""

from launchlab.interpret.forests import CHANGES, Reading, grow_forest, grow_tree, read_forest
from launchlab.interpret.measures import churn, top_overlap
from launchlab.interpret.patients import FEATURES, Patients, split_patients
from launchlab.interpret.surrogates import ASKED, INVENTED, Surrogate, imitate

__all__ = [
    "ASKED",
    "CHANGES",
    "FEATURES",
    "INVENTED",
    "Patients",
    "Reading",
    "Surrogate",
    "churn",
    "grow_forest",
    "grow_tree",
    "imitate",
    "read_forest",
    "split_patients",
    "top_overlap",
]
