"""Machine learning as software: what a release is made of, how it breaks, and what notices.

Everything here is about one release, made anew each week: an order model learns from the log and
ranks fresh sessions. `town` draws both, `order_model` trains and `judged` counts what it brings,
by the simulator's truth. What goes wrong between training and serving is in `faults`.
"""
