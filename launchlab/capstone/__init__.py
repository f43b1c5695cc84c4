"""The capstone: choose what ships, release it in stages, and watch it, under your own name."""
