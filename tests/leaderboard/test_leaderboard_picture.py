"""The drawing of the contest shows its images and its piles, and stays small."""

import re
import xml.etree.ElementTree as ElementTree

from sklearn.datasets import load_digits

from launchlab.leaderboard.picture import digits_svg


def test_the_piles_are_all_images_there_are():
    drawing = digits_svg()
    ElementTree.fromstring(drawing)
    counts = [int(count) for count in re.findall(r">(\d+) images<", drawing)]
    assert len(counts) == 3 and sum(counts) == len(load_digits().data)


def test_every_digit_is_drawn_and_named():
    drawing = digits_svg()
    columns = {int(x) // 10 for x in re.findall(r"M(\d+) \d\.5h1", drawing)}
    assert columns == set(range(10))
    assert drawing.count(">odd<") == drawing.count(">even<") == 5
    assert len(drawing.encode()) < 15_000
