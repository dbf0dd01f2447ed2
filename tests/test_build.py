"""The build: what the finished site is, and that every mistake stops it with one line and leaves the last good output."""

from __future__ import annotations

import importlib
import pkgutil
import re
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from sphinx.application import Sphinx

import hepatica
from tests.conftest import CURE, TinySite, assert_stopped
from tests.pages import is_external, read_page, target
from tests.samples import FACTS, STUDIES, page

MakeSite = Callable[..., TinySite]


# --- The site as built ---------------------------------------------------------------------------------------------------


def pages_of(html: Path) -> list[Path]:
    """Return the pages of a site, without what Sphinx itself keeps under _static."""
    return [path for path in sorted(html.rglob("*.html")) if "_static" not in path.parts]


def name_of(html: Path, path: Path) -> str:
    return path.relative_to(html).as_posix()


def test_every_source_has_its_page_and_every_page_its_source(html: Path) -> None:
    docs = html.parents[1] / "docs"
    sources = {path.relative_to(docs).with_suffix(".html").as_posix() for path in docs.rglob("*.md")}
    pages = {name_of(html, path) for path in pages_of(html)}
    assert pages == sources | {"search.html"}, "build/html is not made of these sources: run nox -s docs"


def test_every_internal_link_and_anchor_leads_somewhere(html: Path) -> None:
    broken = []
    for path in pages_of(html):
        read = read_page(path)
        for address in {*read.links, *(address for _tag, address in read.loaded)}:
            if is_external(address):
                continue
            file, fragment = target(path, address)
            if not file.is_file():
                broken.append(f"{name_of(html, path)}: {address} is no file")
            elif fragment and file.suffix == ".html" and fragment not in read_page(file).ids:
                broken.append(f"{name_of(html, path)}: {address} has no such anchor")
    assert broken == []


def test_every_file_that_a_style_sheet_names_is_there(html: Path) -> None:
    broken = []
    for path in html.rglob("*.css"):
        for address in re.findall(r"url\(\s*[\"']?([^\"')]+)", path.read_text("utf-8")):
            if not address.startswith(("data:", "#")) and not target(path, address)[0].is_file():
                broken.append(f"{name_of(html, path)}: {address}")
    assert broken == []


def test_every_page_is_within_three_clicks_of_home(html: Path) -> None:
    reached = {html / "index.html"}
    for _click in range(3):
        for path in list(reached):
            for address in read_page(path).links:
                if not is_external(address) and (file := target(path, address)[0]).suffix == ".html" and file.is_file():
                    reached.add(file)
    assert [name_of(html, path) for path in pages_of(html) if path.resolve() not in {file.resolve() for file in reached}] == []


def test_every_page_says_what_it_is(html: Path) -> None:
    missing = []
    titles: dict[str, str] = {}
    for path in pages_of(html):
        read, name = read_page(path), name_of(html, path)
        if read.lang != "en-GB":
            missing.append(f"{name}: lang is '{read.lang}'")
        title = " ".join(read.title.split())
        if len(title) < 5 or title in titles:
            missing.append(f"{name}: the title is '{title}', as on {titles.get(title, 'no other page')}")
        titles[title] = name
        if len(read.metas.get("description", "")) < 40:
            missing.append(f"{name}: the description is '{read.metas.get('description', '')}'")
        headings = [tag for tag, _given in read.elements if tag == "h1"]
        if len(headings) != 1:
            missing.append(f"{name}: {len(headings)} first-level headings")
    assert missing == []


def test_ids_are_unique_on_each_page(html: Path) -> None:
    twice = {
        name_of(html, path): {name for name in ids if ids.count(name) > 1}
        for path in pages_of(html)
        if (ids := read_page(path).ids)
    }
    assert {name: names for name, names in twice.items() if names} == {}


LITERAL = re.compile(r"\{[a-z][\w:-]*\}|`|:::|\[\[|\]\(|\*\*|^%|<[a-z/!]|&[a-z]+;", re.MULTILINE)
"""Markup that would mean a page was not read as it was meant."""


def test_no_page_shows_its_markup(html: Path) -> None:
    shown = [
        f"{name_of(html, path)}: …{text[max(0, found.start() - 30) : found.end() + 30]!r}…"
        for path in pages_of(html)
        for text in [read_page(path).text]
        for found in LITERAL.finditer(text)
    ]
    assert shown == []


def test_no_number_is_shown_twice_over(html: Path) -> None:
    wrong = []
    count = 0
    for path in pages_of(html):
        for form in re.findall(r'<span class="hep-fact">(.*?)</span>', path.read_text("utf-8")):
            count += 1
            if len(form) > 4 and form == form[: len(form) // 2] * 2:
                wrong.append(f"{name_of(html, path)}: {form}")
    assert count > 100
    assert wrong == []


def test_every_source_is_named_by_its_author_and_year(html: Path) -> None:
    labels = re.findall(
        r'<li id="cite-[^"]*">\s*<p><strong>(.*?)\. </strong>', (html / "about" / "references.html").read_text("utf-8")
    )
    assert len(labels) > 300
    assert [label for label in labels if not re.search(r"[^\W\d].* (\d{4}[a-z]*|undated( [a-z]+)?)$", label)] == []
    assert labels == sorted(labels, key=str.lower)


def test_nothing_is_loaded_from_elsewhere(html: Path) -> None:
    foreign = [
        f"{name_of(html, path)}: <{tag}> {address}"
        for path in pages_of(html)
        for tag, address in read_page(path).loaded
        if is_external(address)
    ]
    foreign += [
        f"{name_of(html, path)}: {found}"
        for path in html.rglob("*.css")
        for found in re.findall(r"(?:@import|url\()\s*[\"']?(?:https?:)?//[^\"')]*", path.read_text("utf-8"))
    ]
    assert foreign == []


def test_no_script_or_style_stands_in_a_page(html: Path) -> None:
    """A strict Content-Security-Policy forbids both."""
    inline = [
        f"{name_of(html, path)}: <{tag}>"
        for path in pages_of(html)
        for tag, given in read_page(path).elements
        if (tag == "script" and "src" not in given)
        or tag == "style"
        or "style" in given
        or any(name.startswith("on") for name in given)
    ]
    assert inline == []


# --- Mistakes ------------------------------------------------------------------------------------------------------------


MISTAKES = {
    "an unknown fact": ("{fact}`survivl`", 9, ["'survivl'", "did you mean 'survival'?", "correct the id or add the record"]),
    "an unknown part": ("{fact}`survival:alve`", 9, ["'survival'", "'alve'", "write one of value, alive, dead"]),
    "a fact without a form": ("{fact}`lin2017`", 9, ["'lin2017'", "no reader's form 'value'", "add 'shown:'"]),
    "an unknown source": ("{source}`survivel`", 9, ["'survivel'", "did you mean 'survival'?", "correct the id"]),
    "an unknown study": ("{study}`lin2071`", 9, ["'lin2071'", "did you mean 'lin2017'?", "correct the id or add the study"]),
    "an unknown term": ("{term}`ascitis`", 9, ["'ascitis'", "did you mean 'ascites'?", "add the term to evidence/terms"]),
    "an unknown data file": ("{data-file}`trems.csv`", 9, ["'trems.csv'", "did you mean 'terms.csv'?", CURE]),
    "a bad certainty": ("{certainty}`sure`", 9, ["'sure' is not a certainty", "write one of high, moderate, low, very low"]),
    "an unknown directive": (":::{short-anser}\nYes.\n:::", 9, ["short-anser", CURE]),
    "an unknown role": ("{facts}`survival`", 9, ["facts", CURE]),
    "an empty part": (":::{questions}\n:::", 9, ["questions", "Content block expected"]),
    "a broken link": ("[There](nowhere.md)", 9, ["nowhere.md", CURE]),
    "a broken anchor": ("[There](index.md#nowhere)", 9, ["nowhere", "index", CURE]),
    "a picture that is not there": ("![A liver](liver.png)", 9, ["liver.png", CURE]),
    "a picture from elsewhere": ("![A liver](https://example.org/liver.png)", 9, ["https://example.org/liver.png", CURE]),
    "a second short answer": (
        ":::{short-answer}\nYes.\n:::\n\n:::{short-answer}\nNo.\n:::",
        13,
        ["a second 'short-answer'", "move its content into the first"],
    ),
    "a heading that skips a level": ("## Two\n\n#### Four", 11, ["H2 to H4"]),
}
"""By kind: the text from line 9 of a page, the line to expect, and the words of the fault and its cure."""


@pytest.mark.parametrize("kind", MISTAKES)
def test_a_mistake_in_a_page_stops_the_build(tiny_site: MakeSite, kind: str) -> None:
    body, line, words = MISTAKES[kind]
    site = tiny_site({"docs/page.md": page(f"\n{body}\n\nThe rest.\n")})
    assert_stopped(site.build(), f"docs/page.md:{line}", *words)


FRONT_MATTER = {
    "a missing key": ("audience: [patient]\n", "", 1, ["no 'audience'", "add it"]),
    "an unknown key": (
        "audience:",
        "audienze: x\naudience:",
        4,
        ["unknown key 'audienze'", "did you mean 'audience'?", "remove or correct it"],
    ),
    "a bad date": ("2026-11-23", "23 November 2026", 5, ["'drafted' is '23 November 2026'", "write a date as YYYY-MM-DD"]),
    "dates in the wrong order": (
        "2027-11-23",
        "2025-11-23",
        6,
        ["'next_review' is not after 'drafted'", "correct one of the two dates"],
    ),
    "an unknown audience": ("[patient]", "[patients]", 4, ["'audience' must be a list of patient, carer", "correct it"]),
    "a short description": (
        "stands in for a real one, so that a test can break it",
        "x",
        3,
        ["'description' has 20 characters", "write one plain sentence"],
    ),
    "bad YAML": ("title: A page", "title: A page: here", 2, ["not valid YAML", "put text that holds ': ' or ' #' in quotes"]),
    "a key that stands twice": ("audience:", "title: Again\naudience:", 4, ["'title' stands twice", "keep one of the two"]),
    "no front matter": ("---\n", "", 1, ["no front matter", "begin it with '---'"]),
}
"""By kind: what to replace in a good page, by what, the line to expect, and the words."""


@pytest.mark.parametrize("kind", FRONT_MATTER)
def test_bad_front_matter_stops_the_build(tiny_site: MakeSite, kind: str) -> None:
    old, new, line, words = FRONT_MATTER[kind]
    text = page("\nThe rest.\n")
    assert old in text
    site = tiny_site({"docs/page.md": text.replace(old, new)})
    assert_stopped(site.build(), f"docs/page.md:{line}", *words)


def test_a_page_in_another_encoding_stops_the_build(tiny_site: MakeSite) -> None:
    site = tiny_site()
    site.write({"docs/page.md": page("\nHéros.\n").encode("latin-1")})
    run = site.build()
    assert run.code == 1
    assert "Traceback" not in run.text
    assert "save the file again with the encoding UTF-8" in run.line_at("docs/page.md:9")


def test_bad_evidence_stops_the_build(tiny_site: MakeSite) -> None:
    run = tiny_site({"evidence/facts/a.yaml": FACTS.replace("adam2018", "adam2081")}).build()
    assert run.code == 1
    assert "did you mean 'adam2018'?" in run.line_at("evidence/facts/a.yaml:9")
    assert "1 fault: nothing was built. The last good output is where it was." in run.text
    assert "Traceback" not in run.text


def test_all_mistakes_of_all_pages_are_reported_at_once(tiny_site: MakeSite) -> None:
    site = tiny_site({"docs/page.md": page("\n{fact}`a`\n\n{fact}`b`\n"), "docs/about/index.md": page("\n{study}`c`\n")})
    run = site.build()
    assert run.code == 1
    for place in ("docs/page.md:9", "docs/page.md:11", "docs/about/index.md:9"):
        assert run.line_at(place)


def outputs(site: TinySite) -> dict[str, bytes]:
    """Return every published file and its bytes."""
    return {
        path.relative_to(site.root).as_posix(): path.read_bytes() for path in [*site.html.rglob("*"), site.epub] if path.is_file()
    }


def test_a_failed_build_leaves_the_last_good_output(tiny_site: MakeSite) -> None:
    site = tiny_site()
    site.build_whole()
    good = outputs(site)
    assert "build/html/page.html" in good
    assert "build/epub/hepatica.epub" in good
    for broken in (page("\n{fact}`nobody`\n"), page("\n[x](nowhere.md)\n"), "no front matter"):
        site.write({"docs/page.md": broken})
        assert site.build().code == 1
        assert outputs(site) == good
    site.write({"evidence/facts/a.yaml": "- id:\n"})
    assert site.build().code == 1
    assert outputs(site) == good


def test_a_mistake_stays_one_until_it_is_mended(tiny_site: MakeSite) -> None:
    """Sphinx warns of a page once, and takes it as good the next time."""
    site = tiny_site({"docs/page.md": page("\n{fact}`nobody`\n")})
    assert [site.build().code for _ in range(3)] == [1, 1, 1]
    site.write_page("\n{fact}`survival`\n")
    site.build_whole()


def test_raw_html_is_text(tiny_site: MakeSite) -> None:
    site = tiny_site(
        {"docs/page.md": page('\nA <b>bold</b> word.\n\n<script>alert(1)</script>\n\n<img src=x onerror="alert(2)">\n')}
    )
    site.build_whole()
    html = site.page_text()
    assert "A &lt;b&gt;bold&lt;/b&gt; word." in html
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in html
    assert "<script>alert" not in html
    assert "<img src" not in html
    with zipfile.ZipFile(site.epub) as book:
        chapter = book.read("page.xhtml").decode()
    assert "&lt;script&gt;" in chapter
    assert "<script" not in chapter


def test_a_script_in_a_record_is_text(tiny_site: MakeSite) -> None:
    evil = "</p><script>alert(1)</script><img src=x onerror=alert(2)>"
    site = tiny_site(
        {
            "evidence/facts/a.yaml": FACTS.replace("In a registry", f"{evil} In a registry")
            .replace("alive: 86 of 100", f"alive: '<i>86 of 100</i>{evil}'")
            .replace("alert(1)", "alert()")
            .replace("alert(2)", "alert()"),
            "evidence/studies/a.yaml": STUDIES.replace("Cells for", f"'{evil} Cells for").replace("failure\n", "failure'\n", 1),
        }
    )
    site.build_whole()
    html = site.page_text()
    assert "&lt;script&gt;alert()&lt;/script&gt;" in html
    assert "&lt;i&gt;86 of 100&lt;/i&gt;" in html
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in html
    assert "<script>alert" not in html
    assert "<img src=x" not in html
    assert "<i>86" not in html


def test_a_script_in_the_front_matter_is_text(tiny_site: MakeSite) -> None:
    site = tiny_site()
    site.write_page("\nText.\n", title="'A <script>alert(1)</script> page'", head="clinical_name: '\"><script>alert(2)</script>'\n")
    text = (site.root / "docs" / "page.md").read_text("utf-8")
    site.write(
        {
            "docs/page.md": text.replace("description: A small", "description: '\"><script>alert(3)</script> A small").replace(
                "it.\n", "it.'\n", 1
            )
        }
    )
    site.build_whole()
    for path in site.html.glob("*.html"):
        assert "<script>alert" not in path.read_text("utf-8")


# --- What changes, and what stays the same -------------------------------------------------------------------------------


def test_a_deleted_page_leaves_nothing_behind(tiny_site: MakeSite) -> None:
    index = page("Home.\n\n```{toctree}\n:hidden:\n:glob:\n\npage*\nabout/index\n```\n", "A tiny site")
    site = tiny_site({"docs/index.md": index, "docs/page-extra.md": page("\nMore.\n", "Extra")})
    site.build_whole()
    assert (site.html / "page-extra.html").is_file()
    (site.root / "docs" / "page-extra.md").unlink()
    site.build_whole()
    assert not (site.html / "page-extra.html").exists()
    assert "Extra" not in (site.html / "index.html").read_text("utf-8")
    assert "page-extra" not in (site.html / "search" / "index.js").read_text("utf-8")
    assert not (site.html / "search" / "text" / "page-extra.js").exists()
    with zipfile.ZipFile(site.epub) as book:
        assert "page-extra.xhtml" not in book.namelist()
        assert "page-extra.xhtml" not in book.read("content.opf").decode()


def test_a_changed_record_changes_the_pages_that_use_it(tiny_site: MakeSite) -> None:
    site = tiny_site()
    site.build_whole()
    assert ">86 of 100<" in site.page_text()
    changed = FACTS.replace("86", "87").replace("14 of 100", "13 of 100").replace("a registry", "another registry")
    site.write({"evidence/facts/a.yaml": changed})
    site.build_whole()
    html = site.page_text()
    assert ">87 of 100<" in html
    assert "another registry" in html
    assert "86 of 100" not in html
    with zipfile.ZipFile(site.epub) as book:
        assert "87 of 100" in book.read("page.xhtml").decode()


def test_a_changed_term_changes_the_glossary(tiny_site: MakeSite) -> None:
    site = tiny_site()
    site.build_whole()
    terms = site.root / "evidence" / "terms" / "a.yaml"
    terms.write_text(terms.read_text("utf-8").replace("Fluid in the belly", "Water in the belly"), "utf-8")
    site.build_whole()
    assert "Water in the belly" in site.page_text("about/glossary.html")
    assert "Fluid in the belly" not in site.page_text("about/glossary.html")


def test_a_changed_source_changes_the_pages_and_the_references(tiny_site: MakeSite) -> None:
    site = tiny_site()
    site.build_whole()
    sources = site.root / "evidence" / "references.bib"
    sources.write_text(sources.read_text("utf-8").replace("Annual report", "Yearly report"), "utf-8")
    site.build_whole()
    for name in ("page.html", "about/references.html"):
        assert "Yearly report of a registry" in site.page_text(name)
        assert "Annual report" not in site.page_text(name)


def test_a_new_title_reaches_the_contents_of_every_page(tiny_site: MakeSite) -> None:
    site = tiny_site()
    site.build_whole()
    site.write_page("\nText.\n", title="Renamed")
    site.build_whole()
    assert "Renamed" in site.page_text("about/index.html")


def test_changed_code_changes_the_pages(tiny_site: MakeSite) -> None:
    site = tiny_site()
    site.build_whole()
    dates = site.root / "hepatica" / "dates.py"
    dates.write_text(dates.read_text("utf-8").replace("November", "Novembre"), "utf-8")
    site.build_whole()
    assert "Novembre 2026" in site.page_text()


def many_pages(count: int) -> dict[str, str]:
    """Return enough pages for Sphinx to share them out among processes (it does so from six on)."""
    listed = "\n".join(f"page{number}" for number in range(count))
    index = page(f"Home.\n\n```{{toctree}}\n:hidden:\n\npage\n{listed}\nabout/index\n```\n", "A tiny site")
    body = "## Part\n\nAlive: {fact}`survival:alive`, dead: {fact}`survival:dead`.\n"
    body += "\n{term}`ascites` {study}`lin2017` [On](page0.md#part)\n"
    return {"docs/index.md": index} | {f"docs/page{number}.md": page(body, f"Page {number}") for number in range(count)}


def changed(old: dict[str, bytes], new: dict[str, bytes]) -> list[str]:
    """Return the names of files whose bytes differ, or that only one of the two has."""
    return sorted(name for name in old.keys() | new.keys() if old.get(name) != new.get(name))


def test_the_same_sources_give_the_same_bytes(tiny_site: MakeSite) -> None:
    """In another folder, and with another number of processes."""
    one, two = (tiny_site(many_pages(12), name) for name in ("one", "another"))
    one.build_whole("-j", "1")
    two.build_whole("-j", "2")
    assert changed(outputs(one), outputs(two)) == []


def test_a_second_build_gives_the_same_bytes(tiny_site: MakeSite) -> None:
    site = tiny_site(many_pages(3))
    site.build_whole()
    first = outputs(site)
    site.build_whole()
    assert changed(first, outputs(site)) == []


def test_an_edit_and_its_opposite_give_the_same_bytes(tiny_site: MakeSite) -> None:
    site = tiny_site(many_pages(3))
    site.build_whole()
    first = outputs(site)
    old = (site.root / "docs" / "page1.md").read_text("utf-8")
    site.write({"docs/page1.md": old.replace("Alive", "Living").replace("{study}`lin2017`", "")})
    site.build_whole()
    assert "build/html/page1.html" in changed(first, outputs(site))
    site.write({"docs/page1.md": old})
    site.build_whole()
    assert changed(first, outputs(site)) == []


def modules() -> Iterator[str]:
    for found in pkgutil.walk_packages(hepatica.__path__, "hepatica."):
        if found.name != "hepatica.build":
            yield found.name


def test_every_feature_is_listed_once() -> None:
    with_setup = {name for name in modules() if hasattr(importlib.import_module(name), "setup")}
    assert sorted(hepatica.FEATURES) == sorted(with_setup)


def test_every_extension_may_run_in_parallel(tmp_path: Path) -> None:
    root = Path(__file__).parents[1]
    (tmp_path / "index.md").write_text("# x\n", "utf-8")
    app = Sphinx(tmp_path, root, tmp_path / "out", tmp_path / "doctrees", "html", status=None, warning=None)
    assert set(hepatica.FEATURES) <= set(app.extensions)
    unsafe = [name for name, found in app.extensions.items() if not (found.parallel_read_safe and found.parallel_write_safe)]
    assert unsafe == []
    assert app.is_parallel_allowed("read")
    assert app.is_parallel_allowed("write")
