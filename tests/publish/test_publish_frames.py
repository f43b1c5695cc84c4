"""A page for each lab: what is taken out of a chapter's page, and the table that lists them."""

from launchlab.publish import frames
from launchlab.publish.index import Listed

LAB = (
    '<section class="launchlab x" id="lab-{0}" aria-labelledby="lab-{0}-title">'
    '<p class="ll-title" id="lab-{0}-title">Five &amp; <b>six</b>?</p>'
    '<script type="application/json" class="ll-data">{{"a": "\\u003c/section>"}}</script></section>'
)
BODY = f'<section id="h"><h1>One</h1>{LAB.format("a")}<p>Between.</p>{LAB.format("b-2")}</section>'


def make(body):
    chapter = "<em>A</em> &lt; B"
    return frames.make(body, "book/part/one", chapter, "Book", first="first();", give_up='f("x")')


def test_each_lab_gets_a_page_with_nothing_else_but_the_way_to_its_chapter():
    made = make(BODY)
    assert list(made) == ["a", "b-2"]
    assert LAB.format("b-2") in made["b-2"]
    assert "Between." not in made["a"] and "lab-b-2" not in made["a"]
    assert "<title>Five &amp; six?, a lab of Book</title>" in made["a"]
    link = '<a href="../book/part/one.html#lab-b-2" target="_blank" rel="noopener">A &lt; B</a>'
    assert link in made["b-2"]
    assert 'onerror="f(&#34;x&#34;)"' in made["a"] and "<script>first();" in made["a"]


def test_a_page_without_a_lab_makes_none(tmp_path):
    assert make("<section><h1>One</h1></section>") == {}
    frames.write(tmp_path, {})
    assert not (tmp_path / "frames").exists()
    frames.write(tmp_path, make(BODY))
    assert sorted(one.name for one in (tmp_path / "frames").iterdir()) == ["a.html", "b-2.html"]


def test_the_table_has_every_lab_in_the_order_of_reading():
    labs = [Listed("x/b", "Bee", "one", "A <lab>", True), Listed("x/a", "Ay", "two", "Two", False)]
    text = frames.table(labs, ["x/a", "x/b"], "../../frames/")
    assert text.index("two.html") < text.index("one.html")
    assert '<a href="../../frames/one.html">A &lt;lab&gt;</a>' in text
    assert ">Ay</th>" in text
