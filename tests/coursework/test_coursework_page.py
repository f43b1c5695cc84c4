"""What the page "Assign and grade" tells an instructor to type is there to be typed."""

import importlib
import re
import shlex
import tomllib

import pytest

from coursework import policy
from tests.conftest import ROOT

PAGE = (ROOT / "book/instructors/assign-and-grade.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"^```sh\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)
COMMANDS = [
    line
    for block in BLOCKS
    for line in block.replace("\\\n", " ").splitlines()
    if "python -m coursework." in line
]
WEEK = ("build", "check", "grade", "flagged", "marking", "decide", "report")


def parser_of(command: str, monkeypatch) -> None:
    """Give a command's words to the parser of its module, and go no further."""
    words = shlex.split(command.split("   #")[0])
    at = words.index("-m")
    module = importlib.import_module(words[at + 1])

    class ParsedError(Exception):
        pass

    def parsed(self, arguments=None, namespace=None):
        real(self, arguments, namespace)
        raise ParsedError

    real = module.argparse.ArgumentParser.parse_args
    monkeypatch.setattr(module.argparse.ArgumentParser, "parse_args", parsed)
    with pytest.raises(ParsedError):
        module.main(words[at + 2 :])


@pytest.mark.parametrize("command", COMMANDS)
def test_each_command_is_understood(command, monkeypatch):
    parser_of(command, monkeypatch)


def test_every_step_of_the_week_has_its_command():
    shown = {re.search(r"coursework\.(\w+)", command)[1] for command in COMMANDS}
    assert set(WEEK) <= shown
    for step in WEEK:
        assert re.search(rf"^\| .* \| `{step}", PAGE, re.MULTILINE), step


def test_every_option_that_is_named_is_known(monkeypatch, capsys):
    known = set()
    for name in WEEK:
        with pytest.raises(SystemExit):
            importlib.import_module(f"coursework.{name}").main(["--help"])
        known |= set(re.findall(r"--[a-z-]+", capsys.readouterr().out))
    # Hidden from the help, and still there with a warning.
    known |= {"--secret-seed"}
    text = re.sub(r"```sh.*?```", "", PAGE, flags=re.DOTALL)
    assert set(re.findall(r"`(--[a-z-]+)", text)) <= known


def test_the_policy_that_is_shown_is_one(tmp_path):
    (shown,) = re.findall(r"^```toml\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)
    (tmp_path / "policy.toml").write_text(shown, encoding="utf-8")
    rule = policy.read(tmp_path / "policy.toml")
    assert rule.extensions["Ada Lovelace"] > rule.due
    assert set(tomllib.loads(shown)) <= {"zone", *policy.Policy.__dataclass_fields__}
