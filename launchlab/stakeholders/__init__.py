"""The five who share a model: what each wants, what no weight can buy, and how they agree.

``results`` holds the menu of 600 configurations in world 0 (``menu.csv``, made by
``OMP_NUM_THREADS=1 python -m launchlab.stakeholders.menu``), and what frozen and fresh models bring
in 20 drifting worlds (``drift.csv``, made by ``... launchlab.stakeholders.frozen``).
"""
