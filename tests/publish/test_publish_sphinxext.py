"""What the Sphinx extension adds to pages."""

import pytest

from launchlab.publish import sphinxext


@pytest.mark.parametrize("display", ["inline", "block"])
def test_formulas_become_mathml(display):
    text = sphinxext.mathml(r"E=\bar E-\bar A < 1", display)
    assert text.startswith("<math")
    assert f'display="{display}"' in text
    assert "<mover>" in text
