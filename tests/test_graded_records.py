"""Claims, comparisons and risk pictures as records: every kind of fault is one line that names the place and the cure."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pytest

from hepatica.claim_checks import sentence_of
from hepatica.loading import load_evidence
from tests.conftest import REPO, faults_of, write_files
from tests.samples import GRADED, GRADED_STUDY

CLAIM, COMPARISON, STUDY = GRADED["claims/a.yaml"], GRADED["comparisons/a.yaml"], GRADED["studies/b.yaml"]


@pytest.fixture
def graded(folder: Path) -> Path:
    """A folder of graded evidence without a fault."""
    write_files(folder, GRADED | {"studies/a.yaml": GRADED_STUDY})
    return folder


@dataclass(frozen=True)
class Fault:
    """What to replace in which file, and the place, the words of the fault and of the cure to expect."""

    file: str
    old: str
    new: str
    line: int
    wrong: str
    cure: str


def claim(old: str, new: str, line: int, wrong: str, cure: str) -> Fault:
    return Fault("claims/a.yaml", old, new, line, wrong, cure)


def study(old: str, new: str, line: int, wrong: str, cure: str) -> Fault:
    return Fault("studies/b.yaml", old, new, line, wrong, cure)


def comparison(old: str, new: str, line: int, wrong: str, cure: str) -> Fault:
    return Fault("comparisons/a.yaml", old, new, line, wrong, cure)


FAULTS = {
    # Claims.
    "a wrong certainty word": claim("certainty: low", "certainty: lowish", 4, "'certainty' is 'lowish'", "write one of 'high'"),
    "wording of another level": claim(
        "Donor cells may lower",
        "Donor cells probably lower",
        3,
        "'probably' is the wording of moderate certainty, and this is low",
        "write 'may'",
    ),
    "wording without its level": claim("may lower", "lower", 3, "a sentence of low certainty says 'may'", "reword it"),
    "a rating that does not add up": claim(
        "    - {domain: imprecision, by: 1, reason: Few people died.}\n",
        "",
        4,
        "'low' does not follow: randomised trials start at high, lowered by 1 is moderate",
        "correct the word or the reasons",
    ),
    "an unknown domain": claim(
        "domain: imprecision", "domain: small", 8, "'lowered.1.domain' is 'small'", "write one of 'risk of bias'"
    ),
    "a domain twice": claim(
        "domain: imprecision", "domain: risk of bias", 8, "'risk of bias' stands twice", "with the steps together"
    ),
    "an unknown question": claim(
        "question: deaths", "question: death", 2, "no question 'death' in questions.yaml (did you mean 'deaths'?)", "correct the id"
    ),
    "a missing study": claim(
        "for: [cells2020]", "for: [cells2002]", 12, "no study or fact 'cells2002' (did you mean 'cells2020'?)", "or add the record"
    ),
    "a study for and against": claim(
        "against: [marrow2021]", "against: [cells2020]", 13, "'cells2020' stands under 'for' too", "keep it in one of the two"
    ),
    "a study twice": claim("for: [cells2020]", "for: [cells2020, cells2020]", 12, "'cells2020' stands twice", "keep one"),
    "an unknown part": claim(
        "{cells2020:cells}",
        "{cells2020:cell}",
        3,
        "the record 'cells2020' has no reader's form 'cell'",
        "write one of death-rr, cells",
    ),
    "an unknown record in the sentence": claim(
        "{cells2020:cells}", "{cells2002:cells}", 3, "no record 'cells2002' (did you mean 'cells2020'?)", "correct the id"
    ),
    "a number typed by hand": claim(
        "{cells2020:cells} people", "77 people", 3, "'77' stands in no record that the claim names", "write {record:part}"
    ),
    "no date of search": claim("  searched: 2026-11-23\n", "", 1, "'searched' is missing", "add it"),
    "an unknown kind of outcome": claim(
        "outcome_kind: death", "outcome_kind: deaths", 11, "'outcome_kind' is 'deaths'", "write one of 'death', 'illness or event'"
    ),
    "a claim twice": Fault("claims/b.yaml", "", CLAIM, 1, "the id 'cells-deaths' is taken (", "choose another"),
    # Comparisons.
    "a comparison with an unknown study": comparison(
        "[cells2020, marrow2021]",
        "[cells2020, marow2021]",
        8,
        "no study 'marow2021' in evidence/studies (did you mean",
        "or add the study",
    ),
    "two blocks in one comparison": comparison(
        "marrow2021]",
        "marrow2021, drug2019]",
        8,
        "'drug2019' is G-CSF alone and 'cells2020' is infused cells",
        "make two comparisons",
    ),
    "a study twice in a comparison": comparison("marrow2021]", "marrow2021, cells2020]", 8, "'cells2020' stands twice", "keep one"),
    "a comparison without its plan": comparison("  plan: The stages of illness differ.\n", "", 1, "'plan' is missing", "add it"),
    # Studies and pictures.
    "an unknown illness": study(
        "[decompensated cirrhosis]", "[decompensated]", 4, "'conditions.0' is 'decompensated'", "write one of 'acute liver failure'"
    ),
    "more dead than people": study("treated: 10/40", "treated: 50/40", 15, "'counts.0.treated' is '50/40'", "as 15/56"),
    "counts in words": study("treated: 10/40", "treated: ten of 40", 15, "'counts.0.treated'", "as 15/56"),
    "a result that does not follow": study(
        "result: 10 of 40", "result: 11 of 40", 7, "'11 of 40' in 'result' does not follow from the record", "correct it"
    ),
    "a picture of a part that is not there": study(
        "{part: cells, label", "{part: cell, label", 25, "no reader's form 'cell' (did you mean 'cells'?)", "write one of"
    ),
    "a picture of a form that is no share": study(
        "cells: {text: 25 of 100, derived: 10 of 40}",
        "cells: 10 of 40",
        25,
        "'10 of 40' cannot be drawn",
        "'a of 100' or 'a of 1,000'",
    ),
    "two denominators in one picture": study(
        "{text: 50 of 100,",
        "{text: '500 of 1,000',",
        17,
        "the two groups have different denominators",
        "both of 100 or both of 1,000",
    ),
    "a picture with a year of its own": study(
        'years: "2020"', 'years: "2019"', 21, "'2019' does not follow from the record", "correct it"
    ),
}


@pytest.mark.parametrize("kind", FAULTS)
def test_a_fault_is_one_line_with_place_and_cure(graded: Path, kind: str) -> None:
    fault = FAULTS[kind]
    text = GRADED.get(fault.file, "")
    assert fault.old in text
    write_files(graded, {fault.file: text.replace(fault.old, fault.new, 1) if fault.old else fault.new})
    faults = faults_of(graded)
    assert len(faults) == 1, faults
    assert faults[0].startswith(f"{fault.file}:{fault.line}: "), faults
    assert fault.wrong in faults[0]
    assert fault.cure in faults[0]


def test_good_graded_evidence_is_read_whole(graded: Path) -> None:
    evidence = load_evidence(graded)
    claim = evidence.claims["cells-deaths"]
    said = "Donor cells may lower deaths in cirrhosis; 25 of 100 people died with them and 50 of 100 without."
    assert sentence_of(claim, evidence) == said
    assert claim.named == ["cells2020", "marrow2021", "survival"]
    assert evidence.studies["cells2020"].forms["death-rr"] == "0.50 (0.27 to 0.93)"
    assert evidence.places["claims", "cells-deaths"] == (graded / "claims" / "a.yaml", 1)


def test_studies_that_share_people_are_never_compared_together(graded: Path) -> None:
    shared = STUDY.replace("  design: RCT\n", "  cohort: one-hospital\n  design: RCT\n", 2)
    write_files(graded, {"studies/b.yaml": shared})
    assert faults_of(graded) == [
        "comparisons/a.yaml:8: 'marrow2021' and 'cells2020' share people (cohort 'one-hospital'); keep one of the two"
    ]


def test_an_outcome_that_no_study_counts_is_named_for_each(graded: Path) -> None:
    write_files(graded, {"comparisons/a.yaml": COMPARISON.replace("outcome: death", "outcome: deaths")})
    assert faults_of(graded) == [
        f"comparisons/a.yaml:8: '{name}' has no counts in both arms for the outcome 'deaths' (did you mean 'death'?);"
        " add them or leave it out"
        for name in ("cells2020", "marrow2021")
    ]


def test_somebody_elses_rating_need_not_add_up(graded: Path) -> None:
    write_files(graded, {"claims/a.yaml": CLAIM.replace("  body:", "  rated_by: Cochrane\n  body:").replace("by: 1", "by: 2", 1)})
    assert load_evidence(graded).claims["cells-deaths"].rated_by == "Cochrane"


def test_our_own_claims_are_many_and_each_has_its_search() -> None:
    evidence = load_evidence(REPO / "evidence")
    assert len(evidence.claims) >= 60
    asked = {claim.question for claim in evidence.claims.values()}
    assert asked == set(evidence.questions), "each question has a claim"
    assert all(study.given and study.result for study in evidence.studies.values())
