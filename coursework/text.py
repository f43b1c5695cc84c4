"""The one border for texts that others wrote: names, file names, errors, what a notebook printed.

What passes here can be printed, written as UTF-8, put into a page or opened in a spreadsheet, and
has a bounded length. Cleaning twice changes nothing, so that nobody has to know what is clean.
"""

import hashlib
import re
import unicodedata
from typing import TextIO

#: The most characters of a name, a reason and a log.
NAME, LINE, LOG = 120, 500, 60_000
#: What a terminal obeys: colours and cursor movements (CSI), titles and links (OSC and its like).
_ANSI = re.compile(
    r"(?:\x1b\[|\x9b)[0-?]*[ -/]*[@-~]|(?:\x1b[\]PX^_]|[\x9d\x90\x98\x9e\x9f])[^\x07\x1b\x9c]*"
    r"(?:\x07|\x1b\\|\x9c)?|\x1b[ -/]*[0-~]"
)
#: Two that join letters in Persian, Hindi and emoji: the only invisible ones that are kept.
_JOINERS = "\u200c\u200d"
#: A spreadsheet runs what begins so (a sign alone is harmless), and Excel may split a line where
#: its own language does.
_FORMULA = re.compile(r'(^|[;,|"])(\s*)(?=[=+\-@\uff1d\uff0b\uff0d\uff20]\s*\S)')


def _sign(sign: str) -> str:
    """Return a character as it may be shown."""
    kind = unicodedata.category(sign)
    if kind == "Cs":
        # Python writes so what is no UTF-8 in a file's name.
        code = ord(sign)
        return f"\\x{code - 0xDC00:02x}" if 0xDC80 <= code <= 0xDCFF else f"\\u{code:04x}"
    if kind == "Cf":
        return sign if sign in _JOINERS else ""
    if kind in ("Zl", "Zp"):
        return " "
    if kind == "Cc":
        return "" if sign in "\r\0" else "\ufffd"
    return "\ufffd" if kind == "Cn" and ord(sign) & 0xFFFE == 0xFFFE else sign


def block(text: str, most: int = LOG) -> str:
    """Return a text of several lines that can be shown anywhere; its end is kept.

    Parameters
    ----------
    text
        Whatever somebody wrote.
    most
        How many characters it may have.
    """
    # Much more than is kept need not be looked at.
    signs = _ANSI.sub("", text[-4 * most :].replace("\r\n", "\n"))
    shown = "".join(sign if sign in "\n\t" else _sign(sign) for sign in signs)
    return shown if len(shown) <= most else shown[-most:]


def line(text: str, most: int = LINE) -> str:
    """Return a text as one line that can be shown anywhere; its beginning is kept.

    Parameters
    ----------
    text
        Whatever somebody wrote.
    most
        How many characters it may have; a longer one ends with an ellipsis.
    """
    # Blanks between the signs may be many, too; what is far beyond the end is not looked at.
    words = _ANSI.sub("", text[: 8 * most + 4096])
    signs = "".join(sign if sign.isspace() else _sign(sign) for sign in words)
    shown = " ".join(signs.split())
    return shown if len(shown) <= most else shown[: most - 1].rstrip() + "…"


def name(text: str, most: int = NAME) -> str:
    """Return a name as one line; two long ones that differ at their ends stay two."""
    shown = line(text, len(text) * 6 + 1)
    if len(shown) <= most:
        return shown
    short = hashlib.sha256(shown.encode()).hexdigest()[:8]
    return f"{shown[: most - 10].rstrip()}… {short}"


def cell(text: str) -> str:
    """Return one line that no spreadsheet runs as a formula, wherever it splits lines."""
    return _FORMULA.sub(r"\1\2'", line(text, LINE * 4))


def say(text: str, file: TextIO) -> None:
    """Print one line, whatever its text holds and whatever the terminal can show."""
    encoding = file.encoding or "utf-8"
    shown = line(text, LINE * 4)
    print(shown.encode(encoding, "backslashreplace").decode(encoding), file=file)
