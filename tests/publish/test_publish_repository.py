"""The address of the repository, and the buttons that it is good for."""

import subprocess

import pytest
from hypothesis import given
from hypothesis import strategies as st

from launchlab.publish import repository


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
