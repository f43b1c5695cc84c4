"""A notebook that draws with matplotlib is graded like any other, in a real sandbox."""

import pytest

from coursework import grade, submissions
from tests.coursework import toy

pytestmark = pytest.mark.usefixtures("bubblewrap")
IMPORT = "import matplotlib.pyplot as plt"
DRAW = """
%matplotlib inline
figure, axes = plt.subplots()
axes.plot([1, 2, total])
axes.set_title("total")
figure.savefig("figure.png")
plt.show()
drawn = figure.canvas.get_width_height()[0] > 0
"""


def test_who_draws_loses_nothing(tmp_path):
    private = toy.make_assignment(tmp_path / "private")
    folder = tmp_path / "in"
    start, *others = toy.SOLUTION
    notebooks = {
        # The first cell begins with what may fail: nothing else of the cell would run then.
        "Ada Lovelace": (f"%matplotlib inline\n{IMPORT}\n{start}", *others),
        "Grace Hopper": (IMPORT, *toy.SOLUTION, DRAW, "assert drawn"),
        # What asks for a window of whatever kind there is, or of one that is not there.
        "Mary Jackson": (f"%matplotlib\n{IMPORT}\n{start}", *others, DRAW, "assert drawn"),
        "Katherine Johnson": (f"%matplotlib qt\n{IMPORT}\n{start}", *others),
        "Dorothy Vaughan": (f"%pylab\n{start}", *others, "assert figure().canvas"),
    }
    for student, cells in notebooks.items():
        (folder / student).mkdir(parents=True)
        (folder / student / "toy.ipynb").write_bytes(toy.notebook(*cells))
    plan = grade.make_plan("toy", private=private)
    found, _ = submissions.read(folder)
    results = grade.grade(plan, found, tmp_path / "journal", jobs=1)
    full = ("graded", toy.FULL, "")
    assert [(one.status, one.score, one.reason) for one in results] == [full] * len(notebooks)
