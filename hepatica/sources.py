"""The sources: one list of references, ``references.bib``, checked when it is loaded. Knows nothing of Sphinx."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from pybtex.database import Entry, parse_string
from pybtex.exceptions import PybtexError

from hepatica import located_yaml
from hepatica.located_yaml import Problem

ENTRY = re.compile(r"^@(\w+)\{([^,\s]+),", re.MULTILINE)


@dataclass(frozen=True)
class Source:
    """One entry of ``references.bib``."""

    key: str
    label: str
    title: str
    published_in: str
    year: str
    doi: str | None
    pmid: str | None
    url: str | None
    author: str
    """The first author's family name, or the organisation; may be empty."""

    @property
    def link(self) -> tuple[str, str] | None:
        """The reader's link and its words: the DOI, else PubMed, else the publisher's page."""
        if self.doi:
            return f"https://doi.org/{self.doi}", f"doi:{self.doi}"
        if self.pmid:
            return f"https://pubmed.ncbi.nlm.nih.gov/{self.pmid}/", f"PubMed {self.pmid}"
        if self.url:
            return self.url, urlsplit(self.url).netloc.removeprefix("www.")
        return None


def load_sources(root: Path, sources: dict[str, Source]) -> Iterator[Problem]:
    """Read ``references.bib`` of the folder ``root`` into ``sources``; yield its faults."""
    path = root / "references.bib"
    if not path.exists():
        yield Problem(path, 1, "the list of sources is missing; restore it from git")
        return
    text, unreadable = located_yaml.read_text(path)
    if unreadable:
        yield from unreadable
        return
    lines: dict[str, int] = {}
    for match in ENTRY.finditer(text):
        line = text.count("\n", 0, match.start()) + 1
        key = match.group(2)
        if key in lines:
            yield Problem(path, line, f"the source '{key}' stands twice (line {lines[key]}); merge the two entries")
        lines.setdefault(key, line)
    if len(lines) < len(ENTRY.findall(text)):
        return
    try:
        entries: Mapping[str, Entry] = parse_string(text, "bibtex").entries
    except PybtexError as error:
        found = re.search(r"line (\d+)", str(error))
        line = int(found.group(1)) if found else 1
        yield Problem(path, line, f"this is not valid BibTeX ({error}); check braces and commas")
        return
    unlinked = _unlinked_hosts(root)
    first: dict[tuple[str, str], str] = {}
    for key, label in source_labels(entries).items():
        entry = entries[key]
        line = lines.get(key, 1)
        fields = entry.fields
        source = Source(
            key=key,
            label=label,
            title=plain(fields.get("title", "")),
            published_in=plain(fields.get("journal") or fields.get("publisher") or ""),
            year=fields.get("year", ""),
            doi=fields.get("doi"),
            pmid=fields.get("pmid"),
            url=fields.get("url"),
            author=_first_author(entry),
        )
        sources[key] = source
        if not source.title:
            yield Problem(path, line, f"the source '{key}' has no title; add it")
        if source.doi and not re.fullmatch(r"10\.\d{4,9}/\S+", source.doi):
            yield Problem(path, line, f"'{source.doi}' is not a DOI; write it as 10.1234/abc, without https://doi.org/")
        if source.pmid and not re.fullmatch(r"\d{1,9}", source.pmid):
            yield Problem(path, line, f"'{source.pmid}' is not a PubMed id; write its digits only")
        for name, value in (("doi", source.doi), ("pmid", source.pmid)):
            if value:
                other = first.setdefault((name, value.lower()), key)
                if other != key:
                    yield Problem(path, line, f"'{key}' has the {name} of '{other}' ({value}); merge the two entries")
        if source.url:
            host = (urlsplit(source.url).hostname or "").removeprefix("www.")
            if urlsplit(source.url).scheme not in ("http", "https") or not host:
                yield Problem(path, line, f"'{source.url}' is not a web address; begin it with https://")
            elif re.fullmatch(r"[\d.]+", host) or any(host == h or host.endswith(f".{h}") for h in unlinked):
                cure = "link the DOI, PubMed or the publisher, or leave the link out"
                yield Problem(path, line, f"'{host}' is a copy or a seller (unlinked-hosts.txt); {cure}")


def _unlinked_hosts(root: Path) -> set[str]:
    path = root / "unlinked-hosts.txt"
    if not path.exists():
        return set()
    return {line.strip() for line in path.read_text("utf-8").splitlines() if line.strip() and not line.startswith("#")}


def plain(text: str) -> str:
    """Take the TeX out of a BibTeX field: braces and escaped characters."""
    return re.sub(r"\\([&%#_$])", r"\1", text).replace("{", "").replace("}", "")


def _first_author(entry: Entry) -> str:
    people = entry.persons.get("author") or []
    return plain(" ".join([*people[0].prelast_names, *people[0].last_names])) if people else ""


def source_labels(entries: Mapping[str, Entry]) -> dict[str, str]:
    """Return an author-year label for each entry; letters tell apart those that would be the same.

    Without an author the label takes the publisher, without that the first words of the title.
    """
    bare: dict[str, str] = {}
    for key, entry in entries.items():
        fields = entry.fields
        name = fields.get("shortauthor") or _first_author(entry) or fields.get("publisher") or fields.get("title", key)
        words = plain(name).split()
        bare[key] = " ".join([*words[:5], fields.get("year", "undated")])
    groups: dict[str, list[str]] = {}
    for key in sorted(bare, key=str.lower):
        groups.setdefault(bare[key].lower(), []).append(key)
    labels = {}
    for keys in groups.values():
        for index, key in enumerate(keys):
            gap = " " if bare[key].endswith("undated") else ""
            labels[key] = bare[key] + (gap + _letters(index) if len(keys) > 1 else "")
    return {key: labels[key] for key in entries}


def _letters(index: int) -> str:
    """0 is "a", 25 is "z", 26 is "aa"."""
    letters = ""
    index += 1
    while index:
        index, rest = divmod(index - 1, 26)
        letters = chr(ord("a") + rest) + letters
    return letters
