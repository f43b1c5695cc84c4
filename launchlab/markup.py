"""HTML from Jinja2 templates; every value is escaped, so text stays text.

A template lies in the ``templates`` folder of the package that fills it. Its line breaks and
indentation are there for people who edit it, and are dropped from the output.
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
        The package that holds the template; a module passes ``__package__``.
    template : str
        File name, such as "cards.html".
    **values
        Values for the template's variables. Text is escaped; a value that is already `Markup`
        (another filled template, or a drawing) is not.

    Returns
    -------
    Markup
        A subclass of str.
    """
    return Markup(_template(package, template).render(**values))
