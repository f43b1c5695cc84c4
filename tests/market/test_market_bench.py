from launchlab.market.bench import bench


def test_bench_measures_what_it_promises():
    figures = bench()
    assert all(value > 0 for value in figures.values())
    # CPU time of one thread, so a busy machine does not matter; a slow one may, hence the slack.
    assert figures["total_ms"] < 400
    assert figures["time_ratio_4x"] < 1.5, "cost is linear in sessions"
    assert figures["peak_ratio_4x"] < 1.5, "memory is bounded"
