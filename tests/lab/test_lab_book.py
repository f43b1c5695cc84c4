"""Building and serving the book, and the address of its repository."""

import json
import subprocess
import urllib.request

import pytest
from hypothesis import given
from hypothesis import strategies as st

from launchlab.lab import book, repository
from tests import patience

# ---------------------------------------------------------------- the address


@pytest.mark.parametrize(
    "remote",
    [
        "https://host.org/owner/name",
        "https://host.org/owner/name/",
        "https://host.org/owner/name.git",
        "https://host.org/owner/name.git/",
        "git@host.org:owner/name.git",
        "ssh://git@host.org/owner/name.git",
        "https://token@host.org/owner/name.git",
        "https://user:token@host.org/owner/name",
        " https://host.org/owner/name.git\n",
    ],
)
def test_a_remote_has_one_web_address(remote):
    assert repository.web_address(remote) == "https://host.org/owner/name"


@pytest.mark.parametrize(
    "remote",
    [
        "",
        "/home/me/book",
        "file:///home/me/book",
        "http://host.org/owner/name",
        "https://host.org/owner",
        "https://host.org/a/b/c",
        "https://host.org/owner/name?token=x",
        "https://a@b@host.org/owner/name",
        "https://user:to/ken@host.org/owner/name",
        "javascript:alert(1)//a/b",
        "https://host.org/owner/na\nme",
    ],
)
def test_what_is_no_web_address_is_none(remote):
    assert repository.web_address(remote) is None


SECRET = st.text(st.sampled_from("abcXYZ019:/@%?#=. -"), max_size=8)


@given(SECRET, SECRET, st.sampled_from(["owner/name", "owner/name.git", "owner", "a/b/c"]))
def test_credentials_never_reach_a_page_or_a_log(before, after, path):
    remote = f"https://{before}SECRET{after}@host.org/{path}"
    assert "SECRET" not in str(repository.web_address(remote))
    try:
        found = repository.find(remote, {}, None)
    except ValueError as error:
        found = str(error)
    assert "SECRET" not in str(found)


def test_the_setting_comes_before_the_workflow_and_git(tmp_path):
    workflow = {"GITHUB_REPOSITORY": "me/book", "GITHUB_SERVER_URL": "https://git.host"}
    setting = "https://host.org/owner/name"
    assert repository.find(setting, workflow, tmp_path) == setting
    assert repository.find("", workflow, tmp_path) == "https://git.host/me/book"
    workflow.pop("GITHUB_SERVER_URL")
    assert repository.find(None, workflow, tmp_path) == "https://github.com/me/book"


def test_git_is_asked_last(tmp_path):
    def git(*arguments):
        subprocess.run(["git", "-C", tmp_path, *arguments], check=True, capture_output=True)

    git("init")
    assert repository.find(None, {}, tmp_path) is None
    git("remote", "add", "origin", "https://token@host.org/owner/name.git")
    assert repository.find(None, {}, tmp_path) == "https://host.org/owner/name"


def test_a_setting_that_is_no_address_is_an_error(tmp_path):
    with pytest.raises(ValueError, match=r"repository url='nonsense', expected an address"):
        repository.find("nonsense", {}, tmp_path)


# ---------------------------------------------------------------- failures of a build

REPORT = """Traceback (most recent call last):
nbclient.exceptions.CellExecutionError: An error occurred while executing the following cell:
------------------
{source}
------------------


\x1b[31mZeroDivisionError\x1b[39m: division by zero
"""


def write_book(tmp_path, cells, failed):
    """A notebook, and the report that a build would leave of its failed cell."""
    sources = [{"cell_type": kind, "source": source} for kind, source in cells]
    notebook = tmp_path / "book" / "a.ipynb"
    notebook.parent.mkdir(parents=True)
    notebook.write_text(json.dumps({"cells": sources}), encoding="utf-8")
    report = tmp_path / book.REPORTS / "book" / "a.err.log"
    report.parent.mkdir(parents=True)
    report.write_text(REPORT.format(source=failed), encoding="utf-8")


def test_a_failure_names_notebook_cell_and_error(tmp_path):
    write_book(tmp_path, [("markdown", "1 / 0"), ("code", "x = 1"), ("code", "1 / 0")], "1 / 0")
    (line,) = book.failures(tmp_path)
    assert line == "book/a.ipynb, cell 3: ZeroDivisionError: division by zero"


def test_a_short_cell_is_not_taken_for_the_one_that_contains_it(tmp_path):
    write_book(tmp_path, [("code", "x"), ("code", "x = 1\n1 / 0")], "x = 1\n1 / 0")
    assert book.failures(tmp_path) == ["book/a.ipynb, cell 2: ZeroDivisionError: division by zero"]


def test_a_build_without_reports_has_no_failures(tmp_path):
    assert book.failures(tmp_path) == []


def test_nothing_built_is_nothing_served(tmp_path, capsys):
    assert book.main(["serve", "--root", str(tmp_path)]) == 1
    assert "build the book first" in capsys.readouterr().out


def test_a_taken_port_is_said_in_one_line(tmp_path, capsys):
    import socket

    folder = tmp_path / "_build" / "html"
    folder.mkdir(parents=True)
    folder.joinpath("index.html").write_text("x")
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        assert book.main(["serve", "--root", str(tmp_path), "--port", str(port)]) == 1
    assert capsys.readouterr().out.startswith(f"Port {port} cannot be used")


def test_the_book_is_served_and_the_address_printed(tmp_path, capsys, monkeypatch):
    import http.server
    import threading

    folder = tmp_path / "_build" / "html"
    folder.mkdir(parents=True)
    folder.joinpath("index.html").write_text("the book")
    pages = []

    def serve_one(server):
        asked = threading.Thread(target=server.handle_request)
        asked.start()
        address = f"http://127.0.0.1:{server.server_address[1]}/"
        pages.append(urllib.request.urlopen(address, timeout=patience.EVENT).read())
        asked.join()

    monkeypatch.setattr(http.server.ThreadingHTTPServer, "serve_forever", serve_one)
    assert book.main(["serve", "--root", str(tmp_path), "--port", "0"]) == 0
    assert capsys.readouterr().out.startswith("The book is at http://localhost:")
    assert pages == [b"the book"]
