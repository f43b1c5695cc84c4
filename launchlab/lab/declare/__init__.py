"""What an experiment consists of, checked when it is declared."""
