"""Names of terms: how they are looked up, and how they are found in a text."""

from __future__ import annotations

import pytest

from hepatica.terms import Term, TermNames, key_of, plurals


def term(name: str, **more: object) -> Term:
    words = {"pronunciation": "x", "definition_plain": "x", "definition_clinical": "x", "theme": "body"}
    return Term.model_validate({"term": name, **words, **more})


NAMES = TermNames(
    [
        term("ascites", synonyms=["peritoneal effusion"], lay_synonyms=["swollen belly"]),
        term("biopsy"),
        term("hepatic encephalopathy", abbreviation="HE"),
        term("MELD", synonyms=["Model for End-Stage Liver Disease"]),
        term("MELD 3.0"),
        term("acute-on-chronic liver failure", abbreviation="ACLF"),
        term("liver failure"),
        term("liver", not_linked=["liver"]),
        term("MASLD", former_names=["NAFLD"], brand_names=["Exampla"]),
        term("graft"),
        term("metastasis"),
    ]
)


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ("ascites", "ascites"),
        ("Ascites", "ascites"),
        ("peritoneal effusions", "ascites"),
        ("biopsies", "biopsy"),
        ("metastases", "metastasis"),
        ("he", "hepatic encephalopathy"),
        ("acute on chronic liver failure", "acute-on-chronic liver failure"),
        ("nafld", "MASLD"),
        ("Exampla", "MASLD"),
        ("liver", "liver"),
    ],
)
def test_a_term_is_found_by_each_of_its_names(asked: str, found: str) -> None:
    known = NAMES.find(asked)
    assert known is not None
    assert known.term == found


@pytest.mark.parametrize("asked", ["swollen belly", "ascitis", "", "the liver"])
def test_what_is_no_name_finds_nothing(asked: str) -> None:
    assert NAMES.find(asked) is None


@pytest.mark.parametrize(
    ("text", "linked"),
    [
        ("Fluid (ascites) and biopsies.", ["ascites", "biopsies"]),
        ("He said that HE is common.", ["HE"]),
        ("Acute-on-chronic liver failure is not liver failure.", ["Acute-on-chronic liver failure", "liver failure"]),
        ("acute on chronic\nliver failure", ["acute on chronic\nliver failure"]),
        ("MELD 3.0 and MELD", ["MELD 3.0", "MELD"]),
        ("a non-ascites group, ascites-free", []),
        ("The liver fails. Failure is not the end. Liver. Failure.", []),
        ("A trial called GRAFT", []),
        ("two grafts", ["grafts"]),
        ("ascitesx xascites", []),
        ("NAFLDs", ["NAFLDs"]),
        ("", []),
    ],
)
def test_a_text_is_searched_for_the_longest_names(text: str, linked: list[str]) -> None:
    assert [text[one.start : one.end] for one in NAMES.search(text)] == linked


def test_two_spellings_of_a_name_are_one() -> None:
    assert key_of("King’s College-criteria") == key_of("king's college criteria")


@pytest.mark.parametrize(("word", "plural"), [("donor", "donors"), ("virus", "viruses"), ("day", "days"), ("biopsy", "biopsies")])
def test_a_plural_follows_the_rule(word: str, plural: str) -> None:
    assert plurals(word) == [plural]


def test_an_anchor_stays_as_it_was_published() -> None:
    assert term("Wilson disease").anchor == "term-Wilson-disease"
    assert term("MELD 3.0").anchor == "term-MELD-3.0"
    assert term("King's College Criteria").anchor == "term-King-s-College-Criteria"
