"""The components of the evidence in a built site and book: what a reader sees, and a writer's mistakes."""

from __future__ import annotations

import csv
import hashlib
import json
import re
import zipfile
from collections.abc import Callable
from pathlib import Path
from xml.etree import ElementTree as ET

import jsonschema  # type: ignore[import-untyped]
import pytest

from hepatica.loading import load_evidence
from hepatica.open_data import KINDS, WORKING_NOTES, Kind
from tests.conftest import TinySite, assert_stopped, new_site
from tests.pages import read_page
from tests.samples import GRADED, GRADED_PAGE, graded_files, page

MakeSite = Callable[..., TinySite]


@pytest.fixture(scope="module")
def shown(tmp_path_factory: pytest.TempPathFactory) -> TinySite:
    """A built site that shows each component once."""
    site = new_site(tmp_path_factory.mktemp("graded").resolve() / "site", graded_files())
    site.build_whole()
    return site


def words(text: str) -> str:
    """Return the words of some HTML, without its markup and without what stands in drawings."""
    return " ".join(re.sub(r"<[^>]+>", " ", re.sub(r"<svg.*?</svg>", " ", text, flags=re.DOTALL)).split())


def part(text: str, start: str, tag: str) -> str:
    """Return the element that begins with ``start``; ``tag`` is its name."""
    begin = text.index(start)
    depth, at = 0, begin
    for found in re.finditer(rf"<(/?){tag}\b", text[begin:]):
        depth += -1 if found[1] else 1
        at = begin + found.end()
        if depth == 0:
            break
    return text[begin:at]


# --- What a reader sees -------------------------------------------------------------------------------------------------------


def test_a_claim_says_how_sure_it_is_and_why_not_surer(shown: TinySite) -> None:
    card = part(shown.page_text(), '<article class="hep-claim" id="claim-cells-deaths">', "article")
    text = words(card)
    assert "Low certainty Donor cells may lower deaths in cirrhosis; 25 of 100 people died" in text
    assert "<strong>may lower</strong>" in card
    assert "We are not very sure" in text
    assert "Deaths by 24 weeks (whether people live)" in text
    assert "1 for, 1 against; 140 people" in text
    assert "For randomised trials the rating starts at high. Risk of bias (one step down): People knew who got cells." in text
    assert "Searched up to 23 November 2026, for: cells; cirrhosis." in text
    assert "Lin 2017 (RCT, 80 people, Spain; abstract, table or record read): 10 of 40 died with cells" in text
    assert 'href="about/studies.html#study-cells2020"' in card
    assert re.findall(r"<summary>(.*?)</summary>", card) == ["Why not surer?", "The 3 studies and records"]


def test_the_list_at_the_end_leads_to_the_card(shown: TinySite) -> None:
    listed = part(shown.page_text(), '<div class="hep-claims">', "div")
    assert 'href="#claim-cells-deaths"' in listed
    assert "<details" not in listed, "what has a card is not told again"


def test_the_map_leads_to_the_page_that_uses_a_claim(shown: TinySite) -> None:
    text = shown.page_text("about/evidence-map.html")
    assert "Do cells help people live longer?" in text
    assert 'href="../page.html#claim-cells-deaths"' in text
    assert "1 claim: 0 high, 0 moderate, 1 low, 0 very low." in words(text)


def test_each_study_has_its_address_with_the_whole_record(shown: TinySite) -> None:
    record = part(shown.page_text("about/studies.html"), '<section class="hep-record" id="study-cells2020">', "section")
    text = words(record)
    for told in (
        "Donor cells into a vein",
        "80 (40 treated, 40 in comparison)",
        "high. Not blinded",
        "Note: Read in 2020.",
        "Spain",
    ):
        assert told in text
    assert "Death, 24 weeks: 10 of 40 against 20 of 40; risk ratio 0.50 (0.27 to 0.93), computed by us. Basis: stated." in text
    assert 'href="evidence-map.html#map-cells-deaths"' in record
    assert "For: Donor cells may lower" in text


def test_a_forest_plot_is_a_table_that_says_what_it_draws(shown: TinySite) -> None:
    plot = part(shown.page_text(), '<div class="hep-figure hep-forest-plot">', "div")
    text = words(plot)
    assert "10 of 40" in text
    assert "20 of 40" in text
    assert "0.50 0.27 to 0.93" in text
    assert "1.00 0.36 to 2.75" in text
    assert "computed by Hepatica from the counts shown, on 25 November 2026; not published figures." in text
    assert "Not pooled: The stages of illness differ." in text
    assert "together" not in text
    assert plot.count('class="hep-plot"') == 2


def test_a_pooled_line_stands_where_the_plan_says_so(graded_site: MakeSite) -> None:
    pooled = GRADED["comparisons/a.yaml"].replace("pooled: false", "pooled: true")
    site = graded_site({"evidence/comparisons/a.yaml": pooled})
    site.build_whole()
    text = words(part(site.page_text(), '<div class="hep-figure hep-forest-plot">', "div"))
    assert "Both together With cells 16 of 70 Without 26 of 70 0.63 0.33 to 1.19" in text
    assert "Pooled by inverse variance with random effects (DerSimonian and Laird)" in text
    assert "weight 67%" in text


def test_a_risk_picture_says_both_sides_and_where_it_is_from(shown: TinySite) -> None:
    picture = part(shown.page_text(), '<div class="hep-figure hep-risk">', "div")
    text = words(picture)
    assert "100 people with cirrhosis, after 24 weeks" in text
    assert "had died: 25 of 100 with cells, 50 of 100 without" in text
    assert "were alive: 75 of 100 with cells, 50 of 100 without" in text
    assert "Spain, 2020. Lin 2017, abstract, table or record read. A number for a group is not a forecast for you." in text
    drawn = [ET.fromstring(svg) for svg in re.findall(r"<svg class=\"hep-people\".*?</svg>", picture, re.DOTALL)]  # noqa: S314
    said = [element.findtext("{http://www.w3.org/2000/svg}desc") for element in drawn]
    assert said == ["25 of 100 had died and 75 of 100 were alive.", "50 of 100 had died and 50 of 100 were alive."]


def test_a_chart_has_its_numbers_as_a_table(shown: TinySite) -> None:
    figure = part(shown.page_text(), '<div class="hep-figure hep-series">', "div")
    text = words(figure)
    assert "Transplants a year, 2023 to 2024" in text
    assert "Year Transplants (transplants) 2023 10 2024 12" in text
    assert '<desc id="series-transplants-desc">Transplants: 10 transplants in 2023, 12 in 2024.</desc>' in figure


def test_a_table_of_studies_says_all_six_things(shown: TinySite) -> None:
    page_text = shown.page_text()
    start = re.search(r"<table[^>]*hep-studies[^>]*>", page_text)
    assert start
    table = part(page_text, start[0], "table")
    heads = [words(head) for head in re.findall(r'<th class="head.*?</th>', table, re.DOTALL)]
    assert heads == ["Study", "People", "Illness", "What was given", "Result", "Risk of bias"]
    row = next(row for row in re.findall(r"<tr.*?</tr>", table, re.DOTALL) if "cells2020" in row)
    for told in ("Lin 2017", "RCT, Spain", "80", "decompensated cirrhosis", "Donor cells into a vein", "10 of 40 died", "High"):
        assert told in words(row)


def test_pages_load_what_they_use_and_no_more(shown: TinySite) -> None:
    extra = {"evidence.css", "study-table.js"}
    for name, wanted in (("page.html", extra), ("index.html", set[str]())):
        loaded = {Path(address.split("?")[0]).name for _tag, address in read_page(shown.html / name).loaded}
        assert loaded & extra == wanted


# --- The book -----------------------------------------------------------------------------------------------------------------


def test_the_book_shows_every_component_as_text_and_picture(shown: TinySite) -> None:
    with zipfile.ZipFile(shown.epub) as book:
        chapter, package = book.read("page.xhtml").decode(), book.read("content.opf").decode()
    assert re.search(r'<item [^>]*href="page.xhtml"[^>]*properties="svg"', package)
    assert not re.search(r'<item [^>]*href="index.xhtml"[^>]*properties="svg"', package)
    text = words(chapter)
    for told in (
        "Low certainty. Donor cells may lower",
        "Why not surer? For randomised trials",
        "had died: 25 of 100 with cells, 50 of 100 without",
        "0.50 0.27 to 0.93",
        "The numbers as a table Year",
        "People: 80",
        "Risk of bias: High",
    ):
        assert told in text, told
    assert "<details" not in chapter
    assert "<button" not in chapter


# --- Open data ----------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.name)
def test_our_data_follows_its_schema(html: Path, kind: Kind) -> None:
    name = kind.name
    rows = json.loads((html / "data" / f"{name}.json").read_text("utf-8"))
    schema = json.loads((html / "data" / "schema" / f"{name}.json").read_text("utf-8"))
    jsonschema.Draft202012Validator.check_schema(schema)
    jsonschema.validate(rows, schema, cls=jsonschema.Draft202012Validator)
    assert rows
    assert not any(WORKING_NOTES & set(row) for row in rows)
    with (html / "data" / f"{name}.csv").open(newline="", encoding="utf-8") as file:
        assert len(list(csv.DictReader(file))) == len(rows)


def test_the_package_lists_every_file_with_its_checksum(html: Path) -> None:
    folder = html / "data"
    package = json.loads((folder / "datapackage.json").read_text("utf-8"))
    assert package["version"]
    assert package["licenses"][0]["name"] == "CC-BY-4.0"
    listed = {resource["path"]: resource for resource in package["resources"]}
    assert set(listed) == {path.name for path in folder.iterdir() if path.is_file()} - {"datapackage.json"}
    for name, resource in listed.items():
        content = (folder / name).read_bytes()
        assert resource["bytes"] == len(content)
        assert resource["hash"] == f"sha256:{hashlib.sha256(content).hexdigest()}"


def test_the_data_is_what_the_pages_show(html: Path) -> None:
    claims = json.loads((html / "data" / "claims.json").read_text("utf-8"))
    for claim in claims:
        assert claim["used_on"], claim["id"]
        for address in claim["used_on"]:
            page_name, anchor = address.split("#")
            assert anchor in read_page(html / page_name).ids
    evidence = load_evidence(Path(__file__).parents[1] / "evidence")
    assert {claim["id"] for claim in claims} == set(evidence.claims)
    assert (html / "data" / "references.bib").read_text("utf-8") == (evidence.folder / "references.bib").read_text("utf-8")


# --- Mistakes -----------------------------------------------------------------------------------------------------------------

MISTAKES = {
    "an unknown claim": (
        ":::{claim} cells-death\n:::",
        9,
        ["no claim 'cells-death'", "did you mean 'cells-deaths'?", "correct the id"],
    ),
    "an unknown claim in a list": (
        ":::{claims}\ncells-deaths\ncels\n:::",
        11,
        ["no claim 'cels'", "correct the id or add the claim"],
    ),
    "an unknown rating": ("{rating}`cells`", 9, ["no claim 'cells'", "correct the id"]),
    "an unknown outcome": (":::{forest} deaths-cell\n:::", 9, ["no comparison 'deaths-cell'", "did you mean 'deaths-cells'?"]),
    "an unknown risk picture": (":::{risk} cells2020:death\n:::", 9, ["no risk picture 'death'", "write one of cells2020:deaths"]),
    "a picture of an unknown record": (":::{risk} cells2002:deaths\n:::", 9, ["no record 'cells2002'", "correct the id"]),
    "an unknown illness": (
        ":::{studies}\n:condition: cirhosis\n:::",
        9,
        ["':condition:' does not know 'cirhosis'", "correct it"],
    ),
    "an unknown study in a table": (
        ":::{studies}\ncells2002\nmarrow2021\n:::",
        9,
        ["no such record 'cells2002'", "did you mean 'cells2020'?"],
    ),
    "an unknown series": (
        ":::{series} transplant\n:title: T\n:labels: A\n:::",
        9,
        ["no series 'transplant'", "did you mean 'transplants'?"],
    ),
    "a chart without labels": (
        ":::{series} transplants\n:title: T\n:::",
        9,
        ["a chart of 1 series needs ':title:' and as many ':labels:'"],
    ),
    "a name too long for a line": (
        ":::{series} transplants\n:title: T\n:labels: All of the transplants\n:::",
        9,
        ["'All of the transplants' is too long", "write at most 12 letters"],
    ),
    "another denominator": (
        "Alive: {fact}`survival:alive`, dead: {fact}`survival:dead-1000`.",
        9,
        ["'of 1,000' on a page that counts 'of 100'", "show all 'of 100'"],
    ),
}
"""By kind: the text from line 9 of a page, the line to expect, and the words of the fault and its cure."""


@pytest.mark.parametrize("kind", MISTAKES)
def test_a_mistake_stops_the_build(graded_site: MakeSite, kind: str) -> None:
    body, line, told = MISTAKES[kind]
    facts = graded_files().get("evidence/facts/a.yaml")
    assert facts is None
    site = graded_site({"docs/page.md": page(f"\n{body}\n\n:::{{claims}}\ncells-deaths\n:::\n")})
    path = site.root / "evidence" / "facts" / "a.yaml"
    text = path.read_text("utf-8").replace("    dead: 14 of 100\n", "    dead: 14 of 100\n    dead-1000: 140 of 1,000\n")
    site.write({"evidence/facts/a.yaml": text})
    assert_stopped(site.build(), f"docs/page.md:{line}", *told)


def test_a_claim_that_no_page_uses_stops_the_build(graded_site: MakeSite) -> None:
    site = graded_site({"docs/page.md": page("\nNothing of it.\n")})
    told = ["no page uses the claim 'cells-deaths'", "or delete it"]
    assert_stopped(site.build(), "evidence/claims/a.yaml:1", *told)


def test_a_claim_that_names_a_missing_study_stops_the_build(graded_site: MakeSite) -> None:
    site = graded_site({"evidence/claims/a.yaml": GRADED["claims/a.yaml"].replace("[marrow2021]", "[marrow2022]")})
    run = site.build()
    assert run.code == 1
    assert "did you mean 'marrow2021'?" in run.line_at("evidence/claims/a.yaml:13")


# --- Only what changed is written again ---------------------------------------------------------------------------------------


def test_a_changed_claim_reaches_its_page_and_the_map(graded_site: MakeSite) -> None:
    site = graded_site()
    site.build_whole()
    site.write({"evidence/claims/a.yaml": GRADED["claims/a.yaml"].replace("in cirrhosis;", "in severe cirrhosis;")})
    site.build_whole()
    for name in ("page.html", "about/evidence-map.html"):
        assert "in severe cirrhosis" in site.page_text(name)


def test_the_map_knows_when_a_page_begins_or_ceases_to_use_a_claim(graded_site: MakeSite) -> None:
    site = graded_site()
    site.build_whole()
    card, listed = ":::{claim} cells-deaths\n:::", ":::{claims}\ncells-deaths\n:::"
    site.write({"docs/index.md": page(f"{card}\n\n```{{toctree}}\n:hidden:\n\npage\nabout/index\n```\n", "A tiny site")})
    site.build_whole()
    assert "../index.html#claim-cells-deaths" in site.page_text("about/evidence-map.html")
    site.write({"docs/page.md": page(GRADED_PAGE.replace(card, "").replace(listed, ""))})
    site.build_whole()
    map_text = site.page_text("about/evidence-map.html")
    assert "../page.html#claim-cells-deaths" not in map_text
    assert "../index.html#claim-cells-deaths" in map_text
