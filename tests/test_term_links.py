"""Links to the glossary: the first use of a term on a page, ``{term}``, and what explains the word in each output."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Callable

import pytest

from tests.conftest import TinySite, assert_stopped
from tests.samples import TERMS, page

MakeSite = Callable[..., TinySite]
LINK = re.compile(r'<a class="hep-term" id="([^"]*)" href="([^"]*)"[^>]*>([^<]*)</a>')


def links(html: str) -> list[str]:
    """Return the linked words of a page."""
    return [found[3] for found in LINK.finditer(html)]


BODY = """
Some ascites here, and ascites again. Not *ascites* either.

## About cirrhosis

See [ascites in a link](index.md) and `cirrhosis` in code.

:::{emergency} Call now
Cirrhosis in danger.
:::

| What | Word |
| --- | --- |
| cirrhosis | Cirrhosis |

More about cirrhosis.
"""


def test_the_first_use_is_linked_and_later_ones_headings_and_links_are_not(tiny_site: MakeSite) -> None:
    site = tiny_site({"docs/page.md": page(BODY)})
    site.build_whole()
    html = site.page_text()
    assert links(html) == ["ascites", "cirrhosis"]
    assert re.search(r"Some <a [^>]*>ascites</a> here, and ascites again", html)
    assert "<td><p><a" in html, "the first use that is neither heading, code nor emergency is the one in the table"
    assert 'id="use-term-ascites"' in html


def test_a_page_can_say_no_to_a_term(tiny_site: MakeSite) -> None:
    site = tiny_site({"docs/page.md": page(BODY, head="not_linked: [water bellies]\n")})
    site.build_whole()
    assert links(site.page_text()) == ["cirrhosis"]


def test_a_page_that_says_no_to_what_is_no_term_stops_the_build(tiny_site: MakeSite) -> None:
    site = tiny_site({"docs/page.md": page(BODY, head="not_linked: [ascitis]\n")})
    words = ["'not_linked' names 'ascitis', which is no term", "did you mean 'ascites'?", "correct or remove it"]
    assert_stopped(site.build(), "docs/page.md:1", *words)


def test_by_hand_any_name_is_linked_each_time(tiny_site: MakeSite) -> None:
    body = "\n{term}`Water bellies`, {term}`ascites`, {term}`fluid <ascites>`.\n"
    site = tiny_site({"docs/page.md": page(body)})
    site.build_whole()
    assert links(site.page_text()) == ["Water bellies", "ascites", "fluid"]


def test_a_word_is_not_linked_twice_in_a_paragraph_where_it_is_linked_by_hand(tiny_site: MakeSite) -> None:
    body = "\nAscites is *a word*, {term}`water belly` too.\n\nAscites in a next paragraph.\n"
    site = tiny_site({"docs/page.md": page(body)})
    site.build_whole()
    assert links(site.page_text()) == ["water belly"]


def test_a_page_carries_the_meanings_of_its_own_terms_and_no_others(tiny_site: MakeSite) -> None:
    site = tiny_site({"docs/page.md": page("\nOnly ascites.\n")})
    site.build_whole()
    html = site.page_text()
    note = html[html.index('<template class="hep-words">') : html.index("</template>")]
    assert "Fluid in the belly." in note
    assert "uh-SY-teez" in note
    assert "Draft, not yet reviewed" in note
    assert "Scars in the liver." not in html
    assert "<template" not in site.page_text("about/glossary.html")
    assert "<template" not in site.page_text("about/about-privacy.html")


def test_in_the_book_a_term_is_a_noteref_with_its_footnote(tiny_site: MakeSite) -> None:
    site = tiny_site({"docs/page.md": page("\nOnly ascites.\n")})
    site.build_whole()
    with zipfile.ZipFile(site.epub) as book:
        chapter = book.read("page.xhtml").decode()
    mark = re.search(r'<a class="hep-term"[^>]*href="#(note-[^"]*)"[^>]*>ascites</a>', chapter)
    assert mark
    assert 'epub:type="noteref"' in mark[0]
    assert 'role="doc-noteref"' in mark[0]
    aside = chapter[chapter.index(f'<aside id="{mark[1]}"') :]
    assert 'epub:type="footnote"' in aside
    assert "Fluid in the belly." in aside
    assert "Draft, not yet reviewed" in aside
    assert 'href="about/glossary.xhtml#term-ascites"' in aside


def test_the_glossary_leads_back_to_the_pages_that_use_a_term(tiny_site: MakeSite) -> None:
    site = tiny_site({"docs/page.md": page("\nOnly ascites.\n", title="About water")})
    site.build_whole()
    glossary = site.page_text("about/glossary.html")
    assert '<a class="reference internal" href="../page.html#use-term-ascites"><span>About water</span></a>' in glossary
    site.write({"docs/page.md": page("\nNothing of the kind.\n", title="About water")})
    site.build_whole()
    assert "use-term-ascites" not in site.page_text("about/glossary.html")


def test_what_is_not_linked_in_the_record_is_linked_by_hand_only(tiny_site: MakeSite) -> None:
    terms = TERMS.replace("synonyms: [water belly]", "synonyms: [water belly]\n  not_linked: [water belly]")
    site = tiny_site({"evidence/terms/a.yaml": terms, "docs/page.md": page("\nA water belly. A {term}`water belly`.\n")})
    site.build_whole()
    assert len(links(site.page_text())) == 1
    assert "A water belly. A <a" in site.page_text()


# --- What is read again when terms change -------------------------------------------------------------------------------

THREE = {
    "docs/index.md": page("Home.\n\n```{toctree}\n:hidden:\n\npage\nother\nabout/index\n```\n", "A tiny site"),
    "docs/page.md": page("\nOnly ascites.\n"),
    "docs/other.md": page("\nOnly cirrhosis, and a tight belly.\n", "Other"),
}


@pytest.fixture
def three(tiny_site: MakeSite) -> TinySite:
    site = tiny_site(THREE)
    site.build_whole()
    return site


def times(site: TinySite) -> dict[str, int]:
    """Return when each page was last written by Sphinx."""
    work = site.root / "build" / "work" / "html"
    return {path.relative_to(work).as_posix(): path.stat().st_mtime_ns for path in work.rglob("*.html")}


ALWAYS = {"search.html", "index.html", "about/index.html"}
"""What Sphinx writes again with any page: the search page, and the pages that list it in their contents."""


def rewritten(site: TinySite, terms: str) -> set[str]:
    before = times(site)
    site.write({"evidence/terms/a.yaml": terms})
    site.build_whole()
    return {name for name, time in times(site).items() if time != before[name]} - ALWAYS


def test_a_changed_meaning_rewrites_the_pages_that_show_it_and_no_others(three: TinySite) -> None:
    assert rewritten(three, TERMS.replace("Fluid in the belly", "Water in the belly")) == {"page.html", "about/glossary.html"}
    assert "Water in the belly." in three.page_text()


def test_what_only_the_glossary_shows_rewrites_only_the_glossary(three: TinySite) -> None:
    assert rewritten(three, TERMS.replace("Fluid in the peritoneal", "Liquid in the peritoneal")) == {"about/glossary.html"}


def test_a_new_name_rewrites_the_pages_that_have_its_words(three: TinySite) -> None:
    terms = TERMS.replace("[water belly]", "[water belly, tight belly]")
    # page.html shows ascites, whose names have changed; other.html has the new name.
    assert rewritten(three, terms) == {"page.html", "other.html", "about/glossary.html"}
    assert links(three.page_text("other.html")) == ["cirrhosis", "tight belly"]


def test_a_term_that_is_gone_leaves_no_link(three: TinySite) -> None:
    alone = TERMS[TERMS.index("- term: cirrhosis") :]
    assert rewritten(three, alone) == {"page.html", "about/glossary.html"}
    assert links(three.page_text()) == []
    assert "Fluid in the belly" not in three.page_text()
