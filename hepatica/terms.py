"""The terms of the glossary as typed records, and their names: what is linked in a page, and what a reader may type."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Literal

from pydantic import Field

from hepatica.record_types import Id, Part, Text

CodeSystem = Literal["mesh", "icd10cm", "hpo", "mondo_or_doid", "cl", "uberon", "loinc", "loinc_related_test"]
Theme = Literal["body", "illnesses", "signs", "complications", "tests", "treatments", "transplant", "cells", "studies", "care"]
THEMES: dict[Theme, str] = {
    "body": "The liver and the body",
    "illnesses": "Illnesses and their causes",
    "signs": "Signs you can see or feel",
    "complications": "Complications",
    "tests": "Tests, scans and scores",
    "treatments": "Medicines and treatments",
    "transplant": "Transplant and donation",
    "cells": "Cells and other new treatments",
    "studies": "Studies and statistics",
    "care": "Care, rights and rules",
}
"""The themes, in the order of the glossary page, in reader's words."""


class Term(Part):
    """A glossary entry. Definitions are drafts."""

    term: Text
    theme: Theme
    synonyms: list[Text] = Field(default_factory=list)
    """Other names for the same thing, also in the other spelling ("edema")."""

    former_names: list[Text] = Field(default_factory=list)
    brand_names: list[Text] = Field(default_factory=list)
    lay_synonyms: list[Text] = Field(default_factory=list)
    """What people say and type. Two terms may share one; none is linked by itself."""

    abbreviation: Text | None = None
    not_linked: list[Text] = Field(default_factory=list)
    """Names that mean something else in ordinary text, or that everybody knows: linked only by ``{term}``."""

    pronunciation: Text
    definition_plain: Text
    definition_clinical: Text
    danger: bool = False
    """The term names a danger: ``what_to_do`` must say what to do."""

    what_to_do: Text | None = None
    do_not_stop: Text | None = None
    """For a medicine that must not be stopped: says so, and why."""

    rests_on: list[Id] = Field(default_factory=list)
    """The records that ``what_to_do`` and ``do_not_stop`` rest on."""

    see_also: list[Text] = Field(default_factory=list)
    codes: dict[CodeSystem, Text] = Field(default_factory=dict)
    code_labels: dict[CodeSystem, Text] = Field(default_factory=dict)
    code_match_notes: dict[CodeSystem, Text] = Field(default_factory=dict)

    @property
    def id(self) -> str:
        """The term itself: what other terms and pages name it by."""
        return self.term

    @property
    def names(self) -> list[str]:
        """Every name that belongs to this term alone: what may stand in ``{term}``, also in the plural."""
        abbreviation = [self.abbreviation] if self.abbreviation else []
        return [self.term, *abbreviation, *self.synonyms, *self.former_names, *self.brand_names]

    @property
    def anchor(self) -> str:
        """The term's anchor on the glossary page."""
        plain = unicodedata.normalize("NFKD", self.term).encode("ascii", "ignore").decode()
        return "term-" + re.sub(r"[^a-zA-Z0-9._]+", "-", plain).strip("-._")


WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)*")
"""A word of a name or of a text; hyphens and spaces are the same to a reader."""

GAP = re.compile(r"[\s‐-]+|[./]")
"""What stands between the words of one name: a space, a hyphen, or the point of "MELD 3.0"."""

Key = tuple[str, ...]


def key_of(name: str) -> Key:
    """Return a name's words in lower case: what two spellings of one name share.

    >>> key_of("Acute-on-chronic liver failure")
    ('acute', 'on', 'chronic', 'liver', 'failure')
    """
    return tuple(word.lower().replace("’", "'") for word in WORD.findall(name))


def plurals(word: str) -> list[str]:
    """Return the regular plurals of an English or Latin word in lower case. Irregular ones stand in the record as synonyms.

    >>> plurals("biopsy"), plurals("metastasis"), plurals("graft")
    (['biopsies'], ['metastases'], ['grafts'])
    """
    if re.search(r"[^aeiou]y$", word):
        return [f"{word[:-1]}ies"]
    if word.endswith("is"):
        return [f"{word[:-2]}es"]
    if re.search(r"(s|x|z|ch|sh)$", word):
        return [f"{word}es"]
    return [f"{word}s"]


@dataclass(frozen=True)
class Name:
    """A name of a term, in a form that a text may have."""

    term: Term
    written: str
    """The name as the record writes it."""

    exact: bool
    """An abbreviation: it must be written as it is ("HE" is not "he")."""


@dataclass(frozen=True)
class Found:
    """A name found in a text, from ``start`` to ``end``."""

    start: int
    end: int
    term: Term


class TermNames:
    """Every name of every term, in singular and plural, to look up one name or to find all in a text."""

    def __init__(self, terms: Iterable[Term]) -> None:
        self.names: dict[Key, Name] = {}
        plural: dict[Key, Name] = {}
        for term in terms:
            for written in term.names:
                key = key_of(written)
                name = Name(term, written, exact=written.isupper() or written == term.abbreviation)
                self.names.setdefault(key, name)
                for last in plurals(key[-1]):
                    plural.setdefault((*key[:-1], last), name)
        # A name of its own comes before the plural of another.
        self.names = plural | self.names
        self._lengths: dict[str, list[int]] = {}
        for key in self.names:
            lengths = self._lengths.setdefault(key[0], [])
            if len(key) not in lengths:
                lengths.append(len(key))
        for lengths in self._lengths.values():
            lengths.sort(reverse=True)

    def find(self, name: str) -> Term | None:
        """Return the term of a name, in any case and in the plural; None for a name that no term has."""
        found = self.names.get(key_of(name))
        return found.term if found else None

    def written(self) -> list[str]:
        """Return all names, as the records write them."""
        return list(dict.fromkeys(name.written for name in self.names.values()))

    def search(self, text: str) -> Iterator[Found]:
        """Yield what a page may link: the longest names, from left to right, without those that are linked by hand only."""
        words = list(WORD.finditer(text))
        keys = [word[0].lower().replace("’", "'") for word in words]
        index = 0
        while index < len(words):
            found = self._at(text, words, keys, index)
            if found is None:
                index += 1
                continue
            length, name = found
            start, end = words[index].start(), words[index + length - 1].end()
            if name.written not in name.term.not_linked:
                yield Found(start, end, name.term)
            index += length

    def _at(self, text: str, words: list[re.Match[str]], keys: list[str], index: int) -> tuple[int, Name] | None:
        for length in self._lengths.get(keys[index], ()):
            if index + length > len(words):
                continue
            name = self.names.get(tuple(keys[index : index + length]))
            if name is None:
                continue
            start, end = words[index].start(), words[index + length - 1].end()
            # Part of a longer word ("non-alcoholic") is not the name, and what stands between its words is a space or a hyphen.
            joined = text[max(0, start - 1) : start] == "-" or re.match(r"-\w", text[end:])
            gaps = (text[a.end() : b.start()] for a, b in zip(words[index:], words[index + 1 : index + length], strict=False))
            if joined or not all(GAP.fullmatch(gap) for gap in gaps):
                continue
            written = text[start:end]
            if name.exact and name.written not in (written, written.removesuffix("s")):
                continue
            if written.isupper() and not name.written.isupper():
                continue  # another name that is written so: a trial called GRAFT
            return length, name
        return None
