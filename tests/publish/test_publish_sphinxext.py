"""What the Sphinx extension adds to pages."""

import pytest

from launchlab.publish import sphinxext


@pytest.mark.parametrize("display", ["inline", "block"])
def test_formulas_become_mathml(display):
    text = sphinxext.mathml(r"E=\bar E-\bar A < 1", display)
    assert text.startswith("<math")
    assert f'display="{display}"' in text
    assert "<mover>" in text


CAVEAT = '<p class="ll-caveat" hidden>Twenty draws.</p>'
NAMED = '<span class="ll-claim-name" data-claim="a-b">It rises.</span>'


def test_what_a_count_is_stands_under_the_first_claim_alone():
    page = sphinxext.show_claims(f"one{CAVEAT}two{CAVEAT}", "")
    assert page == 'one<p class="ll-caveat">Twenty draws.</p>two'


def test_a_claim_that_is_only_named_leads_to_the_list_of_all_if_there_is_one():
    led = sphinxext.show_claims(NAMED, "../claims.html")
    assert 'href="../claims.html#claim-a-b">It rises.</a>' in led
    assert sphinxext.show_claims(NAMED, "") == NAMED
