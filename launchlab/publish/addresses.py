"""Addresses within a page: a heading must not take the one of a lab.

A heading "Lab: what a guardrail protects" gets the address ``lab-what-a-guardrail-protects``, and a
lab ``lab-`` and its name. If the two are the same, a link to the lab leads to the heading above it,
and scripts that look for the lab find the heading.
"""

from __future__ import annotations

import html
import re

_LAB = re.compile(r'<section class="launchlab[^"]*" id="lab-(?P<name>[^"]+)"')
_HEADING = re.compile(r'<section id="(?P<id>[^"]+)">\s*<h[1-6][^>]*>(?P<text>.*?)<(?:a|/h)', re.S)


def clashes(body: str) -> list[str]:
    """What a page's HTML says of headings that have a lab's address, a sentence for each.

    Parameters
    ----------
    body : str
        The HTML of the page's text.

    Returns
    -------
    list of str
        Empty where all addresses differ.
    """
    labs = set(_LAB.findall(body))
    found = []
    for heading in _HEADING.finditer(body):
        name = heading["id"].removeprefix("lab-")
        if heading["id"] != name and name in labs:
            text = html.unescape(re.sub(r"<[^>]+>", "", heading["text"])).strip()
            found.append(
                f"the heading {text!r} and the lab {name!r} have the same address, "
                f"#lab-{name}: expected other words in the heading, or another name of the lab"
            )
    return found
