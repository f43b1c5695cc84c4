"""The error raised when an experiment breaks its contract."""


class ExperimentError(Exception):
    """An experiment breaks its contract; the message names the experiment and the place."""
