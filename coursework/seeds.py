"""Seeds that give each class, or each student, data of its own.

A seed hangs on the instructor's secret, so that nobody can tell another
class's data, and on nothing else, so that hand-outs and grading agree without
a list being kept.
"""

import hashlib
import hmac

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
