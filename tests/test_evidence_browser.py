"""The evidence in a real browser: on a phone and wide, by keyboard, on paper, and without script."""

from __future__ import annotations

import re
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from playwright.sync_api import Page, expect

from tests.test_browser import OVERFLOWING, SCHEMES, Open, Scheme, open_everything, violations
from tests.test_browser import visit as visit
from tests.test_browser import visits as visits

EVIDENCE = "cell-therapy/stem-cell-evidence.html"
DONOR = "transplant/living-donor.html"
OVERVIEW = "transplant/transplant-overview.html"
MAP = "about/evidence-map.html"
RECORDS = "about/studies-in-people.html"


@pytest.mark.parametrize("scheme", SCHEMES)
@pytest.mark.parametrize("width", (390, 1280))
@pytest.mark.parametrize("address", (EVIDENCE, DONOR, OVERVIEW, MAP, RECORDS))
def test_axe_finds_nothing_and_nothing_sticks_out(visit: Open, address: str, width: int, scheme: Scheme) -> None:
    page = visit(address, width, scheme)
    open_everything(page)
    assert page.evaluate(OVERFLOWING) == []
    assert violations(page) == ""


# --- Tables of studies ------------------------------------------------------------------------------------------------------------


def names(page: Page) -> list[str]:
    return page.locator("table.hep-studies").first.locator("tbody tr:visible th a").all_inner_texts()


def test_a_table_is_sorted_by_keyboard_and_says_so(visit: Open) -> None:
    page = visit(EVIDENCE, 1280)
    table = page.locator("table.hep-studies").first
    assert table.locator("thead button").count() == table.locator("thead th").count(), "every column can be sorted"
    head = table.locator("thead th", has_text="People")
    before = names(page)
    head.locator("button").press("Enter")
    expect(head).to_have_attribute("aria-sort", "descending")
    people = [int(text.replace(",", "")) for text in table.locator("tbody td:nth-child(2)").all_inner_texts() if text[0].isdigit()]
    assert people == sorted(people, reverse=True)
    assert sorted(names(page)) == sorted(before), "sorting loses no study"
    expect(page.locator("[role=status]", has_text="Sorted by People")).to_have_count(1)
    head.locator("button").press("Enter")
    expect(head).to_have_attribute("aria-sort", "ascending")


@pytest.mark.parametrize("width", (390, 1280))
def test_a_table_is_filtered_by_illness(visit: Open, width: int) -> None:
    page = visit(EVIDENCE, width)
    group = page.locator(".hep-filter").first
    every = len(names(page))
    button = group.get_by_role("button", name=re.compile("^Decompensated"))
    count = int(button.locator("strong").inner_text())
    assert 0 < count < every
    button.click()
    expect(button).to_have_attribute("aria-pressed", "true")
    assert len(names(page)) == count
    box = button.bounding_box()
    assert box
    assert box["height"] >= 44
    group.get_by_role("button", name=re.compile("^All")).click()
    assert len(names(page)) == every


def test_on_a_phone_each_study_is_a_card_with_its_labels(visit: Open) -> None:
    page = visit(EVIDENCE, 390)
    row = page.locator("table.hep-studies tbody tr").first
    assert row.evaluate("(row) => getComputedStyle(row).display") == "block"
    for label in ("People", "Illness", "What was given", "Result", "Risk of bias"):
        expect(row.locator(".hep-cell-label", has_text=label).first).to_be_visible()


def test_a_study_leads_to_its_whole_record(visit: Open) -> None:
    page = visit(EVIDENCE, 390)
    link = page.locator("table.hep-studies tbody th a").first
    name = link.inner_text()
    link.click()
    record = page.locator(".hep-record:target")
    expect(record).to_be_in_viewport()
    expect(record.locator("h3")).to_have_text(name)
    assert "Risk of bias, our judgement" in record.inner_text()


def test_without_script_the_table_is_whole_and_has_no_button(visit: Open) -> None:
    page = visit(EVIDENCE, 390, java_script_enabled=False)
    assert len(names(page)) == len(names(visit(EVIDENCE, 390)))
    expect(page.locator("article button:visible")).to_have_count(0)


# --- Claims -----------------------------------------------------------------------------------------------------------------------


def test_a_claim_opens_its_reasons_and_its_studies_by_keyboard(visit: Open) -> None:
    page = visit(EVIDENCE, 390)
    card = page.locator(".hep-claim:not(.hep-claim-brief)").first
    for summary in card.locator("summary").all():
        body = summary.locator("xpath=following-sibling::div")
        expect(body).to_be_hidden()
        summary.press("Enter")
        expect(body).to_be_visible()
        box = summary.bounding_box()
        assert box
        assert box["height"] >= 44
    assert "the rating starts at" in card.inner_text()


def test_the_map_leads_to_the_claim_on_its_page(visit: Open) -> None:
    page = visit(MAP, 390)
    link = page.locator(".hep-claim .hep-row a").first
    target = (link.get_attribute("href") or "").split("#")[1]
    link.click()
    expect(page.locator(f"#{target}")).to_be_in_viewport()


def test_paper_shows_what_a_claim_folds(visit: Open) -> None:
    page = visit(EVIDENCE)
    body = page.locator(".hep-claim .hep-more-body").first
    expect(body).to_be_hidden()
    page.emulate_media(media="print")
    expect(body).to_be_visible()


# --- The list of sources ----------------------------------------------------------------------------------------------------------


def test_a_long_list_of_sources_is_folded_and_a_mark_opens_it(visit: Open) -> None:
    page = visit(DONOR)
    entries = page.locator("ol.hep-sources")
    expect(entries).to_be_hidden()
    page.locator("a.hep-ref:visible").first.press("Enter")
    expect(page.locator("ol.hep-sources > li:target")).to_be_in_viewport()
    expect(visit(DONOR, java_script_enabled=False).locator("ol.hep-sources")).to_be_visible()


# --- Pictures ---------------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("width", (320, 390, 1280))
@pytest.mark.parametrize("address", (EVIDENCE, OVERVIEW))
def test_no_text_in_a_picture_is_smaller_than_it_may_be(visit: Open, address: str, width: int) -> None:
    page = visit(address, width)
    open_everything(page)
    sizes = page.evaluate(
        """() => [...document.querySelectorAll("article svg text")].filter((text) => text.getBoundingClientRect().width > 0)
          .map((text) => parseFloat(getComputedStyle(text).fontSize) * text.getScreenCTM().a)"""
    )
    assert sizes
    assert min(sizes) >= 12.99


def test_the_lines_of_a_chart_follow_the_colours_of_the_page(visit: Open) -> None:
    strokes = set()
    for scheme in SCHEMES:
        page = visit(OVERVIEW, scheme=scheme)
        strokes.add(page.evaluate("() => getComputedStyle(document.querySelector('.hep-chart .hep-s1 path')).stroke"))
    assert len(strokes) == 2


def test_two_groups_stand_side_by_side_on_a_phone(visit: Open) -> None:
    page = visit("transplant/transplant-survival.html", 390)
    groups = page.locator(".hep-risk-groups:has(> :nth-child(2))").first.locator(".hep-people")
    one, other = groups.nth(0).bounding_box(), groups.nth(1).bounding_box()
    assert one
    assert other
    assert other["x"] >= one["x"] + one["width"]
    assert other["x"] + other["width"] <= 390


SVG = re.compile(r"<svg[^>]*role=\"img\".*?</svg>", re.DOTALL)


def test_every_picture_of_the_site_is_small_and_says_what_it_shows(html: Path) -> None:
    seen = 0
    for path in sorted(html.rglob("*.html")):
        for drawn in SVG.findall(path.read_text("utf-8")):
            seen += 1
            assert len(drawn.encode()) < 20_000, path
            picture = ET.fromstring(drawn)  # noqa: S314 - our own drawing
            title, text = (picture.findtext(f"{{http://www.w3.org/2000/svg}}{part}") or "" for part in ("title", "desc"))
            assert len(title) > 10, path
            assert re.search(r"\d", text), path
            people = re.match(r"([\d,]+) of (100|1,000) ", text)
            if people:
                filled = [part.get("d", "").count("M") for part in picture if part.get("class") == "hep-on"]
                assert sum(filled) == int(people[1].replace(",", "")), (path, text)
    assert seen >= 20


def test_every_risk_picture_says_both_sides_that_it_draws(html: Path) -> None:
    seen = 0
    for path in sorted(html.rglob("*.html")):
        text = path.read_text("utf-8")
        for figure in re.findall(r'<div class="hep-figure hep-risk">.*?class="hep-figure-source"', text, re.DOTALL):
            seen += 1
            drawn = [(int(a.replace(",", "")), b) for a, b in re.findall(r"<desc[^>]*>([\d,]+) of (100|1,000) ", figure)]
            key = figure[figure.index("hep-risk-key") :]
            told = [int(number.replace(",", "")) for number in re.findall(r"<strong>([\d,]+)</strong>", key)]
            size = {denominator for _, denominator in drawn}
            assert len(size) == 1, path
            whole = int(size.pop().replace(",", ""))
            events = [count for count, _ in drawn]
            assert told == [*events, *(whole - count for count in events)], (path, told, drawn)
    assert seen >= 15
