"""What Sphinx does for Python in the page; `sphinxext` calls its `setup`."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

from sphinx.application import Sphinx
from sphinx.util import logging

from launchlab.publish.pagepython import fetch, site

logger = logging.getLogger(__name__)
# Sphinx's configuration: whether the pages of this build have the extra.
CONFIGURED = "launchlab_page_python"


def setup(app: Sphinx) -> None:
    """Connect what follows."""
    # "html": when it changes, pages are written anew, though not read.
    app.add_config_value(CONFIGURED, False, "html")
    app.connect("config-inited", ask)
    app.connect("builder-inited", put)


def ask(_app: Sphinx, config: Any) -> None:
    """Note whether the extra is asked for."""
    try:
        config[CONFIGURED] = site.wanted(os.environ)
    except ValueError as error:
        logger.warning("%s", error)


def put(app: Sphinx) -> None:
    """Put the extra beside the pages, or take away what an earlier build has left of it."""
    if app.builder.format != "html":
        return
    if not app.config[CONFIGURED]:
        site.remove(Path(app.outdir))
        return
    try:
        size = site.install(Path(app.outdir), Path(app.srcdir, site.CACHE))
    except fetch.FetchError as error:
        logger.warning("%s", error)
    else:
        print(f"Python in the page: {size / 1e6:.0f} MB that a reader may load", flush=True)
