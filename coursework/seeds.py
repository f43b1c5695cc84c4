"""Seeds that give each class, or each student, data of its own.

A seed hangs on the instructor's secret, so that nobody can tell another
class's data, and on nothing else, so that hand-outs and grading agree without
a list being kept. The secret itself comes from a file or from the environment:
what stands in a command can be read in the list of processes by everybody on
the machine, and stays in the shell's history.

A *fresh* seed hangs on nothing. It is drawn for each grading, so that nobody
can know which numbers a probe will ask for, and kept with what that grading has
finished, so that it can go on with the same ones.
"""

import argparse
import contextlib
import hashlib
import hmac
import os
import secrets
import sys
from collections.abc import Mapping
from pathlib import Path

#: The environment variable that may hold the secret.
VARIABLE = "LAUNCHLAB_SECRET"
_FRESH = "fresh.seed"

#: The largest seed: numpy, random and JavaScript all take 31 bits.
LARGEST = 2**31 - 1


def class_seed(secret: str, assignment: str, student: str | None = None) -> int:
    """Return the seed of a class, or of one student of it.

    Parameters
    ----------
    secret
        What only the instructor knows, such as a sentence; not empty.
    assignment
        The assignment's name, such as ``objectives``.
    student
        As the roster's column ``student`` has it. Without one, the seed is the
        class's.

    Returns
    -------
    int
        From 0 to 2**31 - 1: the first 31 bits of HMAC-SHA256 of
        ``assignment/student``, or of ``assignment``, under the secret.

    Raises
    ------
    ValueError
        When a text is empty.
    """
    for name, text in (("secret", secret), ("assignment", assignment), ("student", student)):
        if text is not None and (not isinstance(text, str) or not text.strip()):
            raise ValueError(f"{name} is {text!r}, expected a text that is not empty")
    message = assignment if student is None else f"{assignment}/{student}"
    digest = hmac.new(secret.encode(), message.encode(), hashlib.sha256).digest()
    return int.from_bytes(digest[:4], "big") >> 1


def add_secret(parser: argparse.ArgumentParser) -> None:
    """Let a command line say where the secret is."""
    parser.add_argument(
        "--secret-file",
        type=Path,
        help=f"the file whose text is your secret (or set {VARIABLE}): data of its own for a class",
    )
    parser.add_argument("--secret-seed", metavar="SECRET", help=argparse.SUPPRESS)


def secret_from(asked: argparse.Namespace, environment: Mapping[str, str]) -> str | None:
    """Return the secret that a command line and the environment say.

    Parameters
    ----------
    asked
        As parsed, with the arguments of `add_secret`. ``--secret-seed`` still works, with a
        warning on standard error; the next release knows it no more.
    environment
        Such as ``os.environ``.

    Returns
    -------
    str or None
        None where nothing says one.

    Raises
    ------
    ValueError
        When the secret is empty, the file cannot be read, or two places say different ones.
    """
    found: dict[str, str] = {}
    if asked.secret_file is not None:
        try:
            # An editor ends the last line; otherwise each blank counts, as it always did.
            text = asked.secret_file.read_text(encoding="utf-8-sig")
            found["--secret-file"] = text.rstrip("\r\n")
        except (OSError, UnicodeDecodeError) as error:
            why = error.strerror if isinstance(error, OSError) else "expected a text in UTF-8"
            raise ValueError(f"--secret-file {asked.secret_file}: {why}") from None
    if VARIABLE in environment:
        found[VARIABLE] = environment[VARIABLE]
    if asked.secret_seed is not None:
        print(
            "--secret-seed shows your secret to whoever lists processes; it will be gone in the "
            "next release. Put the same text into a file and give --secret-file, or set "
            f"{VARIABLE}.",
            file=sys.stderr,
        )
        found["--secret-seed"] = asked.secret_seed
    for name, text in found.items():
        if not text.strip():
            raise ValueError(f"{name} holds no secret, expected a text that is not empty")
    if len(set(found.values())) > 1:
        raise ValueError(f"{' and '.join(found)} hold different secrets, expected one")
    return next(iter(found.values()), None)


def draw() -> int:
    """Return a number that nobody can know, from 0 to 2**31 - 1."""
    return secrets.randbelow(LARGEST + 1)


def fresh_seed(folder: Path) -> int:
    """Return the fresh seed of the grading whose results are kept in a folder, or draw one.

    Parameters
    ----------
    folder
        Is made if it is not there. The file in it can be read by its owner alone.
    """
    path = folder / _FRESH
    with contextlib.suppress(OSError, ValueError):
        seed = int(path.read_text(encoding="ascii"))
        if 0 <= seed <= LARGEST:
            return seed
    seed = draw()
    # Without a place to keep it, a later run only starts anew.
    with contextlib.suppress(OSError):
        folder.mkdir(parents=True, exist_ok=True)
        path.unlink(missing_ok=True)
        with open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            file.write(f"{seed}\n")
    return seed
