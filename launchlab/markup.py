"""HTML from templates: Jinja2, which escapes every value, so that text stays text.

A template lies in the folder ``templates`` of the package that fills it. Line breaks between its
lines are dropped: they are there for who reads it.
"""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from typing import Any

from jinja2 import Environment, StrictUndefined, Template
from markupsafe import Markup

_ENVIRONMENT = Environment(autoescape=True, undefined=StrictUndefined)


@cache
def _template(package: str, name: str) -> Template:
    source = files(package).joinpath("templates", name).read_text(encoding="utf-8")
    return _ENVIRONMENT.from_string("".join(line.strip() for line in source.splitlines()))


def render(package: str, template: str, /, **values: Any) -> Markup:
    """Fill a template.

    Parameters
    ----------
    package : str
        The package that holds it; a module's own is ``__package__``.
    template : str
        File name, such as "cards.html".
    **values
        What it names. Text is escaped; what is `Markup` already (another template filled, or a
        drawing) is not.

    Returns
    -------
    Markup
        A str.
    """
    return Markup(_template(package, template).render(**values))
