"""The evidence: what is good loads, and every kind of fault is one line that names the place and the cure."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

from hepatica.loading import load_evidence
from hepatica.records import Fact
from tests.conftest import REPO, faults_of, write_files
from tests.samples import BIB, EMERGENCIES, EVIDENCE, FACTS, STUDIES, TERMS


def test_our_own_evidence_loads() -> None:
    evidence = load_evidence(REPO / "evidence")
    counts = {
        "facts": len(evidence.facts),
        "studies": len(evidence.studies),
        "trials": len(evidence.trials),
        "terms": len(evidence.terms),
        "scores": len(evidence.scores),
        "rows of series": sum(len(points) for points in evidence.series.values()),
    }
    least = {"facts": 762, "studies": 141, "trials": 46, "terms": 248, "scores": 13, "rows of series": 914}
    lost = {name: f"{counts[name]}, at least {wanted} were there before" for name, wanted in least.items() if counts[name] < wanted}
    assert not lost


def test_every_citable_record_has_a_file_and_a_source() -> None:
    evidence = load_evidence(REPO / "evidence")
    assert all(evidence.file_of(record).is_file() for record in evidence.citable.values())
    cited = {record.source for record in [*evidence.facts.values(), *evidence.studies.values()]}
    assert cited <= set(evidence.sources)


def test_a_good_record_is_read_whole(folder: Path) -> None:
    evidence = load_evidence(folder)
    fact = evidence.facts["survival"]
    assert isinstance(fact, Fact)
    assert fact.forms == {"value": "86 of 100", "alive": "86 of 100", "dead": "14 of 100"}
    assert evidence.file_of(fact) == folder / "facts" / "a.yaml"
    assert evidence.sources["adam2018"].label == "Adam 2018"
    assert evidence.sources["adam2018"].link == ("https://doi.org/10.1016/j.jhep.2018.01.001", "doi:10.1016/j.jhep.2018.01.001")
    assert evidence.sources["lin2017"].link == ("https://pubmed.ncbi.nlm.nih.gov/28370357/", "PubMed 28370357")
    assert evidence.terms["ascites"] is evidence.term_names.find("water belly")
    assert [(point.year, point.value) for point in evidence.series["transplants"]] == [(2023, 10), (2024, 12)]


def test_two_sources_of_one_author_and_year_are_told_apart(folder: Path) -> None:
    entry = "@misc{adam2018%s,\n author = {Adam, S.},\n title = {Another},\n year = {2018},\n}\n"
    write_files(folder, {"references.bib": BIB + entry % "x" + entry % "y"})
    sources = load_evidence(folder).sources
    assert [sources[key].label for key in ("adam2018", "adam2018x", "adam2018y")] == ["Adam 2018a", "Adam 2018b", "Adam 2018c"]


def test_a_form_may_say_how_it_was_reached(folder: Path) -> None:
    shown = "    weight:\n      text: about 150 g\n      derived: 86 x 1.75\n"
    write_files(folder, {"facts/a.yaml": FACTS.replace("  source:", f"{shown}  source:")})
    assert load_evidence(folder).facts["survival"].forms["weight"] == "about 150 g"


@dataclass(frozen=True)
class Fault:
    """One kind of fault: the files that have it, and the place, the words of the fault and of the cure to expect."""

    files: dict[str, str | bytes]
    place: str
    wrong: str
    cure: str


def fact(**changes: str | None) -> dict[str, str | bytes]:
    """Return the facts with some lines changed: ``source="x"`` replaces the line of ``source``, None removes it."""
    lines = FACTS.splitlines()
    for key, value in changes.items():
        number = next(number for number, line in enumerate(lines) if line.lstrip(" -").startswith(f"{key}:"))
        indent = lines[number][: lines[number].index(key)]
        lines[number : number + 1] = [] if value is None else [f"{indent}{key}: {value}"]
    return {"facts/a.yaml": "\n".join(lines) + "\n"}


def bib(entry: str) -> dict[str, str | bytes]:
    """Return the sources with one more entry, which begins on line 17."""
    return {"references.bib": f"{BIB}\n{entry}\n"}


def series(*rows: str, header: str = "series,year,value,unit,source") -> dict[str, str | bytes]:
    """Return a series of these rows, the first on line 2."""
    return {"series/a.csv": "\n".join([header, *rows]) + "\n"}


ROW = "transplants,2023,10,transplants,adam2018"

FAULTS = {
    # Files and YAML.
    "bad YAML": Fault({"facts/a.yaml": FACTS + "  unit: a: b\n"}, "facts/a.yaml:12", "not valid YAML", "in quotes"),
    "a quote without an end": Fault(fact(unit="'% alive"), "facts/a.yaml:11", "not valid YAML", "quotes"),
    "a tab": Fault({"facts/a.yaml": FACTS + "\tunit: x\n"}, "facts/a.yaml:12", "not valid YAML", "use spaces, not tabs"),
    "a key twice": Fault({"facts/a.yaml": FACTS + "  value: 87\n"}, "facts/a.yaml:12", "the key 'value' stands twice", "keep one"),
    "an empty file": Fault({"facts/b.yaml": "# nothing\n"}, "facts/b.yaml:1", "the file is empty", "add a record or delete it"),
    "not a list": Fault({"facts/b.yaml": "id: b\n"}, "facts/b.yaml:1", "must be a list", "begin each with '- id:'"),
    "not a record": Fault(
        {"facts/a.yaml": FACTS + "- survival\n"}, "facts/a.yaml:12", "this is not a record", "write 'key: value'"
    ),
    "another encoding": Fault(
        {"facts/a.yaml": FACTS.replace("people", "Müller").encode("latin-1")}, "facts/a.yaml:3", "not UTF-8", "save the file again"
    ),
    "a character that does not print": Fault(
        {"facts/a.yaml": FACTS.replace("people", "peo\x07ple")}, "facts/a.yaml:1", "not valid YAML", "characters that do not print"
    ),
    # Keys and values.
    "an unknown key": Fault(
        {"facts/a.yaml": FACTS + "  popualtion: adults\n"},
        "facts/a.yaml:12",
        "unknown key 'popualtion' (did you mean 'population'?)",
        "remove it or correct its name",
    ),
    "a missing key": Fault(fact(topic=None), "facts/a.yaml:1", "'topic' is missing", "add it"),
    "a missing source": Fault(fact(source=None), "facts/a.yaml:1", "'source' is missing", "add it"),
    "an empty text": Fault(fact(statement="''"), "facts/a.yaml:3", "'statement' is empty", "fill it in or remove the key"),
    "a number for a text": Fault(fact(topic="12"), "facts/a.yaml:2", "'topic' is 12", "write text"),
    "a text for a year": Fault(
        {"facts/a.yaml": FACTS + "  year: '2018'\n"}, "facts/a.yaml:12", "'year' is '2018'", "write a whole number"
    ),
    "a list for a value": Fault(fact(value="[86]"), "facts/a.yaml:4", "'value' is [86]", "write a number, or text in quotes"),
    "a value without parts": Fault(fact(value="{}"), "facts/a.yaml:4", "'value' is {}", "write 'part: number' lines"),
    "a list that is no list": Fault(
        {"facts/a.yaml": FACTS + "  read_at: https://x.org\n"}, "facts/a.yaml:12", "'read_at' is 'https://x.org'", "write a list"
    ),
    "an unknown level": Fault(
        fact(verification_level="skimmed"),
        "facts/a.yaml:10",
        "'verification_level' is 'skimmed'",
        "write one of 'full-text', 'abstract'",
    ),
    "an unknown design": Fault(
        {"studies/a.yaml": STUDIES.replace("RCT", "trial")}, "studies/a.yaml:4", "'design' is 'trial'", "write one of 'RCT'"
    ),
    "a month in words": Fault(fact(read_on="November 2026"), "facts/a.yaml:11", "'read_on' is 'November 2026'", "as YYYY-MM"),
    "a date in quotes": Fault(
        {"facts/a.yaml": FACTS + "  checked: '2026-11-23'\n"}, "facts/a.yaml:12", "'checked' is '2026-11-23'", "without quotes"
    ),
    "an id with a space": Fault(fact(id="one year"), "facts/a.yaml:1", "the id 'one year' may hold only letters", "rename it"),
    "an id twice, in two files": Fault({"facts/b.yaml": FACTS}, "facts/b.yaml:1", "the id 'survival' is taken (", "choose another"),
    "a fact with the id of a study": Fault(fact(id="lin2017"), "studies/a.yaml:1", "the id 'lin2017' is taken", "choose another"),
    # What a record says.
    "an unknown source": Fault(
        fact(source="adam2081"),
        "facts/a.yaml:9",
        "no source 'adam2081' in references.bib (did you mean 'adam2018'?)",
        "correct the key or add the entry",
    ),
    "a shown number that does not follow": Fault(
        {"facts/a.yaml": FACTS.replace("14 of 100", "16 of 100")},
        "facts/a.yaml:8",
        "'16 of 100' in 'shown.dead' does not follow from the record",
        "or write 'text:' and 'derived:'",
    ),
    "a form without how it was reached": Fault(
        {"facts/a.yaml": FACTS.replace("dead: 14 of 100", "dead: {text: 14 of 100}")},
        "facts/a.yaml:8",
        "'shown.dead'",
        "'text:' and 'derived:'",
    ),
    "arms that are more than the whole": Fault(
        {"studies/a.yaml": STUDIES.replace("n_control: 54", "n_control: 55")},
        "studies/a.yaml:5",
        "'n_treated' 56 and 'n_control' 55 are more than 'n_total' 110",
        "correct one",
    ),
    "fewer than nobody": Fault(
        {"studies/a.yaml": STUDIES.replace("n_control: 54", "n_control: -4")},
        "studies/a.yaml:7",
        "'n_control'",
        "greater than or equal to 0",
    ),
    # Terms.
    "a name of two terms": Fault(
        {"terms/a.yaml": TERMS.replace("si-ROH-sis", "si-ROH-sis\n  synonyms: [Water belly]")},
        "terms/a.yaml:11",
        "'Water belly' is a name of 'ascites' too",
        "keep it in one of the two",
    ),
    "a synonym twice": Fault(
        {"terms/a.yaml": TERMS.replace("[water belly]", "[water belly, Water-Belly]")},
        "terms/a.yaml:3",
        "'Water-Belly' stands twice",
        "keep one",
    ),
    "a lay word that is a name already": Fault(
        {"terms/a.yaml": TERMS.replace("[water belly]", "[water belly]\n  lay_synonyms: [big belly, ascites]")},
        "terms/a.yaml:4",
        "'ascites' stands twice",
        "keep one",
    ),
    "a term without a plain definition": Fault(
        {"terms/a.yaml": TERMS.replace("  definition_plain: Fluid in the belly.\n", "")},
        "terms/a.yaml:1",
        "'definition_plain' is missing",
        "add it",
    ),
    "a term with an empty plain definition": Fault(
        {"terms/a.yaml": TERMS.replace("Fluid in the belly.", "''")}, "terms/a.yaml:5", "'definition_plain' is empty", "fill it in"
    ),
    "a term of no theme": Fault(
        {"terms/a.yaml": TERMS.replace("theme: illnesses", "theme: illness")},
        "terms/a.yaml:9",
        "'theme' is 'illness'",
        "write one of 'body', 'illnesses'",
    ),
    "a danger without what to do": Fault(
        {"terms/a.yaml": TERMS.replace("theme: illnesses", "theme: illnesses\n  danger: true")},
        "terms/a.yaml:8",
        "the term names a danger and has no 'what_to_do'",
        "add it, with the records that it rests on",
    ),
    "a definition that speaks of an emergency": Fault(
        {"terms/a.yaml": TERMS.replace("Fluid in the belly.", "Fluid in the belly. With fever it is an emergency.")},
        "terms/a.yaml:1",
        "the term names a danger and has no 'what_to_do'",
        "add it",
    ),
    "what to do without a record": Fault(
        {"terms/a.yaml": TERMS.replace("theme: illnesses", "theme: illnesses\n  danger: true\n  what_to_do: Call.")},
        "terms/a.yaml:8",
        "rest on a record",
        "name it in 'rests_on'",
    ),
    "what to do that rests on an unknown record": Fault(
        {
            "terms/a.yaml": TERMS.replace(
                "theme: illnesses", "theme: illnesses\n  danger: true\n  what_to_do: Call.\n  rests_on: [survivl]"
            )
        },
        "terms/a.yaml:12",
        "no record 'survivl' (did you mean 'survival'?)",
        "correct the id or add the record",
    ),
    "a medicine that must not be stopped": Fault(
        {"terms/a.yaml": TERMS.replace("Scars in the liver.", "A tablet. Do not stop it without your team.")},
        "terms/a.yaml:11",
        "this medicine must not be stopped",
        "say so in 'do_not_stop'",
    ),
    "a name not to link that is no name": Fault(
        {"terms/a.yaml": TERMS.replace("[water belly]", "[water belly]\n  not_linked: [water bely]")},
        "terms/a.yaml:4",
        "'water bely' is no name of this term (did you mean 'water belly'?)",
        "write it as it stands there",
    ),
    "a code's label without the code": Fault(
        {"terms/a.yaml": TERMS.replace("[water belly]", "[water belly]\n  code_labels: {mesh: Ascites}")},
        "terms/a.yaml:4",
        "'code_labels' has 'mesh', for which 'codes' has no code",
        "add the code or remove the line",
    ),
    "a term that sees itself": Fault(
        {"terms/a.yaml": TERMS.replace("[cirrhosis]", "[ascites]")}, "terms/a.yaml:7", "names the term itself", "remove it"
    ),
    "a term twice": Fault(
        {"terms/b.yaml": TERMS.replace("cirrhosis", "fibrosis")}, "terms/b.yaml:1", "'ascites' is taken", "choose another"
    ),
    "a see_also without a term": Fault(
        {"terms/a.yaml": TERMS.replace("[cirrhosis]", "[cirrosis]")},
        "terms/a.yaml:7",
        "see_also names 'cirrosis', which is no term (did you mean 'cirrhosis'?)",
        "correct or remove it",
    ),
    # Words of the search.
    "an emergency that rests on nothing known": Fault(
        {"search/emergencies.yaml": EMERGENCIES.replace("[survival]", "[survivl]")},
        "search/emergencies.yaml:5",
        "no record 'survivl' (did you mean 'survival'?)",
        "correct the id or add the record",
    ),
    "an emergency with a phrase twice": Fault(
        {"search/emergencies.yaml": EMERGENCIES.replace("[vomiting blood]", "[vomiting blood, Vomiting blood]")},
        "search/emergencies.yaml:6",
        "'Vomiting blood' stands twice",
        "keep one",
    ),
    "an emergency of no level": Fault(
        {"search/emergencies.yaml": EMERGENCIES.replace("level: call", "level: run")},
        "search/emergencies.yaml:3",
        "'level' is 'run'",
        "write one of 'call', 'hospital' or 'ring'",
    ),
    "a group of one word": Fault(
        {"search/word-groups.yaml": "- words: [belly]\n  strength: same\n"}, "search/word-groups.yaml:1", "'words'", "at least 2"
    ),
    "a word twice in its group": Fault(
        {"search/word-groups.yaml": "- words: [belly, tummy, Belly]\n  strength: same\n"},
        "search/word-groups.yaml:1",
        "'Belly' stands twice",
        "keep one",
    ),
    "a question for a meaning without its place": Fault(
        {"search/question-words.yaml": "- id: meaning\n  words: [what is …, define]\n"},
        "search/question-words.yaml:2",
        "'define' needs one '…'",
        "add it",
    ),
    # Series.
    "a series with another header": Fault(
        series(ROW, header="series,year,number,unit,source"),
        "series/a.csv:1",
        "the first line must be 'series,year,value,unit,source'",
        "correct it",
    ),
    "a series with a text for a number": Fault(
        series(ROW, "transplants,2024,ten,transplants,adam2018"),
        "series/a.csv:3",
        "'2024' and 'ten' must both be numbers",
        "correct them",
    ),
    "a series with an unknown source": Fault(
        series("transplants,2023,10,transplants,adam2019"),
        "series/a.csv:2",
        "no source 'adam2019' in references.bib (did you mean 'adam2018'?)",
        "correct the key",
    ),
    "a series with a year twice": Fault(
        series(ROW, ROW.replace("10", "12")), "series/a.csv:3", "transplants has 2023 already (line 2)", "keep one of the two"
    ),
    "a series with a comma in a number": Fault(
        series("transplants,2023,10,660,transplants,adam2018"),
        "series/a.csv:2",
        "this line has not five values",
        "check the commas",
    ),
    "a series with a line cut short": Fault(
        series(ROW, "transplants,2024,12"), "series/a.csv:3", "this line has not five values", "check the commas"
    ),
    # Sources.
    "a source twice": Fault(
        bib("@misc{lin2017,\n title = {X},\n}"),
        "references.bib:17",
        "the source 'lin2017' stands twice (line 9)",
        "merge the two entries",
    ),
    "a source without an end": Fault(bib("@misc{x,\n  title = {Open\n"), "references.bib:18", "not valid BibTeX", "check braces"),
    "a source without a title": Fault(
        bib("@misc{x,\n year = {2018},\n}"), "references.bib:17", "the source 'x' has no title", "add it"
    ),
    "a DOI as a link": Fault(
        bib("@misc{x,\n title = {X},\n doi = {https://doi.org/10.1000/x},\n}"),
        "references.bib:17",
        "is not a DOI",
        "write it as 10.1234/abc",
    ),
    "a PubMed id with letters": Fault(
        bib("@misc{x,\n title = {X},\n pmid = {PMC123},\n}"),
        "references.bib:17",
        "'PMC123' is not a PubMed id",
        "write its digits only",
    ),
    "a link to a copy": Fault(
        bib("@misc{x,\n title = {X},\n url = {https://cdn.mirror.example/x.pdf},\n}"),
        "references.bib:17",
        "'cdn.mirror.example' is a copy or a seller",
        "link the DOI",
    ),
    "a link to a bare number": Fault(
        bib("@misc{x,\n title = {X},\n url = {http://10.0.0.1/x.pdf},\n}"),
        "references.bib:17",
        "'10.0.0.1' is a copy",
        "link the DOI",
    ),
    "a link that is none": Fault(
        bib("@misc{x,\n title = {X},\n url = {javascript:alert(1)},\n}"),
        "references.bib:17",
        "is not a web address",
        "begin it with https://",
    ),
    "one DOI in two sources": Fault(
        bib("@misc{x,\n title = {X},\n doi = {10.1016/J.JHEP.2018.01.001},\n}"),
        "references.bib:17",
        "'x' has the doi of 'adam2018'",
        "merge the two entries",
    ),
    "one PubMed id in two sources": Fault(
        bib("@misc{x,\n title = {X},\n pmid = {28370357},\n}"),
        "references.bib:17",
        "'x' has the pmid of 'lin2017'",
        "merge the two entries",
    ),
}


@pytest.mark.parametrize("kind", FAULTS)
def test_a_fault_is_one_line_with_place_and_cure(folder: Path, kind: str) -> None:
    fault = FAULTS[kind]
    write_files(folder, fault.files)
    faults = faults_of(folder)
    assert len(faults) == 1, "one fault is one line"
    assert faults[0].startswith(f"{fault.place}: "), faults
    assert fault.wrong in faults[0]
    assert fault.cure in faults[0]


def test_a_folder_without_sources_says_only_so(folder: Path) -> None:
    (folder / "references.bib").unlink()
    assert faults_of(folder) == ["references.bib:1: the list of sources is missing; restore it from git"]


def test_an_empty_list_of_sources_leaves_every_record_without_its_own(folder: Path) -> None:
    write_files(folder, {"references.bib": ""})
    places = [line.split(": ")[0] for line in faults_of(folder)]
    assert places == ["facts/a.yaml:9", "series/a.csv:2", "series/a.csv:3", "studies/a.yaml:2"]


def test_every_source_that_stands_twice_is_named(folder: Path) -> None:
    write_files(folder, {"references.bib": BIB + BIB})
    assert [line.split(": ")[0] for line in faults_of(folder)] == ["references.bib:16", "references.bib:24"]


def test_all_faults_are_reported_at_once_in_order(folder: Path) -> None:
    files: dict[str, str | bytes] = {}
    for kind in (
        "an unknown source",
        "a series with a year twice",
        "a see_also without a term",
        "a DOI as a link",
        "an unknown design",
    ):
        files |= FAULTS[kind].files
    files["facts/b.yaml"] = ""
    # A record that cannot be read whole says only that; the same file's second record is checked all the same.
    first = FACTS.replace("topic: transplant", "topic: 12").replace("86 of 100", "87 of 100")
    second = FACTS.replace("survival", "second").replace("14 of 100", "15 of 100").replace("adam2018", "adam1")
    files["facts/a.yaml"] = first + second
    write_files(folder, files)
    places = [line.split(": ")[0] for line in faults_of(folder)]
    assert places == [
        "facts/a.yaml:2",
        "facts/a.yaml:19",
        "facts/a.yaml:20",
        "facts/b.yaml:1",
        "references.bib:17",
        "series/a.csv:3",
        "studies/a.yaml:4",
        "terms/a.yaml:7",
    ]


def test_the_build_prints_faults_and_no_traceback(tmp_path: Path) -> None:
    write_files(tmp_path / "evidence", EVIDENCE | FAULTS["an unknown source"].files | FAULTS["a DOI as a link"].files)
    command = [sys.executable, "-m", "hepatica.build", "--root", str(tmp_path)]
    done = subprocess.run(command, cwd=REPO, capture_output=True, text=True, check=False, timeout=60)
    assert done.returncode == 1
    assert "Traceback" not in done.stderr + done.stdout
    lines = done.stderr.splitlines()
    assert [line.replace(f"{tmp_path}/evidence/", "").split(": ")[0] for line in lines[:2]] == [
        "facts/a.yaml:9",
        "references.bib:17",
    ]
    assert lines[-1] == "2 faults: nothing was built. The last good output is where it was."
    assert not (tmp_path / "build").exists()
