"""Serve the built book on this machine."""

from __future__ import annotations

import functools
import http.server
import socket
from pathlib import Path

from launchlab.publish.build import HTML
from launchlab.publish.pages import UsageError


class PortError(UsageError):
    """A port cannot be used."""


def read_port(text: str) -> int:
    """A port as somebody typed it.

    Parameters
    ----------
    text : str

    Returns
    -------
    int
        From 0, which lets the system choose one, to 65535.

    Raises
    ------
    PortError
    """
    if text.isascii() and text.isdecimal() and int(text) <= 65535:
        return int(text)
    raise PortError(f"port={text!r}: expected a whole number from 0 to 65535, such as PORT=8001")


def check_port(port: int) -> None:
    """Refuse a port that is taken or not allowed, before a build has been waited for.

    Raises
    ------
    PortError
    """
    # As Python's server opens it, so that one that was closed just now can be opened again.
    with socket.socket() as tried:
        tried.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            tried.bind(("127.0.0.1", port))
        except OSError as error:
            raise _unusable(port, error) from error


def _unusable(port: int, error: OSError) -> PortError:
    return PortError(f"port={port} cannot be used ({error.strerror}): try PORT=8001")


class _Quiet(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *_: object) -> None:
        """Keep the terminal for the address."""


def serve(root: Path, port: int) -> int:
    """Serve the built book until interrupted.

    Returns
    -------
    int
        0, or 1 if there is nothing to serve.

    Raises
    ------
    PortError
        If the port is taken.
    """
    folder = root / HTML
    if not folder.joinpath("index.html").exists():
        print("Nothing to serve: build the book first (make book)")
        return 1
    handler = functools.partial(_Quiet, directory=str(folder))
    try:
        server = http.server.ThreadingHTTPServer(("127.0.0.1", port), handler)
    except OSError as error:
        raise _unusable(port, error) from error
    with server:
        try:
            address = f"http://localhost:{server.server_address[1]}"
            print(f"The book is at {address} (Ctrl-C stops serving it)", flush=True)
            server.serve_forever()
        except KeyboardInterrupt:
            print("\nStopped.")
    return 0
