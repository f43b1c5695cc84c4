from otter.test_files import test_case

OK_FORMAT = False

name = "q5"
points = 2


@test_case(points=None, hidden=False)
def test_the_year(year_of_the_107):
    assert year_of_the_107 is not ..., "year_of_the_107 is not set yet"
    assert isinstance(year_of_the_107, int), "a year is a whole number"
    assert 2006 <= year_of_the_107 <= 2009, "the prize ran from 2006 to 2009"
    assert year_of_the_107 != 2009, "that is what the slide says"


@test_case(points=None, hidden=False)
def test_the_models(models_put_in_production):
    assert models_put_in_production is not ..., "models_put_in_production is not set yet"
    assert isinstance(models_put_in_production, int), "a whole number is due"
    assert models_put_in_production != 0, "that is what the slide says"
    assert models_put_in_production < 107, "not all of them"
