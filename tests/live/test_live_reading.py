"""What a notebook's own Markdown does in a real JupyterLab: answers fold, prices are prices."""

import json
from pathlib import Path

from playwright.sync_api import BrowserContext, expect

from launchlab.publish import collapse, plain, roles
from tests.live.workbench import Notebook, Server, write_notebook

PRICES = """
import pandas as pd
from launchlab import lab
lab.table(pd.DataFrame({"who": ["Manager"], "says": ["$21 thousand more. Another $8 thousand."]}))
"""


def test_answers_stay_folded_and_prices_are_no_formula(
    context: BrowserContext, server: Server, notebooks: Path
) -> None:
    path = write_notebook(notebooks / "reading.ipynb", "print('the answer')")
    notebook = json.loads(path.read_text(encoding="utf-8"))
    notebook["cells"][0]["metadata"] = {"tags": ["answer"]}
    money = plain.escape_money("From $8 to $9, and $p$.")
    assert money.count(roles.DOLLAR) == 2
    number = '<data value="gain">12 to 15</data> points'
    texts = [("exercise", f"{money} {number}"), ("hint", "**Hint.** Try."), ("", "## Reading")]
    cells = [
        {"cell_type": "markdown", "id": f"text-{place}", "metadata": {"tags": [tag] if tag else []}}
        | {"source": text}
        for place, (tag, text) in enumerate(texts)
    ]
    notebook["cells"][:0] = cells[:2]
    notebook["cells"] += cells[2:]
    path.write_text(json.dumps(notebook), encoding="utf-8")
    assert collapse.collapse(path) > 0

    opened = Notebook(context.new_page(), server, "reading.ipynb")
    opened.run_all()
    page = opened.page
    asked = page.locator(".jp-RenderedMarkdown").filter(has_text="From")
    expect(asked).to_contain_text("From $8 to $9, and")
    expect(asked).to_contain_text("12 to 15 points")
    expect(asked.locator("mjx-container")).to_have_count(1)
    expect(page.locator("details p", has_text="Try.")).to_be_hidden()
    shown = page.locator(".jp-OutputArea-output").filter(has_text="the answer")
    expect(shown).to_be_hidden()
    page.locator(".jp-showHiddenCellsButton").click()
    expect(shown).to_be_visible()
    opened.close()


def test_two_prices_in_a_cell_of_a_table_are_no_formula(
    context: BrowserContext, server: Server, notebooks: Path
) -> None:
    path = write_notebook(notebooks / "prices.ipynb", PRICES)
    notebook = json.loads(path.read_text(encoding="utf-8"))
    text = {"cell_type": "markdown", "id": "formula", "metadata": {}, "source": "A formula: $p$."}
    notebook["cells"].append(text)
    path.write_text(json.dumps(notebook), encoding="utf-8")

    opened = Notebook(context.new_page(), server, "prices.ipynb")
    opened.run_all()
    # Where the text has its formula, the table above it would have had its own.
    expect(opened.page.locator(".jp-RenderedMarkdown mjx-container")).to_have_count(1)
    table = opened.page.locator(".ll-typeset")
    expect(table).to_contain_text("$21 thousand more. Another $8 thousand.")
    expect(table.locator("mjx-container")).to_have_count(0)
    opened.close()
