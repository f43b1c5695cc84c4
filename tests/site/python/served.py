"""The built book with Python's button in a page, and a stand-in for Python itself."""

import re
from pathlib import Path

from playwright.sync_api import Page, Route

from launchlab.publish import runnable
from tests.site import book

FAKE = Path(__file__).with_name("fake.js").read_text(encoding="utf-8")
_SCRIPTS = ("runtime.js", "run-page.js", "run-cells.js", "editor.js", "run.css")


def offered(html: str, depth: int = 2) -> str:
    """A built page as a build with ``PAGE_PYTHON=1`` makes it.

    Parameters
    ----------
    html : str
    depth : int
        How many folders lie between it and the book's root.
    """
    if runnable.OFFERS in html:
        return html
    static = f"{'../' * depth}_static"
    button = runnable.offer(f"{static}/{runnable.FOLDER}/", "../page-python.html", 42)
    box = re.search(r'<div class="ll-objectives".*?</div>\n', html, flags=re.DOTALL)
    assert box is not None
    html = html[: box.end()] + str(button) + html[box.end() :]
    scripts = [f"{runnable.FOLDER}/runtime.js", "launchlab/run-page.js"]
    if "launchlab/launchlab.js" not in html:
        scripts.insert(0, "launchlab/launchlab.js")
    tags = [f'<script defer src="{static}/{name}"></script>' for name in scripts]
    tags.append(f'<link rel="stylesheet" href="{static}/launchlab/run.css">')
    return html.replace("</head>", "".join(tags) + "</head>", 1)


def serve(page: Page, path: str, runtime: str = FAKE) -> None:
    """Let a page of the built book offer Python.

    Parameters
    ----------
    page : Page
        Of the browser; not yet there.
    path : str
        The page's address from the book's root.
    runtime : str
        The script of what stands for Python.
    """
    built = book.BUILT.joinpath(path).read_text(encoding="utf-8")

    def answer(route: Route) -> None:
        name = route.request.url.split("?")[0].rpartition("/")[2]
        text = runtime if name == "runtime.js" else runnable.scripts()[name]
        kind = "text/css" if name.endswith(".css") else "text/javascript"
        route.fulfill(body=text, content_type=f"{kind}; charset=utf-8")

    page.route(
        re.compile(rf"/{re.escape(path)}([?#].*)?$"),
        lambda route: route.fulfill(
            body=offered(built, path.count("/")), content_type="text/html; charset=utf-8"
        ),
    )
    names = "|".join(map(re.escape, _SCRIPTS))
    page.route(re.compile(rf"/_static/[a-z-]+/({names})([?].*)?$"), answer)
