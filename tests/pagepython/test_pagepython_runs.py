"""Python in a page, in Chromium: started, kept, stopped, refused, and hurt by a cell."""

import re
from collections.abc import Callable

import pytest

from launchlab.publish.pagepython import prune
from tests.pagepython.conftest import Python, Site

MEGABYTES = 42
_TRY = """async (address) => {
  const answers = {
    fetch: () => fetch(address),
    request: () => new Promise((done, failed) => {
      const one = new XMLHttpRequest();
      one.onload = done;
      one.onerror = () => failed(new Error("refused"));
      one.open("GET", address);
      one.send();
    }),
    socket: () => new Promise((done, failed) => {
      const one = new WebSocket(address.replace("http", "ws"));
      one.onopen = done;
      one.onerror = () => failed(new Error("refused"));
    }),
    script: () => importScripts(`${address}_static/page-python/runtime.js`),
    worker: () => new Worker(`${address}_static/page-python/runtime.js`),
    database: () => new Promise((done, failed) => {
      const one = indexedDB.open("x");
      one.onsuccess = done;
      one.onerror = () => failed(one.error);
    }),
    caches: () => caches.open("launchlab-page-python"),
    storage: () => navigator.storage.getDirectory(),
    evaluate: () => (0, eval)("1"),
    document: () => document.title,
  };
  const allowed = [];
  for (const [name, ask] of Object.entries(answers))
    try { await ask(); allowed.push(name); } catch { /* as it should be */ }
  return allowed;
}"""


def test_the_first_start_tells_megabytes_and_asks_this_site_alone(first: Python, python_site: Site):
    stages = first.page.evaluate("() => stages")
    total = stages[0]["total"]
    assert round(total / 1e6) == MEGABYTES
    loaded = [one["loaded"] for one in stages]
    assert loaded == sorted(loaded) and loaded[-1] == total
    assert [one["stage"] for one in stages if one["stage"] != "loading"] == [
        "starting",
        "importing",
    ]
    assert all(url.startswith((python_site.address, "blob:")) for url in first.requests)
    assert sum(url.endswith(".bin") for url in first.requests) == 4
    assert first.failures == []


def test_a_second_visit_asks_for_nothing_and_imports_nothing(visit: Callable[[], Python]):
    python = visit()
    python.page.context.set_offline(True)
    try:
        python.start()
        ran = python.run(
            "import sys; print({'sklearn.ensemble', 'launchlab.lab'} <= set(sys.modules))"
        )
    finally:
        python.page.context.set_offline(False)
    assert ran.text == "True\n"
    assert [url for url in python.requests if not url.startswith("blob:")] == []
    assert "importing" not in {one["stage"] for one in python.page.evaluate("() => stages")}


_KEPT = """async () => {
  const shelf = await caches.open("launchlab-page-python");
  return (await shelf.keys()).map((one) => one.url);
}"""
_DAMAGE = """async (part) => {
  const shelf = await caches.open("launchlab-page-python");
  for (const one of await shelf.keys())
    if (one.url.includes(part)) await shelf.put(one, new Response("damaged"));
  await shelf.put("old-part.bin", new Response("of an older book"));
}"""


def test_a_damaged_part_is_loaded_again_and_old_ones_go(visit: Callable[[], Python]):
    python = visit()
    python.page.evaluate(_DAMAGE, "/course-")
    python.start()
    (asked,) = [url for url in python.requests if not url.startswith("blob:")]
    assert "/course-" in asked
    assert python.run("import launchlab.lab").ok
    python.page.evaluate("() => python.kept")
    kept = python.page.evaluate(_KEPT)
    assert len(kept) == 5
    assert not [url for url in kept if "old-part" in url]


def test_a_damaged_copy_of_the_memory_is_made_again(visit: Callable[[], Python]):
    python = visit()
    python.page.evaluate(_DAMAGE, "/memory/")
    python.start()
    assert python.run("import launchlab.lab").ok
    python.page.evaluate("() => python.kept")
    again = visit()
    again.start()
    assert "importing" not in {one["stage"] for one in again.page.evaluate("() => stages")}


# So little is changed that Python begins with it all the same.
_ONE_BYTE = """async () => {
  const shelf = await caches.open("launchlab-page-python");
  const [one] = (await shelf.keys()).filter((key) => key.url.includes("/memory/"));
  const held = await shelf.match(one), bytes = new Uint8Array(await held.arrayBuffer());
  bytes[bytes.length - 1] ^= 1;
  await shelf.put(one, new Response(bytes, { headers: held.headers }));
}"""


def test_one_damaged_byte_of_the_copy_is_noticed(visit: Callable[[], Python]):
    python = visit()
    python.page.evaluate(_ONE_BYTE)
    python.start()
    assert "importing" in {one["stage"] for one in python.page.evaluate("() => stages")}
    assert python.run("import launchlab.lab").ok
    assert python.page.locator("iframe").count() == 1
    assert python.failures == []
    python.page.evaluate("() => python.kept")
    again = visit()
    again.start()
    assert "importing" not in {one["stage"] for one in again.page.evaluate("() => stages")}


def test_what_the_site_sends_is_checked(browser, python_site: Site):
    page = browser.new_context().new_page()
    page.route("**/library-*.bin", lambda route: route.fulfill(body=b"another library"))
    python = Python(page, python_site.address)
    assert "expected" in page.evaluate("""async () => {
      window.python = launchlab.pagePython.create({ base: "_static/page-python/" });
      try { await python.start(); } catch (error) { return `${error.message} ${python.state}`; }
    }""")
    assert page.evaluate("() => python.state") == "off"
    assert page.locator("iframe").count() == 0
    page.context.close()
    assert python.failures == []


def test_a_browser_without_what_it_needs_is_told_apart(visit: Callable[[], Python]):
    page = visit().page
    assert page.evaluate("() => launchlab.pagePython.supported()") is True
    old = "() => { WebAssembly.validate = () => false; return launchlab.pagePython.supported(); }"
    assert page.evaluate(old) is False


def test_names_stay_from_cell_to_cell_and_go_when_it_is_stopped(python: Python):
    assert python.run("x = 20\ndef double(n): return 2 * n").ok
    assert python.run("double(x) + 2").shown == [{"text/plain": "42"}]
    never = python.page.evaluate("""async () => {
      const endless = python.run("while True: pass"), waiting = python.run("x");
      await new Promise((done) => setTimeout(done, 300));
      const before = python.state;
      await python.stop();
      return [before, await endless, await waiting, python.state];
    }""")
    assert never == ["busy", {"ok": False, "stopped": True}, {"ok": False}, "ready"]
    assert python.run("x").errors == ["NameError"]
    at_once = "() => { python.stop(); return python.run('1'); }"
    assert python.page.evaluate(at_once) == {"ok": True}
    assert python.page.evaluate("() => python.times.again") > 0


def test_a_start_can_be_stopped_and_made_again(visit: Callable[[], Python]):
    python = visit()
    told = python.page.evaluate("""async () => {
      window.python = launchlab.pagePython.create({ base: "_static/page-python/" });
      const starting = python.start().then(() => "started", (error) => error.name);
      await new Promise((done) => setTimeout(done, 30));
      await python.stop();
      const before = python.state;
      await python.start();
      return [await starting, before, python.state, await python.run("1")];
    }""")
    assert told == ["AbortError", "off", "ready", {"ok": True}]
    assert python.page.locator("iframe").count() == 1


def test_output_comes_as_it_is_printed(python: Python):
    times = python.page.evaluate("""async () => {
      const at = [];
      await python.run("import time\\nfor i in range(3):\\n    print(i)\\n    time.sleep(0.4)",
        { onEvent: (event) => at.push([event.text, performance.now()]) });
      at.push(["end", performance.now()]);
      return at;
    }""")
    assert [text for text, _ in times] == ["0\n", "1\n", "2\n", "end"]
    # The machine may be slow, but a cell's own pauses lie between what it prints.
    assert times[-1][1] - times[0][1] > 1_000


def test_chance_is_not_the_same_in_every_copy(visit: Callable[[], Python]):
    code = "import random, numpy as np\nprint(random.random(), np.random.random())"
    drawn = []
    for _ in range(2):
        python = visit()
        python.start()
        drawn.append(python.run(code).text.split())
    assert not set(drawn[0]) & set(drawn[1])


def test_the_worker_reaches_no_network_and_nothing_of_ours(python: Python, python_site: Site):
    (worker,) = python.page.workers
    python_site.asked.clear()
    assert worker.evaluate(_TRY, python_site.address) == []
    assert python_site.asked == []


def test_a_cell_reaches_no_network_no_process_and_no_file_of_the_machine(python: Python):
    for code, name in (
        ("import urllib.request as u; u.urlopen('http://127.0.0.1/')", None),
        ("import socket; socket.create_connection(('127.0.0.1', 80))", None),
        ("import subprocess; subprocess.run(['ls'])", "OSError"),
        ("import threading; threading.Thread(target=print).start()", "RuntimeError"),
        ("open('/etc/passwd')", "FileNotFoundError"),
        ("open('/course/launchlab/__init__.py', 'w')", "OSError"),
        ("open('/dev/null', 'w')", "PermissionError"),
        ("input()", "RuntimeError"),
    ):
        ran = python.run(code)
        assert not ran.ok and len(ran.errors) == 1, code
        assert name is None or ran.errors == [name], code
    wrote = "from pathlib import Path\nPath('a.txt').write_text('b'); Path('a.txt').read_text()"
    assert python.run(wrote).shown == [{"text/plain": "'b'"}]


def test_five_million_lines_are_cut_and_the_page_lives(python: Python):
    ran = python.run("for i in range(1_000_000): print(i)\nprint('x\\n' * 4_000_000)")
    assert ran.ok
    assert 1_000_000 <= len(ran.text) < 1_001_000
    assert re.search(r"… \([\d,]+ KB more\)\n$", ran.text)
    assert len(ran.events) < 20_000
    assert python.run("1").ok


def test_two_gigabytes_are_an_error_of_the_cell(python: Python):
    ran = python.run("held = []\nwhile True: held.append(bytearray(200_000_000))")
    assert ran.errors == ["MemoryError"]
    assert python.run("held = None; 1 + 1").shown == [{"text/plain": "2"}]
    assert python.page.evaluate("() => python.memorySize") <= prune.MOST_MEMORY


@pytest.mark.parametrize(
    "code",
    [
        "x = []\nfor _ in range(100_000): x = [x]\nrepr(x)",
        "import os; os._exit(3)",
    ],
    ids=["deep recursion", "exit"],
)
def test_what_ends_the_interpreter_is_told_and_another_one_begins(python: Python, code: str):
    ran = python.run(code)
    assert (ran.ok, ran.errors) == (False, ["PythonEnded"])
    assert python.run("1 + 1").shown == [{"text/plain": "2"}]
    assert python.failures == []


def test_ordinary_recursion_is_an_ordinary_error(python: Python):
    assert python.run("def f(n): return f(n + 1)\nf(0)").errors == ["RecursionError"]


def test_text_arrives_as_it_was_written(python: Python):
    text = "</script><script>alert(1)</script> ü 𝒙 \u2028 \\ \" ' {x}"
    ran = python.run(f"text = {text!r}\nprint(text)\ntext")
    assert ran.text == f"{text}\n"
    assert ran.shown == [{"text/plain": repr(text)}]
    assert python.run(f"# {text}\n{text!r} == text").shown == [{"text/plain": "True"}]
    assert python.run(r"print('\ud800')").text == "\\ud800\n"


def test_a_cell_that_meddles_with_the_door_harms_itself_alone(python: Python):
    meddling = """
import os
with open("/dev/page", "w") as door:
    door.write("no JSON\\n[1]\\nnull\\n" + '{"type": "done"}\\n{"type": "stream", "text": 1}\\n')
try: os.remove("/dev/page")
except OSError as error: print(error)
import sys; sys.stdout = None
"""
    ran = python.run(meddling)
    assert ran.shown == [] and "denied" in ran.text.lower()
    assert python.run("1 + 1").shown == [{"text/plain": "2"}]
