"""The package that the notebooks, exercises and tests of From Leaderboard to Launch share."""
