from otter.test_files import test_case

OK_FORMAT = False

name = "q4"
points = 7


@test_case(points=None, hidden=False)
def test_most_ads_at_its_ends(most_ads, menu):
    import numpy as np

    found = most_ads(0.0)
    assert found is not None and found is not ..., "most_ads returns nothing yet"
    assert len(found) == 2, "two numbers are due: ad revenue and price"
    assert np.isclose(found[0], menu["ad_revenue"].max()), "without a bound: the most there is"
    assert abs(found[1]) < 1e-06, "a bound that does not bind costs nothing"
    row = menu.loc[menu["orders"].idxmax()]
    assert np.isclose(most_ads(1.0)[0], row["ad_revenue"]), (
        "where all orders must be kept, only the row with most orders is left; is the bound on the split's average, and a share of the best?"
    )


@test_case(points=None, hidden=False)
def test_a_split_brings_no_less_than_a_single_row(most_ads, menu):
    found = most_ads(0.95)
    assert found is not None and found is not ..., "most_ads returns nothing yet"
    kept = menu[menu["orders"] >= 0.95 * menu["orders"].max()]
    assert found[0] >= kept["ad_revenue"].max() - 1e-06, (
        "a single row brings more; it is a split too"
    )


@test_case(points=None, hidden=False)
def test_between_two_bounds_traffic_can_be_split(most_ads):
    found = most_ads(0.9)
    assert found is not None and found is not ..., "most_ads returns nothing yet"
    for step in range(90, 99):
        low, middle, high = (most_ads(share / 100)[0] for share in (step, step + 1, step + 2))
        assert middle >= (low + high) / 2 - 1e-06, (
            f"half of the traffic as at {step} % of the orders and half as at {step + 2} % keeps {step + 1} %, and brings more than you found there; is yours a single row? A split of traffic is due"
        )


@test_case(points=None, hidden=False)
def test_the_price_is_what_another_order_costs(most_ads, menu):
    found = most_ads(0.93)
    assert found is not None and found is not ..., "most_ads returns nothing yet"
    assert found[1] > 0, "the price should be above 0: an order more costs ads"
    step = 1e-06
    cost = (most_ads(0.93)[0] - most_ads(0.93 + step)[0]) / (step * menu["orders"].max())
    assert abs(found[1] - cost) < 0.02 * abs(cost) + 0.001, (
        f"one more order costs ${cost:.2f} by your own ad revenues, and you say ${found[1]:.2f}"
    )


@test_case(points=None, hidden=False)
def test_gained(gained, most_ads, menu):
    assert gained is not ..., "gained is not set yet"
    assert gained >= -1e-09, "a split cannot bring less than the best single row"
    kept = menu[menu["orders"] >= 0.95 * menu["orders"].max()]
    alone = most_ads(0.95)[0] - gained
    assert alone <= kept["ad_revenue"].max() + 0.001, (
        "no single row that keeps the bound has as much"
    )
    assert min(abs(kept["ad_revenue"] - alone)) < 0.001, (
        "your best split less what you gained is no single row that keeps the bound"
    )
    assert alone >= kept["ad_revenue"].max() - 0.001, (
        "there is a single row that keeps the bound and brings more than the one you compare with"
    )


@test_case(points=None, hidden=False)
def test_given_up(given_up, most_ads, menu):
    import numpy as np
    from launchlab.stakeholders.negotiation import Bound, best_split

    assert given_up is not ..., "given_up is not set yet"
    assert given_up >= -1e-06, "under bounds there is never more margin; is the sign turned?"
    limits = {"orders": 0.97 * menu["orders"].max(), "ad_revenue": 0.9 * most_ads(0.97)[0]}
    shares = np.linspace(0, 1, 21)[:, None, None]
    mixed = {
        name: shares * menu[name].to_numpy()[:, None] + (1 - shares) * menu[name].to_numpy()
        for name in ("orders", "ad_revenue", "margin")
    }
    kept = np.all([mixed[name] >= limit for name, limit in limits.items()], axis=0)
    left = menu["margin"].max() - given_up
    assert left >= mixed["margin"][kept].max() - 1e-06, (
        "there is a split over two rows that keeps both bounds and has more margin left"
    )
    for name, limit in limits.items():
        assert left <= best_split(menu, "margin", [Bound(name, limit)]).value + 1e-06, (
            f"even with the bound on {name} alone no split has so much margin left; are both bounds there, and is given_up in dollars per 1,000 sessions?"
        )


@test_case(points=None, hidden=False)
def test_binding(binding, given_up, most_ads, menu):
    from launchlab.stakeholders.negotiation import Bound, best_split

    assert binding is not ..., "binding is not set yet"
    assert isinstance(binding, list), "a list of names of measures is due"
    assert set(binding) <= {"ad_revenue", "orders"}, "not a measure with a bound"
    assert binding == sorted(set(binding)), "sorted and each once, please"
    bounds = [
        Bound("orders", 0.97 * menu["orders"].max()),
        Bound("ad_revenue", 0.9 * most_ads(0.97)[0]),
    ]
    for dropped, other in zip(bounds, bounds[::-1], strict=True):
        without = best_split(menu, "margin", [other]).value
        more = without > menu["margin"].max() - given_up + 1e-06
        assert not (more and dropped.measure not in binding), (
            f"without the bound on {dropped.measure} there would be more margin: it binds"
        )
        assert not (dropped.measure in binding and (not more)), (
            f"without the bound on {dropped.measure} there would be no more margin"
        )


@test_case(points=None, hidden=False)
def test_the_price_of_the_guarantee(order_price, dearer, menu, GUARANTEE):
    from launchlab.stakeholders.negotiation import Bound, best_split

    assert order_price is not ..., "order_price is not set yet"
    assert order_price >= 0, "written without a minus, and 0 where the bound does not bind"
    step = 1e-06 * menu["orders"].max()
    kept = [
        best_split(menu, "margin", [Bound("orders", GUARANTEE * menu["orders"].max() + more)]).value
        for more in (0.0, step)
    ]
    cost = (kept[0] - kept[1]) / step
    assert abs(order_price - cost) < 0.02 * abs(cost) + 0.01, (
        "a little more of the guarantee costs another amount of margin; is it margin, and dollars?"
    )
    assert dearer is not ..., "dearer is not set yet"
    assert str(dearer) in ("True", "False"), "dearer is True or False"
