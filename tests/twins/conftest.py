"""An empty page with the front end's script in it, and a way to call its functions."""

import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page

from launchlab.lab.lives import live


@pytest.fixture(scope="session")
def script(light_browser: Browser) -> Iterator[Page]:
    """The page. The script starts no lab by itself where it was not loaded from a file."""
    page = light_browser.new_page()
    page.add_script_tag(content=live.script())
    yield page
    page.close()


@pytest.fixture(scope="session")
def call(script: Page) -> Callable[..., Any]:
    """Call a JavaScript function; arguments and result travel as JSON."""

    def ask(function: str, *arguments: Any) -> Any:
        source = f"text => JSON.stringify(({function})(...JSON.parse(text)))"
        return json.loads(script.evaluate(source, json.dumps(arguments, allow_nan=False)))

    return ask
