"""The book unpacked from its one file, opened from there: a lab, the search and the ledger."""

import zipfile

from launchlab.publish import archive
from tests.site import book
from tests.site.visit import Visit, at_home


def test_unpacked_on_a_disk_a_lab_the_search_and_the_ledger_work(browser, tmp_path):
    archive.write(book.BUILT, tmp_path / "book.zip")
    with zipfile.ZipFile(tmp_path / "book.zip") as packed:
        packed.extractall(tmp_path)
    folder = f"{(tmp_path / archive.NAME).as_uri()}/"
    (lab, *_) = book.asking()
    with at_home(browser, tmp_path / "profile") as home:
        home.set_offline(True)
        reader = Visit(home.new_page(), folder, "index.html")
        reader.page.wait_for_url("**/book/index.html")
        reader.page.goto(f"{folder}search.html?q=guardrail")
        found = reader.page.locator("#search-results li a")
        found.first.wait_for()
        assert found.count() > 3
        found.first.click()
        reader.page.wait_for_url(f"{folder}book/**")
        assert "guardrail" in reader.page.locator("article").inner_text().lower()
        reader.page.goto(folder + lab.page)
        reader.answer(lab)
        assert reader.section(lab).locator(".ll-stage svg").is_visible()
        reader.page.goto(f"{folder}book/ledger.html")
        asked = reader.page.locator(".ll-ledger-body").get_by_text(
            lab.data["question"]["text"][:40]
        )
        asked.first.wait_for()
        # Nothing but the excerpts of the search is refused.
        others = [one for one in reader.errors if "fetch" not in one and "ERR_FAILED" not in one]
        assert others == []
