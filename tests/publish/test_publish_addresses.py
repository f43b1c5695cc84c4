"""A heading that takes a lab's address is named together with the lab."""

from launchlab.publish.addresses import clashes

HEADING = '<section id="{}">\n<h2>Lab: the <em>tail</em><a class="headerlink" href="#x">#</a></h2>'
LAB = '<section class="launchlab tex2jax_ignore" id="lab-{0}" aria-labelledby="lab-{0}-title">'


def test_a_heading_with_a_labs_address_is_named_with_the_lab():
    (said,) = clashes(HEADING.format("lab-the-tail") + LAB.format("the-tail"))
    assert said.startswith("the heading 'Lab: the tail' and the lab 'the-tail' have the same")
    assert "#lab-the-tail" in said


def test_addresses_that_differ_are_no_clash():
    assert clashes(HEADING.format("lab-the-tail") + LAB.format("fan-out")) == []
    assert clashes(HEADING.format("fan-out") + LAB.format("fan-out")) == []
    assert clashes(LAB.format("fan-out") + LAB.format("tail")) == []
