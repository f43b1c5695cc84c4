"""A learned ranker as a service: a session with its offers comes in, a slate of eight goes out.

`offers` is what may come in, `features` what the model sees of it, `release` what is served (a
model, what is plausible, and examples that have to come out as they did in training), `store` which
release is current, `app` the service around them. ``python -m ranker --help`` lists the commands.
"""
