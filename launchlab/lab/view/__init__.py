"""How charts look, and what draws them."""
