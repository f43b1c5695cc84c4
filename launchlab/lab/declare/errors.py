"""The error of an experiment that does not keep its contract."""


class ExperimentError(Exception):
    """An experiment does not keep its contract; the message names experiment and place."""
