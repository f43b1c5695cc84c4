"""What axe-core says of a page, in light and dark."""

from pathlib import Path

import axe_playwright_python

AXE = Path(axe_playwright_python.__file__).with_name("axe.min.js")
LOOKED_AT = {
    "light": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"]},
    "dark": {"type": "rule", "values": ["color-contrast"]},
}
# What is not ours to mend: the rule, a part of the element's HTML.
KNOWN = [
    # docutils writes a role that ARIA 1.2 deprecated, and anchors straight into the list.
    ("aria-deprecated-role", 'role="doc-biblioentry"'),
    ("aria-required-children", 'class="citation-list"'),
]

# Most elements of a chapter are coloured words of code. How they look hangs on their classes and on
# those of what they are in, so of those that agree in all of them axe is shown the first.
_ONE_OF_EACH_WORD = """() => {
  const seen = new Set();
  for (const word of document.querySelectorAll("pre span[class]")) {
    const path = [];
    for (let at = word; at; at = at.parentElement) {
      path.push(`${at.tagName}.${at.className} ${at.style.cssText}`);
    }
    const key = path.join("<");
    if (seen.has(key)) word.replaceWith(...word.childNodes);
    seen.add(key);
  }
}"""


def violations(reader, scheme: str, scope: str = "html") -> list[str]:
    """What axe finds, a line for each element, without what is known of the theme.

    In the dark only contrast can differ from what was found in the light.
    """
    if not reader.page.evaluate("() => 'axe' in window"):
        reader.page.add_script_tag(path=AXE)
        reader.page.evaluate(_ONE_OF_EACH_WORD)
    found = reader.page.evaluate(
        # Of what passes one element a rule is enough: axe would write an address for each. No rule
        # looked at reads style sheets by itself, so none is fetched again.
        """([scope, runOnly]) =>
          axe.run(scope, { runOnly, resultTypes: ['violations'], preload: false })""",
        [scope, LOOKED_AT[scheme]],
    )
    assert found["passes"], "axe looked at nothing"
    lines = []
    for rule in found["violations"]:
        for node in rule["nodes"]:
            target = " ".join(map(str, node["target"]))
            if not any(rule["id"] == known and part in node["html"] for known, part in KNOWN):
                lines.append(f"{rule['id']}: {target}: {node['failureSummary'][:300]}")
    return lines
