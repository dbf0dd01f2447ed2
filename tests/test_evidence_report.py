"""The work list of the evidence: what it finds, and what it asks Crossref and PubMed.

The registers' answers are made in the form that both document (https://api.crossref.org/swagger-ui/, E-utilities' ESummary),
since recorded ones of papers would be somebody else's data.
"""

from __future__ import annotations

import datetime
import json
import re
from collections.abc import Iterator, Mapping
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from typing import Any, ClassVar
from urllib.parse import parse_qs, unquote, urlsplit

import pytest

from hepatica import evidence_report
from hepatica.loading import load_evidence
from tests.conftest import REPO, serving, write_files
from tests.samples import BIB, EMERGENCIES, EVIDENCE, FACTS, GRADED, GRADED_STUDY, STUDIES

TODAY = "2026-11-25"


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A folder with graded evidence and a page that uses it."""
    write_files(tmp_path / "evidence", EVIDENCE | GRADED | {"studies/a.yaml": GRADED_STUDY})
    text = ":::{claim} cells-deaths\n:::\n{fact}`survival` {study}`lin2017`\n:::{studies}\ndrug2019\n:::\n"
    write_files(tmp_path / "docs", {"page.md": text})
    return tmp_path


def report(root: Path, capsys: pytest.CaptureFixture[str], *options: str) -> str:
    """Run the report and return what it prints, with paths from the folder."""
    code = evidence_report.main(["--root", str(root), "--today", TODAY, "--all", *options])
    printed = capsys.readouterr()
    assert code == 0
    return (printed.out + printed.err).replace(f"{root}/", "")


def write(root: Path, files: Mapping[str, str | bytes]) -> None:
    """Write files of evidence."""
    write_files(root / "evidence", files)


def fact(name: str, **changes: str) -> str:
    """Return the common fact under another id, with some of its words changed: ``unit="x"`` in the place of its line."""
    text = FACTS.replace("- id: survival", f"- id: {name}")
    for key, value in changes.items():
        text = re.sub(rf"^  {key}: .*$", f"  {key}: {value}", text, flags=re.MULTILINE)
    return text


# --- Without a network ------------------------------------------------------------------------------------------------------------


def test_good_evidence_has_only_what_nobody_looked_up_again(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    text = report(root, capsys)
    for title in ("Numbers that disagree: 0", "Duplicates: 0", "Records in use that were read only second-hand: 0"):
        assert title in text
    assert "evidence/facts/a.yaml:1: 'survival' is in use, and nobody has looked it up again; do, and set 'checked'" in text


ADAM_AGAIN = """
@article{adam2018z,
  author = {Adam, R. and others},
  title = {{Annual report of a registry}},
  journal = {{J Hepatol}},
  year = {2018},
}
"""


def test_a_source_twice_and_a_fact_twice_are_found(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    again = fact("survival-again", statement="In a registry 86% of people were alive after 1 year.")
    write(root, {"facts/b.yaml": again, "references.bib": BIB + ADAM_AGAIN})
    text = report(root, capsys)
    assert "evidence/references.bib:17: 'adam2018z' has title and year of 'adam2018'; merge them if they are one" in text
    assert "evidence/facts/b.yaml:1: 'survival-again' says nearly the same as 'survival'; keep one" in text
    assert "evidence/references.bib:17: nothing names the source 'adam2018z'; use it or delete it" in text
    assert "evidence/facts/b.yaml:1: no page or claim uses the fact 'survival-again'; it waits for one" in text


@pytest.mark.parametrize(
    ("searched", "told"),
    [
        ("2025-10-01", "'cells-deaths' was searched on 2025-10-01; search again"),
        (
            "2026-11-01",
            "the newest study of 'cells-deaths' is of 2018, its search of 2026-11-01: look whether",
        ),
    ],
)
def test_an_old_search_is_found(root: Path, capsys: pytest.CaptureFixture[str], searched: str, told: str) -> None:
    write(root, {"claims/a.yaml": GRADED["claims/a.yaml"].replace("2026-11-23", searched)})
    assert f"evidence/claims/a.yaml:1: {told}" in report(root, capsys)


def test_a_study_newer_than_the_search_is_found(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write(root, {"references.bib": BIB.replace("year = {2018}", "year = {2027}")})
    assert "'cells-deaths' names a study of 2027, and was searched before, on 2026-11-23" in report(root, capsys)


def test_old_numbers_and_old_readings_are_found(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write(root, {"facts/a.yaml": FACTS.replace("  unit:", "  year: 2012\n  unit:")})
    assert "the number of 'survival' is of 2012; look for a newer one, or say its age" in report(root, capsys)
    write(root, {"facts/a.yaml": FACTS.replace("read_on: '2026-11'", "read_on: '2024-01'")})
    assert "'survival' was last read in 2024-01; look it up again" in report(root, capsys)


def test_what_was_read_second_hand_is_found(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write(root, {"facts/a.yaml": FACTS.replace("level: abstract", "level: secondary")})
    assert "'survival' was read only in a document that quotes it; read the source itself" in report(root, capsys)


def test_what_advice_rests_on_is_in_use(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write(root, {"facts/b.yaml": fact("call")})
    assert "no page or claim uses the fact 'call'" in report(root, capsys)
    write(root, {"search/emergencies.yaml": EMERGENCIES.replace("[survival]", "[call]")})
    assert "no page or claim uses the fact 'call'" not in report(root, capsys)


def test_numbers_that_disagree_are_found(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    one = fact("survival", value="{alive: 86}", statement="In another registry, 86% lived and 14% did not.")
    other = fact("again", value="{alive: 90}", alive="90 of 100", dead="10 of 100")
    size = fact("size", source="lin2017", statement="Of 112 people 86% were alive, and 14% were not.")
    write(
        root,
        {
            "facts/a.yaml": one,
            "facts/b.yaml": other.replace("    alive: 86 of 100\n    dead: 14 of 100\n", "    lived: 90 of 100\n"),
        },
    )
    write(root, {"facts/c.yaml": size})
    text = report(root, capsys)
    assert "'alive' is 90 in 'again' and 86 in 'survival', of one source and population; correct one, or say" in text
    assert "'size' counts 112 people, the study 'lin2017' 110; say which part it is" in text


def test_long_lists_are_cut_and_say_so(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write(root, {"facts/b.yaml": "".join(fact(f"fact{number}") for number in range(20))})
    code = evidence_report.main(["--root", str(root), "--today", TODAY])
    assert code == 0
    assert "more: add --all" in capsys.readouterr().out


def test_our_own_evidence_has_no_duplicate_fact() -> None:
    base = evidence_report.load_base(load_evidence(REPO / "evidence"), REPO / "docs", datetime.date(2026, 11, 25))
    assert [str(finding) for finding in evidence_report.find_duplicates(base) if "says nearly the same" in finding.message] == []


# --- With the registers -----------------------------------------------------------------------------------------------------------

ADAM = {
    "message": {
        "DOI": "10.1016/j.jhep.2018.01.001",
        "title": ["Annual report of a registry: <i>the</i> tenth"],
        "author": [{"given": "Rene", "family": "Adam", "sequence": "first"}],
        "issued": {"date-parts": [[2018, 4]]},
        "published-online": {"date-parts": [[2017, 12]]},
    }
}
LIN = {
    "uid": "28370357",
    "title": "Allogeneic cells.",
    "pubdate": "2017 Jul",
    "epubdate": "",
    "authors": [{"name": "Lin B"}],
    "pubtype": ["Journal Article"],
}


class Registers(BaseHTTPRequestHandler):
    """Answers as Crossref and PubMed do."""

    works: ClassVar[dict[str, Any]] = {}
    summaries: ClassVar[dict[str, Any]] = {}
    asked: ClassVar[list[str]] = []

    def do_GET(self) -> None:
        address = urlsplit(self.path)
        type(self).asked.append(self.headers["User-Agent"])
        if address.path.startswith("/works/"):
            found = self.works.get(unquote(address.path.removeprefix("/works/")))
        else:
            ids = parse_qs(address.query)["id"][0].split(",")
            known = {one: self.summaries.get(one, {"uid": one, "error": "cannot get document summary"}) for one in ids}
            found = {"result": {"uids": ids, **known}}
        body = json.dumps(found or {}).encode()
        self.send_response(200 if found else 404)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_arguments: object) -> None:
        """Print no line for each request."""


@pytest.fixture
def registers() -> Iterator[str]:
    """The address of both registers."""
    Registers.works, Registers.summaries, Registers.asked = {"10.1016/j.jhep.2018.01.001": ADAM}, {"28370357": LIN}, []
    with serving(Registers) as address:
        yield address


def ask(root: Path, capsys: pytest.CaptureFixture[str], address: str) -> str:
    return report(root, capsys, "--online", "--crossref", address, "--pubmed", address, "--pause", "0")


def test_registers_that_agree_say_nothing(root: Path, capsys: pytest.CaptureFixture[str], registers: str) -> None:
    text = ask(root, capsys, registers)
    assert "Retracted, say Crossref or PubMed: 0" in text
    assert "Crossref or PubMed say otherwise: 0" in text
    assert "Crossref: 1 of 1 sources" in text, "it shows how far it is"
    assert "PubMed: 1 of 1 sources" in text
    assert all("Hepatica" in name for name in Registers.asked), "it says who asks"


def test_what_differs_is_named(root: Path, capsys: pytest.CaptureFixture[str], registers: str) -> None:
    told = {"title": ["Another paper"], "author": [{"family": "Smith"}], "issued": {"date-parts": [[2011]]}}
    other = ADAM["message"] | told | {"published-online": None}
    Registers.works = {"10.1016/j.jhep.2018.01.001": {"message": other}}
    Registers.summaries = {}
    text = ask(root, capsys, registers)
    assert "evidence/references.bib:1: the title is 'Annual report of a registry', Crossref has 'Another paper'" in text
    assert "evidence/references.bib:1: the year is 2018, Crossref has 2011; correct it" in text
    assert "evidence/references.bib:1: the first author is 'Adam', Crossref has 'Smith'; correct it" in text
    assert "evidence/references.bib:9: PubMed does not know '28370357'; correct it" in text


def test_an_unknown_doi_is_named(root: Path, capsys: pytest.CaptureFixture[str], registers: str) -> None:
    Registers.works = {}
    assert "evidence/references.bib:1: Crossref does not know '10.1016/j.jhep.2018.01.001'; correct it" in ask(
        root, capsys, registers
    )


def test_a_retraction_comes_first_in_both(root: Path, capsys: pytest.CaptureFixture[str], registers: str) -> None:
    notice = {"DOI": "10.1016/j.jhep.2020.9", "type": "retraction", "updated": {"date-parts": [[2020, 1, 1]]}}
    correction = {"DOI": "10.1016/j.jhep.2019.9", "type": "correction", "updated": {"date-parts": [[2019, 1, 1]]}}
    Registers.works = {"10.1016/j.jhep.2018.01.001": {"message": ADAM["message"] | {"updated-by": [correction, notice]}}}
    Registers.summaries = {"28370357": LIN | {"pubtype": ["Journal Article", "Retracted Publication"]}}
    text = ask(root, capsys, registers)
    assert "Retracted, say Crossref or PubMed: 2" in text
    assert "evidence/references.bib:1: RETRACTED, says Crossref (10.1016/j.jhep.2020.9): take it out of every claim" in text
    assert "evidence/references.bib:9: RETRACTED, says PubMed (PubMed marks it so): take it out" in text
    Registers.works = {"10.1016/j.jhep.2018.01.001": {"message": ADAM["message"] | {"updated-by": [correction]}}}
    Registers.summaries = {"28370357": LIN}
    assert "Retracted, say Crossref or PubMed: 0" in ask(root, capsys, registers), "a correction is no retraction"


def test_without_a_network_one_line_says_so(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    text = ask(root, capsys, "http://127.0.0.1:9")
    assert (
        "Not finished: Crossref (http://127.0.0.1:9) gives no answer (ConnectionError); check the network, or run the check without"
        in text
    )
    assert "Traceback" not in text
    assert "Numbers that disagree: 0" in text, "what needs no network was done"


def test_faulty_evidence_is_said_before_anything(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write(root, {"studies/a.yaml": STUDIES.replace("RCT", "trial")})
    assert evidence_report.main(["--root", str(root)]) == 1
    assert "'design' is 'trial'" in capsys.readouterr().out
