"""The address of the repository, and the buttons that it is good for."""

import subprocess

import pytest
from hypothesis import given
from hypothesis import strategies as st

from launchlab.publish import repository, sphinxext


@pytest.mark.parametrize(
    "remote",
    [
        "https://host.org/owner/name",
        "https://host.org/owner/name/",
        "https://host.org/owner/name.git",
        "https://host.org/owner/name.git/",
        "git@host.org:owner/name.git",
        "ssh://git@host.org/owner/name.git",
        "ssh://git@host.org:2222/owner/name.git",
        "ssh://host.org/owner/name",
        "forgejo@host.org:owner/name.git",
        "git@host.org:/owner/name.git",
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
        "https://host.org/a/../b",
        "https://host.org//name",
        "../book",
        "C:\\Users\\me\\book",
        "C:/Users/me/book",
        "git://host.org/owner/name",
        "git@nickname:owner/name.git",
        "host.org:owner/name",
        "https://host.org/owner/name?token=x",
        "https://a@b@host.org/owner/name",
        "https://user:to/ken@host.org/owner/name",
        "javascript:alert(1)//a/b",
        "https://host.org/owner/na\nme",
    ],
)
def test_what_is_no_web_address_is_none(remote):
    assert repository.web_address(remote) is None


@pytest.mark.parametrize(
    ("remote", "address"),
    [
        ("git@gitlab.org:group/inner/name.git", "https://gitlab.org/group/inner/name"),
        ("git@git.sr.ht:~me/name", "https://git.sr.ht/~me/name"),
        ("https://me:token@git.uni.edu:8443/owner/name", "https://git.uni.edu:8443/owner/name"),
    ],
)
def test_groups_people_and_ports_stay_in_the_address(remote, address):
    assert repository.web_address(remote) == address


@pytest.mark.parametrize(
    ("address", "branch", "spec"),
    [
        ("https://github.com/me/book", "main", "gh/me/book/main"),
        ("https://github.com/me/book", "fix/it", "gh/me/book/fix/it"),
        ("https://gitlab.com/me/book", "fix/it", "gl/me%2Fbook/fix%2Fit"),
        ("https://gitlab.com/group/inner/book", "main", "gl/group%2Finner%2Fbook/main"),
        (
            "https://gitlab.uni.edu/me/book",
            "main",
            "git/https%3A%2F%2Fgitlab.uni.edu%2Fme%2Fbook/main",
        ),
        ("https://git.sr.ht/~me/book", "main", "git/https%3A%2F%2Fgit.sr.ht%2F~me%2Fbook/main"),
        (
            "https://git.uni.edu:8443/me/book",
            "main",
            "git/https%3A%2F%2Fgit.uni.edu%3A8443%2Fme%2Fbook/main",
        ),
    ],
)
def test_binder_gets_what_it_can_take_apart(address, branch, spec):
    link = repository.binder(address, branch, "book/one.ipynb")
    assert link == f"https://mybinder.org/v2/{spec}?urlpath=lab%2Ftree%2Fbook%2Fone.ipynb"


@pytest.mark.parametrize(
    ("address", "icon"),
    [
        ("https://github.com/me/book", "fab fa-github"),
        ("https://gitlab.uni.edu/me/book", "fab fa-gitlab"),
        ("https://codeberg.org/gitlab/github", "fab fa-git-alt"),
    ],
)
def test_a_host_has_its_sign(address, icon):
    assert repository.icon(address) == icon


def test_a_page_of_text_has_no_button_that_would_run_it():
    address = "https://codeberg.org/me/book"
    assert [one["type"] for one in sphinxext.buttons(address, "main", "a.ipynb")] == [
        "group",
        "link",
    ]
    (source,) = sphinxext.buttons(address, "main", None)
    assert source["url"] == address


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


def git(folder, *arguments):
    command = ["git", "-C", folder, "-c", "user.name=me", "-c", "user.email=me@host.org"]
    subprocess.run([*command, *arguments], check=True, capture_output=True)


def test_git_is_asked_last(tmp_path):
    git(tmp_path, "init")
    assert repository.find(None, {}, tmp_path) is None
    git(tmp_path, "remote", "add", "origin", "https://token@host.org/owner/name.git")
    assert repository.find(None, {}, tmp_path) == "https://host.org/owner/name"


def test_a_book_inside_another_repository_has_not_its_address(tmp_path):
    """As when a zip of the course is unpacked among somebody's own work."""
    git(tmp_path, "init")
    git(tmp_path, "remote", "add", "origin", "https://host.org/me/private.git")
    book = tmp_path / "book"
    book.mkdir()
    assert repository.find(None, {}, book) is None


def test_links_lead_to_the_branch_that_the_remote_shows_first(tmp_path):
    assert repository.find_branch({}, tmp_path) == "main"
    origin = tmp_path / "origin"
    git(tmp_path, "init", "--initial-branch=trunk", origin)
    git(origin, "commit", "--allow-empty", "--message=First")
    git(tmp_path, "clone", origin, tmp_path / "clone")
    git(tmp_path / "clone", "switch", "--create=mine")
    assert repository.find_branch({}, tmp_path / "clone") == "trunk"
    assert repository.find_branch({"GITHUB_REF_NAME": "fix"}, tmp_path / "clone") == "fix"


def test_a_setting_that_is_no_address_is_an_error(tmp_path):
    with pytest.raises(ValueError, match=r"repository url='nonsense', expected an address"):
        repository.find("nonsense", {}, tmp_path)
