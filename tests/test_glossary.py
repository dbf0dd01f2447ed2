"""The glossary page, and the glossary as data and as cards."""

from __future__ import annotations

import csv
import json
import re
import sqlite3
import zipfile
from pathlib import Path

import pytest

from hepatica.anki_deck import write_deck
from hepatica.loading import load_evidence
from hepatica.records import Evidence
from hepatica.terms import THEMES
from tests.conftest import REPO
from tests.pages import read_page


@pytest.fixture(scope="module")
def evidence() -> Evidence:
    return load_evidence(REPO / "evidence")


@pytest.fixture(scope="module")
def glossary(html: Path) -> str:
    return (html / "about" / "glossary.html").read_text("utf-8")


def test_every_term_has_its_entry_with_anchor_and_saying(glossary: str, evidence: Evidence, html: Path) -> None:
    ids = set(read_page(html / "about" / "glossary.html").ids)
    assert len(evidence.terms) >= 248
    assert [term.term for term in evidence.terms.values() if term.anchor not in ids] == []
    assert glossary.count('class="hep-term-say">Say: ') == len(evidence.terms)


def test_every_term_stands_in_one_theme(glossary: str, evidence: Evidence) -> None:
    lists = glossary[glossary.index("hep-theme") : glossary.index("hep-az")]
    linked = re.findall(r'href="#(term-[^"]*)"', lists)
    assert sorted(linked) == sorted(term.anchor for term in evidence.terms.values())
    for title in THEMES.values():
        assert title in lists


def test_a_danger_says_what_to_do(glossary: str, evidence: Evidence) -> None:
    assert {"haematemesis", "melaena", "coma", "hepatic encephalopathy", "cholangitis"} <= {
        name for name, term in evidence.terms.items() if term.danger
    }
    entry = glossary[glossary.index('id="term-haematemesis"') :]
    assert "What to do:</strong> Call an ambulance now" in entry[: entry.index("</details>")]


def test_a_medicine_that_must_not_be_stopped_says_so(glossary: str, evidence: Evidence) -> None:
    kept = {name for name, term in evidence.terms.items() if term.do_not_stop}
    assert {"tacrolimus", "immunosuppression", "tenofovir", "corticosteroid", "penicillamine"} <= kept
    entry = glossary[glossary.index('id="term-tacrolimus"') :]
    assert "Never stop or skip tacrolimus" in entry[: entry.index("</details>")]


def test_codes_stand_with_their_system_label_and_match(glossary: str) -> None:
    entry = glossary[glossary.index('id="term-ascites"') :]
    entry = entry[: entry.index("</details>")]
    assert "MeSH D001201 (Ascites)" in entry
    assert "ICD-10-CM R18.8" in entry
    assert "HP:0001541" in entry
    assert not re.search(r"(HPO|MONDO|CL|Cell Ontology|Uberon) [A-Z]+:", glossary), "an ontology's code names it already"


def test_in_the_book_the_layers_of_an_entry_are_told_apart(epub: Path, evidence: Evidence) -> None:
    with zipfile.ZipFile(epub) as book:
        chapter = book.read("about/glossary.xhtml").decode()
    assert chapter.count("<strong>For clinicians</strong>") == len(evidence.terms)


def test_the_page_says_that_definitions_are_drafts(html: Path) -> None:
    text = " ".join(read_page(html / "about" / "glossary.html").text.split())
    assert "The definitions are drafts" in text
    assert "They have not yet been reviewed by a clinician" in text


def test_the_data_say_it_too(html: Path, evidence: Evidence) -> None:
    terms = json.loads((html / "data" / "terms.json").read_text("utf-8"))
    assert len(terms) == len(evidence.terms)
    assert {term["review"] for term in terms} == {"drafted, not yet reviewed by a clinician"}
    with (html / "data" / "terms.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == len(terms)
    ascites = next(row for row in rows if row["term"] == "ascites")
    assert json.loads(ascites["codes"])["mesh"] == "D001201"


def cards_of(deck: Path, folder: Path) -> list[tuple[str, list[str]]]:
    """Return guid and fields of each note of a deck."""
    with zipfile.ZipFile(deck) as archive:
        archive.extract("collection.anki2", folder)
    with sqlite3.connect(folder / "collection.anki2") as collection:
        notes = collection.execute("select guid, flds from notes order by id").fetchall()
        (cards,) = collection.execute("select count(*) from cards").fetchone()
    assert cards == 2 * len(notes)
    return [(guid, fields.split("\x1f")) for guid, fields in notes]


def test_the_deck_has_a_note_for_each_term(html: Path, evidence: Evidence, tmp_path: Path) -> None:
    notes = cards_of(html / "data" / "glossary.apkg", tmp_path)
    assert len(notes) == len({guid for guid, _ in notes}) == len(evidence.terms)
    by_name = {fields[0]: fields for _, fields in notes}
    ascites = by_name["ascites"]
    assert ascites[1:3] == [evidence.terms["ascites"].pronunciation, evidence.terms["ascites"].definition_plain]
    assert "not yet reviewed" in ascites[6]


def test_the_same_terms_give_the_same_deck_and_a_changed_one_keeps_its_guid(evidence: Evidence, tmp_path: Path) -> None:
    terms = list(evidence.terms.values())
    one, two, three = (tmp_path / name for name in ("one.apkg", "two.apkg", "three.apkg"))
    write_deck(one, terms, 1_700_000_000)
    write_deck(two, reversed(terms), 1_700_000_000)
    assert one.read_bytes() == two.read_bytes()
    changed = [term.model_copy(update={"definition_plain": "Another <b>meaning</b>."}) for term in terms[:1]]
    write_deck(three, [*changed, *terms[1:]], 1_800_000_000)
    before, after = cards_of(one, tmp_path), cards_of(three, tmp_path)
    assert [guid for guid, _ in before] == [guid for guid, _ in after]
    assert "Another &lt;b&gt;meaning&lt;/b&gt;." in {fields[2] for _, fields in after}


def test_every_file_of_the_deck_is_listed_with_its_checksum(html: Path) -> None:
    package = json.loads((html / "data" / "datapackage.json").read_text("utf-8"))
    deck = next(one for one in package["resources"] if one["path"] == "glossary.apkg")
    assert deck["bytes"] == (html / "data" / "glossary.apkg").stat().st_size
