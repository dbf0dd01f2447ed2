"""Reads built pages, HTML and XHTML alike, with the parser of the standard library."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cache
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urlsplit

VOID = frozenset(["area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"])
NOT_TEXT = frozenset(["script", "style", "code", "pre", "template"])
LOADING = {
    "script": "src",
    "link": "href",
    "img": "src",
    "iframe": "src",
    "source": "src",
    "video": "src",
    "audio": "src",
    "object": "data",
}
"""The attribute with which an element makes a browser load something."""

Attributes = dict[str, str]


@dataclass
class BuiltPage:
    """What the tests ask of a page."""

    lang: str = ""
    title: str = ""
    metas: Attributes = field(default_factory=dict)
    ids: list[str] = field(default_factory=list)
    links: list[str] = field(default_factory=list)
    loaded: list[tuple[str, str]] = field(default_factory=list)
    elements: list[tuple[str, Attributes]] = field(default_factory=list)
    text: str = ""
    """The words a reader sees, without code."""


class Reader(HTMLParser):
    """Fills a :class:`BuiltPage`."""

    def __init__(self) -> None:
        super().__init__()
        self.page = BuiltPage()
        self.open: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        page = self.page
        page.elements.append((tag, given))
        if "id" in given:
            page.ids.append(given["id"])
        if tag == "html":
            page.lang = given.get("lang", "")
        if tag == "meta" and "name" in given:
            page.metas[given["name"]] = given.get("content", "")
        if tag in ("a", "area") and "href" in given:
            page.links.append(given["href"])
        # Of links only those that are fetched: "next" and "search" are addresses for people.
        fetched = tag != "link" or bool(
            {"stylesheet", "icon", "preload", "modulepreload", "manifest"} & set(given.get("rel", "").split())
        )
        if fetched and LOADING.get(tag, "") in given:
            page.loaded.append((tag, given[LOADING[tag]]))
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if tag in self.open:
            while self.open.pop() != tag:
                pass

    def handle_data(self, data: str) -> None:
        if "title" in self.open and "svg" not in self.open:
            self.page.title += data
        elif not NOT_TEXT & set(self.open):
            self.page.text += data


@cache
def read_page(path: Path) -> BuiltPage:
    """Read a page once."""
    reader = Reader()
    reader.feed(path.read_text("utf-8"))
    reader.close()
    return reader.page


def is_external(address: str) -> bool:
    """Tell whether an address leaves the site."""
    parts = urlsplit(address)
    return bool(parts.scheme or parts.netloc)


def target(page: Path, address: str) -> tuple[Path, str]:
    """Return the file and the fragment that an internal address on ``page`` leads to."""
    parts = urlsplit(address)
    path = (page.parent / unquote(parts.path)).resolve() if parts.path else page
    return (path / "index.html" if path.is_dir() else path), unquote(parts.fragment)
