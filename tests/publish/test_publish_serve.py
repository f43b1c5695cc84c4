"""Serving the book, and what is said when that cannot be done."""

import http.server
import signal
import socket
import subprocess
import sys
import threading
import urllib.request

import pytest

from launchlab.publish.command import main
from tests import patience


@pytest.fixture
def home(tmp_path):
    """A folder that could be a book's."""
    for name in ("_config.yml", "_toc.yml"):
        tmp_path.joinpath(name).touch()
    return tmp_path


def test_nothing_built_is_nothing_served(home, capsys):
    assert main(["serve", "--root", str(home)]) == 1
    assert "build the book first" in capsys.readouterr().out


def test_a_taken_port_is_said_in_one_line(home, capsys):
    folder = home / "_build" / "html"
    folder.mkdir(parents=True)
    folder.joinpath("index.html").write_text("x")
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        assert main(["serve", "--root", str(home), "--port", str(port)]) == 1
    assert capsys.readouterr().out.startswith(f"port={port} cannot be used")


def test_the_book_is_served_and_the_address_printed(home, capsys, monkeypatch):
    folder = home / "_build" / "html"
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
    assert main(["serve", "--root", str(home), "--port", "0"]) == 0
    assert capsys.readouterr().out.startswith("The book is at http://localhost:")
    assert pages == [b"the book"]


@pytest.mark.parametrize("port", ["99999", "abc", "", "-1", "8000.5", "٨"])
@pytest.mark.parametrize("command", [["serve"], ["serve", "--build"], ["watch"]])
def test_a_port_that_is_none_is_said_in_one_line_before_anything_is_built(
    home, capsys, command, port
):
    assert main([*command, "--root", str(home), f"--port={port}"]) == 1
    said = capsys.readouterr()
    assert (
        said.out == f"port={port!r}: expected a whole number from 0 to 65535, such as PORT=8001\n"
    )
    assert said.err == ""


@pytest.mark.parametrize("command", [["build"], ["serve"], ["watch"], ["chapter", "one"]])
def test_a_folder_that_is_no_book_is_said_in_one_line(tmp_path, capsys, command):
    nowhere = tmp_path / "nowhere"
    assert main([*command, "--root", str(nowhere)]) == 1
    (line,) = capsys.readouterr().out.splitlines()
    assert line == f"root={str(nowhere)!r}: expected a folder with _config.yml and _toc.yml"


@pytest.mark.parametrize("sent", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_serving_ends_in_one_line(home, sent):
    folder = home / "_build" / "html"
    folder.mkdir(parents=True)
    folder.joinpath("index.html").write_text("the book")
    command = [sys.executable, "-m", "launchlab.publish", "serve", "--port", "0"]
    with subprocess.Popen(
        command, cwd=home, text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT
    ) as running:
        assert running.stdout is not None
        assert running.stdout.readline().startswith("The book is at")
        running.send_signal(sent)
        rest, _ = running.communicate(timeout=120)
    assert rest.split("\n") == ["", "Stopped.", ""]
    assert running.returncode == 0


def test_ctrl_c_while_the_command_is_loaded_ends_in_one_line(home):
    """Loading takes a second or more: this interrupts at the first module that is loaded."""
    code = (
        "import os, runpy, signal, sys\n"
        "class Press:\n"
        "    def find_spec(self, name, *_):\n"
        "        if name == 'launchlab.publish.command':\n"
        "            os.kill(os.getpid(), signal.SIGINT)\n"
        "sys.meta_path.insert(0, Press())\n"
        "sys.argv = ['publish', 'build']\n"
        "runpy.run_module('launchlab.publish', run_name='__main__')\n"
    )
    ran = subprocess.run(
        [sys.executable, "-c", code], cwd=home, capture_output=True, text=True, timeout=120
    )
    assert (ran.returncode, ran.stdout, ran.stderr) == (130, "\nStopped.\n", "")
