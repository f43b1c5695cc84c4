"""Terms are tied to definitions that stand on the same page."""

from docutils import nodes

from launchlab.publish import definitions

LINK = (
    '<a class="reference internal" href="../glossary.html#term-{}">'
    '<span class="xref std std-term">{}</span></a>'
)
KNOWN = {"AUC": ("AUC", "A <chance>."), "proxy": ("proxy", "What stands in.")}


def test_a_term_is_tied_to_its_definition_and_still_leads_to_the_glossary():
    body = f"<p>{LINK.format('AUC', 'the AUC')}, {LINK.format('AUC', 'AUC')}</p>"
    made = definitions.add(body, KNOWN)
    tied = (
        '<a class="reference internal ll-term" href="../glossary.html#term-AUC" '
        'aria-describedby="definition-AUC"><span class="xref std std-term">'
    )
    assert made.count(tied) == 2
    assert made.count('popover="manual" id="definition-AUC"') == 1
    assert "A &lt;chance&gt;." in made and "What stands in." not in made
    assert made.startswith("<p><a")


def test_a_page_without_terms_and_the_glossary_itself_stay_as_they_are():
    here = '<a class="reference internal" href="#term-AUC"><span class="xref std std-term">AUC'
    for body in ("<p>words</p>", LINK.format("other", "other"), here):
        assert definitions.add(body, KNOWN) == body


def test_definitions_are_read_from_the_glossary():
    term = nodes.term("", "lift", ids=["term-lift"])
    meaning = nodes.definition("", nodes.paragraph("", "How  much\nmore."))
    tree = nodes.document(None, None)
    tree += nodes.definition_list("", nodes.definition_list_item("", term, meaning))
    assert definitions.read([tree]) == {"lift": ("lift", "How much more.")}
