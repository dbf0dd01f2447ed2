"""What the search knows: the sections of pages, the words in them, and the files that hold it."""

from __future__ import annotations

import gzip
import hashlib
import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from hepatica.search import base36, postings, words_of
from tests.conftest import REPO, TinySite, assert_stopped
from tests.pages import read_page
from tests.samples import EMERGENCIES, page

MakeSite = Callable[..., TinySite]


def test_words_are_cut_as_in_the_browser() -> None:
    assert words_of("Œdème, the patient’s A&E; MELD-Na 3.0") == ["œdeme", "the", "patient's", "a&e", "meld", "na", "3", "0"]


def test_numbers_are_written_for_javascript() -> None:
    assert [int(base36(number), 36) for number in (0, 35, 36, 1295, 1296, 99_999)] == [0, 35, 36, 1295, 1296, 99_999]


def test_postings_say_where_each_word_stands_and_how_often() -> None:
    texts = ["The liver. A liver!", "", "bile", "liver bile"]
    assert postings(texts, ["the", "a"]) == {"words": "bile liver", "postings": "2,1;0*2,3"}


def data_of(folder: Path) -> Any:
    """Return the data that the index script of a site sets."""
    script = (folder / "search" / "index.js").read_text("utf-8")
    found = re.search(r"^globalThis\.hepaticaSearchData = (.*);$", script, re.MULTILINE)
    assert found
    return json.loads(found[1])


def text_of(folder: Path, name: str) -> list[str]:
    """Return the section texts of a page."""
    script = (folder / "search" / "text" / f"{name.replace('/', '.')}.js").read_text("utf-8")
    found = re.fullmatch(r'hepaticaSearchText\("[^"]*", (.*)\);\n', script)
    assert found
    texts: list[str] = json.loads(found[1])
    return texts


def test_every_page_and_section_has_an_address_that_leads_somewhere(html: Path) -> None:
    data = data_of(html)
    names = [one["name"] for one in data["pages"]]
    docs = REPO / "docs"
    assert sorted(names) == sorted(path.relative_to(docs).with_suffix("").as_posix() for path in docs.rglob("*.md"))
    ids = {number: set(read_page(html / f"{name}.html").ids) for number, name in enumerate(names)}
    lost = [f"{names[number]}#{anchor}" for number, anchor, _ in data["sections"] if anchor and anchor not in ids[number]]
    assert lost == []
    assert len(data["sections"]) > 500


def test_every_page_has_its_texts_section_by_section(html: Path) -> None:
    data = data_of(html)
    for number, one in enumerate(data["pages"]):
        count = sum(section[0] == number for section in data["sections"])
        assert len(text_of(html, one["name"])) == count, one["name"]


def test_the_index_is_small_enough_for_all_planned_pages(html: Path) -> None:
    """Under 300 kB for 75 pages: what is there now, and for each page to come as much as a page of today takes."""
    script = (html / "search" / "index.js").read_bytes()
    data = data_of(html)
    pages = sum(one["kind"] == "page" for one in data["pages"])
    of_pages = {name: data[name] for name in ("pages", "sections", "words", "postings")}
    growing = len(gzip.compress(json.dumps(of_pages).encode(), 9))
    expected = len(gzip.compress(script, 9)) + growing * max(0, 75 - len(data["pages"])) / pages
    assert expected < 300_000


SECTIONS = """
:::{short-answer}
Short and sweet.
:::

Alive: {fact}`survival:alive`.

## Part *one*

A table:

| A | B | C |
| --- | --- | --- |
| bileduct | gall | pipe |

:::{clinicians} Depth
Hyperbilirubinaemia.
:::
"""


def test_a_section_has_what_a_reader_sees_and_nothing_else(tiny_site: MakeSite) -> None:
    site = tiny_site({"docs/page.md": page(SECTIONS, head="answers:\n  - how many live\n")})
    site.build_whole()
    data = data_of(site.html)
    number = next(number for number, one in enumerate(data["pages"]) if one["name"] == "page")
    assert data["pages"][number]["asked"] == ["how many live"]
    assert [section[1:] for section in data["sections"] if section[0] == number] == [["", "A page"], ["part-one", "Part one"]]
    top, part = text_of(site.html, "page")
    assert "Short and sweet. " in top
    assert "Alive: 86 of 100." in top
    assert "registry" not in top, "the sources of a page are not its text"
    assert "bileduct gall pipe" in part
    assert "Hyperbilirubinaemia." in part
    assert "hyperbilirubinaemia" in data["words"].split()


def test_a_term_is_a_section_of_its_own(tiny_site: MakeSite) -> None:
    site = tiny_site()
    site.build_whole()
    data = data_of(site.html)
    glossary = next(number for number, one in enumerate(data["pages"]) if one["name"] == "about/glossary")
    assert data["pages"][glossary]["kind"] == "records"
    found = [section[1:] for section in data["sections"] if section[0] == glossary]
    assert ["term-ascites", "ascites"] in found
    assert "Fluid in the belly." in text_of(site.html, "about/glossary")[found.index(["term-ascites", "ascites"])]


def test_a_script_in_a_record_stays_text_in_the_index(tiny_site: MakeSite) -> None:
    bad = EMERGENCIES.replace("title: Vomiting blood", "title: </script><script>alert(1)</script>")
    site = tiny_site({"evidence/search/emergencies.yaml": bad})
    site.build_whole()
    assert "</script>" not in (site.html / "search" / "index.js").read_text("utf-8")
    assert data_of(site.html)["emergencies"][0]["title"] == "</script><script>alert(1)</script>"


def test_an_emergency_that_leads_nowhere_stops_the_build(tiny_site: MakeSite) -> None:
    index = page("Home.\n\n```{toctree}\n:hidden:\n\npage\nstart/emergency-signs\nabout/index\n```\n", "A tiny site")
    site = tiny_site(
        {
            "docs/index.md": index,
            "docs/start/emergency-signs.md": page("\n## What do I say?\n\nWords.\n", "Signs"),
            "evidence/search/emergencies.yaml": EMERGENCIES + "  anchor: what-do-i-sya\n",
        }
    )
    words = ["has no section 'what-do-i-sya'", "did you mean 'what-do-i-say'?", "correct the anchor"]
    assert_stopped(site.build(), "evidence/search/emergencies.yaml:1", *words)


def test_what_one_page_changes_the_index_has_after_the_next_build(tiny_site: MakeSite) -> None:
    site = tiny_site()
    site.build_whole()
    assert "zebra" not in data_of(site.html)["words"].split()
    site.write_page("\nA zebra.\n")
    site.build_whole()
    words = data_of(site.html)["words"].split()
    assert "zebra" in words
    assert "fluid" in words, "the other pages are in the index still"


def test_answers_that_are_no_list_stop_the_build(tiny_site: MakeSite) -> None:
    site = tiny_site({"docs/page.md": page("\nText.\n", head="answers: how many live\n")})
    run = site.build()
    assert run.code == 1
    assert "'answers' must be a list of questions; write one a line, each after '- '" in run.line_at("docs/page.md:7")


def test_the_vendored_library_is_what_its_licences_say() -> None:
    folder = REPO / "hepatica" / "vendor"
    named = re.search(r"sha256: `([0-9a-f]{64})`", (folder / "LICENSES.md").read_text("utf-8"))
    assert named
    assert hashlib.sha256((folder / "search-library.js").read_bytes()).hexdigest() == named[1]


@pytest.mark.parametrize("name", ["searchindex.js", "_static/searchtools.js"])
def test_no_page_loads_the_search_that_is_not_used(html: Path, name: str) -> None:
    assert not (html / "searchindex.js").exists()
    for path in sorted(html.rglob("*.html")):
        assert name not in path.read_text("utf-8"), path
