"""The search as readers use it: typing, mistyping, by keyboard, from a file, on a phone; and the words explained in place."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.test_browser import OVERFLOWING, SCHEMES, Open, Scheme, violations
from tests.test_browser import visit as visit
from tests.test_browser import visits as visits

HOME = "index.html"
CONTENT = "liver-failure/cirrhosis.html"
SUGGESTIONS = ".hep-suggestions:not([hidden]) [role=option]"


def where(html: Path, place: str) -> dict[str, str]:
    return {"origin": html.as_uri()} if place == "file" else {}


# --- The search page ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("place", ("server", "file"))
def test_a_result_says_page_section_and_marked_words(visit: Open, html: Path, place: str) -> None:
    page = visit("search.html?q=how+long+is+the+wait+for+a+liver", **where(html, place))
    first = page.locator("#search-results li").first
    expect(first.locator(".hep-found-in")).to_have_text("Transplant")
    expect(first.locator("a")).to_have_text("How the waiting list works")
    expect(first.locator("mark").first).to_be_visible()
    assert re.search("wait", " ".join(first.locator("mark").all_inner_texts()), re.IGNORECASE)
    section = page.locator("#search-results li", has=page.locator(".hep-found-section")).first
    heading = section.locator(".hep-found-section").inner_text().removeprefix("Section: ")
    anchor = (section.locator("a").get_attribute("href") or "").partition("#")[2]
    section.locator("a").click()
    page.wait_for_url(f"**#{anchor}")
    target = page.locator(f"[id='{anchor}']")
    expect(target).to_be_in_viewport()
    expect(target).to_contain_text(heading)


@pytest.mark.parametrize("place", ("server", "file"))
def test_a_misspelt_question_is_understood_and_can_be_taken_as_it_is(visit: Open, html: Path, place: str) -> None:
    page = visit("search.html?q=siroses+stage+4", **where(html, place))
    status = page.locator("#search-status")
    expect(status).to_contain_text("“cirrhosis stage 4”")
    expect(status).to_contain_text("You typed “siroses stage 4”")
    expect(page.locator("#search-results a").first).to_have_attribute("href", re.compile("^liver-failure/"))
    status.get_by_role("link", name="search for exactly that").click()
    page.wait_for_url("**exact=1*")
    expect(page.locator("#search-status")).to_contain_text("“siroses stage 4”")
    expect(page.locator("#search-status")).not_to_contain_text("You typed")


@pytest.mark.parametrize("place", ("server", "file"))
@pytest.mark.parametrize("query", ("vomiting blood", "throwing up blod"))
def test_an_emergency_stands_above_all_results(visit: Open, html: Path, query: str, place: str) -> None:
    page = visit(f"search.html?q={query}", width=390, **where(html, place))
    pin = page.locator(".hep-pin").first
    expect(pin).to_be_in_viewport()
    expect(pin.get_by_role("heading")).to_have_text("Vomiting blood")
    expect(pin).to_contain_text("Call an ambulance now")
    assert [link.get_attribute("href") for link in pin.locator(".hep-call").all()] == ["tel:999", "tel:112", "tel:911"]
    box, result = pin.bounding_box(), page.locator("#search-results a").first.bounding_box()
    assert box
    assert result
    assert box["y"] + box["height"] <= result["y"]
    expect(page.locator("#search-status")).to_contain_text("Emergency: Vomiting blood. Call an ambulance now")
    pin.get_by_role("link", name=re.compile("What to do")).click()
    page.wait_for_url("**/start/emergency-signs.html*")


def test_the_meaning_of_a_word_stands_above_the_results(visit: Open) -> None:
    page = visit("search.html?q=what+is+asites", width=390)
    card = page.locator(".hep-meaning")
    expect(card).to_have_count(1)
    for words in ("Ascites", "Say: uh-SY-teez", "Fluid that collects inside the belly", "What to do:", "Draft, not yet reviewed"):
        expect(card).to_contain_text(words)
    card.get_by_role("link", name="More in the glossary").click()
    page.wait_for_url("**/about/glossary.html#term-ascites")
    expect(page.locator("#term-ascites")).to_be_in_viewport()


def test_results_follow_the_typing_and_the_address_follows_too(visit: Open) -> None:
    page = visit("search.html")
    field = page.locator("#search-field")
    field.press_sequentially("waiting li")
    expect(page.locator("#search-results a").first).to_have_text("How the waiting list works")
    page.wait_for_url("**?q=waiting+li")
    field.press_sequentially("st for cells")
    page.wait_for_url("**?q=waiting+list+for+cells")
    page.keyboard.press("Enter")
    expect(page.locator("#search-status")).to_contain_text("“waiting list for cells”")
    page.reload()
    expect(field).to_have_value("waiting list for cells")
    expect(page.locator("#search-results a").first).to_be_visible()
    field.fill("")
    expect(page.locator("#search-results a")).to_have_count(0)
    expect(page.locator("#search-status")).to_have_text("")


def test_back_leads_to_the_search_before(visit: Open) -> None:
    page = visit("search.html?q=ascites")
    page.locator("#search-field").fill("transplant")
    page.keyboard.press("Enter")
    expect(page.locator("#search-status")).to_contain_text("“transplant”")
    page.go_back()
    expect(page.locator("#search-field")).not_to_have_value("")


def test_more_pages_are_shown_on_demand_and_the_focus_moves_to_them(visit: Open) -> None:
    page = visit("search.html?q=liver")
    expect(page.locator("#search-results li")).to_have_count(10)
    page.get_by_role("button", name="Show more pages").press("Enter")
    assert page.locator("#search-results li").count() > 10
    expect(page.locator("#search-results li").nth(10).locator("a")).to_be_focused()


def test_a_search_without_an_answer_says_what_to_try(visit: Open) -> None:
    page = visit("search.html")
    page.locator("#search-field").fill("qqqqxyz")
    page.keyboard.press("Enter")
    page.wait_for_url("**/search.html?q=qqqqxyz")
    status = page.locator("#search-status")
    expect(status).to_contain_text("Nothing found for “qqqqxyz”. Try one word, or another word for the same thing")
    expect(status).to_have_attribute("role", "status")


def test_an_index_that_does_not_come_is_said(visit: Open, server: str) -> None:
    page = visit("search.html")
    page.route("**/search/index.js", lambda route: route.fulfill(status=200, content_type="text/javascript", body=""))
    page.locator("#search-field").fill("ascites")
    expect(page.locator("#search-status")).to_contain_text("The search could not be loaded")


def test_a_text_that_does_not_come_costs_only_the_snippet(visit: Open) -> None:
    page = visit("search.html")
    page.route("**/search/text/*", lambda route: route.fulfill(status=200, content_type="text/javascript", body=""))
    page.locator("#search-field").fill("waiting list")
    expect(page.locator("#search-results a").first).to_have_text("How the waiting list works")
    assert page.locator("#search-results mark").count() == 0


def test_a_hit_in_the_clinicians_layer_opens_it(visit: Open) -> None:
    page = visit("search.html?q=net reclassification creatinine cap MELD 3.0 simulation")
    page.locator("#search-results a[href$='#for-clinicians']").first.click()
    page.wait_for_url("**#for-clinicians")
    expect(page.locator("details.hep-pro")).to_have_attribute("open", "")


# --- What is loaded, and when -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("address", (HOME, CONTENT, "search.html"))
def test_the_index_is_loaded_when_the_search_is_first_used_and_not_before(visit: Open, address: str) -> None:
    page = visit(address)
    loaded = "() => performance.getEntriesByType('resource').filter((one) => one.name.includes('/search/')).length"
    page.wait_for_load_state("networkidle")
    assert page.evaluate(loaded) == 0
    page.locator("input[type=search]").first.focus()
    page.wait_for_function(f"() => ({loaded})() === 1")


# --- Suggestions ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("place", ("server", "file"))
@pytest.mark.parametrize(("address", "width"), ((HOME, 390), (CONTENT, 1280)))
def test_suggestions_are_reached_by_keyboard_alone(visit: Open, html: Path, address: str, width: int, place: str) -> None:
    page = visit(address, width, **where(html, place))
    field = page.locator("article input[type=search]" if address == HOME else "#header-search")
    field.focus()
    page.keyboard.type("waiting list")
    options = page.locator(SUGGESTIONS)
    expect(options.first).to_be_visible()
    expect(field).to_have_attribute("aria-expanded", "true")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowUp")
    active = field.get_attribute("aria-activedescendant")
    assert active == options.first.get_attribute("id")
    expect(options.first).to_have_attribute("aria-selected", "true")
    expect(field).to_be_focused()
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile(r"(waiting-list|glossary)\.html"))


def test_escape_closes_the_suggestions_and_keeps_what_was_typed(visit: Open) -> None:
    page = visit(CONTENT)
    field = page.locator("#header-search")
    field.fill("ascites")
    expect(page.locator(SUGGESTIONS).first).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator(SUGGESTIONS)).to_have_count(0)
    expect(field).to_have_value("ascites")
    expect(field).to_have_attribute("aria-expanded", "false")
    page.keyboard.press("Enter")
    page.wait_for_url("**/search.html?q=ascites")


def test_suggestions_are_counted_for_screen_readers_the_emergency_first(visit: Open) -> None:
    page = visit(CONTENT)
    page.locator("#header-search").fill("vomiting blood")
    options = page.locator(SUGGESTIONS)
    expect(options.first).to_have_text("Vomiting blood: call an ambulance now")
    told = page.locator(".hep-header-search [role=status]")
    expect(told).to_have_text(re.compile(r"^Emergency\. Vomiting blood: call an ambulance now\. \d suggestions$"))
    options.first.click()
    page.wait_for_url("**/start/emergency-signs.html*")


def test_a_suggestion_is_a_large_enough_target(visit: Open) -> None:
    page = visit(HOME, 390)
    page.locator("article input[type=search]").fill("jaundice")
    expect(page.locator(SUGGESTIONS).first).to_contain_text("Jaundice")
    for option in page.locator(SUGGESTIONS).all():
        box = option.bounding_box()
        assert box
        assert box["height"] >= 44


@pytest.mark.parametrize("scheme", SCHEMES)
@pytest.mark.parametrize("width", (320, 1280))
def test_axe_finds_nothing_in_suggestions_pins_and_meanings(visit: Open, width: int, scheme: Scheme) -> None:
    page = visit(HOME, width, scheme)
    page.locator("article input[type=search]").fill("vomiting blood")
    expect(page.locator(SUGGESTIONS).first).to_be_visible()
    page.keyboard.press("ArrowDown")
    assert page.evaluate(OVERFLOWING) == []
    assert violations(page) == ""
    page = visit("search.html?q=throwing up blod", width, scheme)
    expect(page.locator(".hep-pin").first).to_be_visible()
    expect(page.locator(".hep-meaning").first).to_be_visible()
    expect(page.locator("mark").first).to_be_visible()
    assert page.evaluate(OVERFLOWING) == []
    assert violations(page) == ""


def test_without_script_the_search_page_offers_the_glossary_and_the_sections(visit: Open) -> None:
    page = visit("search.html", java_script_enabled=False)
    offered = page.locator("noscript a")
    texts = offered.all_inner_texts()
    assert "Emergency signs" in texts
    assert "Glossary, every medical word from A to Z" in texts
    assert "Transplant" in texts
    offered.filter(has_text="Glossary").click()
    page.wait_for_url("**/about/glossary.html")


# --- Words explained in place -----------------------------------------------------------------------------------------------


def open_term(page: Page, how: str) -> None:
    link = page.locator("a.hep-term", has_text="liver failure").first
    link.scroll_into_view_if_needed()
    if how == "hover":
        link.hover()
    elif how == "focus":
        link.focus()
    else:
        link.tap()


@pytest.mark.parametrize("place", ("server", "file"))
@pytest.mark.parametrize(("how", "width"), (("hover", 1280), ("focus", 1280), ("focus", 320), ("tap", 390)))
def test_a_term_shows_its_meaning_and_never_covers_its_word(visit: Open, html: Path, how: str, width: int, place: str) -> None:
    page = visit(CONTENT, width, has_touch=how == "tap", **where(html, place))
    open_term(page, how)
    card = page.locator(".hep-card")
    expect(card).to_have_count(1)
    for words in ("Liver failure", "Say: ", "Draft, not yet reviewed"):
        expect(card).to_contain_text(words)
    link = page.locator("a.hep-term", has_text="liver failure").first
    expect(link).to_have_attribute("aria-describedby", "hep-card")
    box = card.bounding_box()
    assert box
    for line in link.evaluate("(link) => [...link.getClientRects()].map(({ top, bottom }) => [top, bottom])"):
        assert box["y"] >= line[1] or box["y"] + box["height"] <= line[0], "the card lies over its word"
    size = page.viewport_size
    assert size
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= size["width"]
    page.keyboard.press("Escape")
    expect(card).to_have_count(0)
    assert "cirrhosis.html" in page.url, "neither the first tap nor Escape leads away"


def test_the_second_tap_and_more_lead_to_the_glossary(visit: Open) -> None:
    page = visit(CONTENT, 390, has_touch=True)
    open_term(page, "tap")
    page.locator(".hep-card").get_by_role("link", name="More").tap()
    page.wait_for_url("**/about/glossary.html#term-liver-failure")
    page.go_back()
    open_term(page, "tap")
    expect(page.locator(".hep-card")).to_be_visible()
    open_term(page, "tap")
    page.wait_for_url("**/about/glossary.html#term-liver-failure")


def test_the_pointer_may_enter_the_card_and_leaving_closes_it(visit: Open) -> None:
    page = visit(CONTENT)
    open_term(page, "hover")
    page.locator(".hep-card").hover()
    page.wait_for_timeout(400)
    expect(page.locator(".hep-card")).to_be_visible()
    page.mouse.move(5, 5)
    expect(page.locator(".hep-card")).to_have_count(0)


@pytest.mark.parametrize("scheme", SCHEMES)
@pytest.mark.parametrize("width", (320, 1280))
def test_axe_finds_nothing_in_an_open_term(visit: Open, width: int, scheme: Scheme) -> None:
    page = visit(CONTENT, width, scheme)
    open_term(page, "focus")
    expect(page.locator(".hep-card")).to_be_visible()
    assert page.evaluate(OVERFLOWING) == []
    assert violations(page) == ""


def test_without_script_a_term_leads_to_its_entry(visit: Open) -> None:
    page = visit(CONTENT, java_script_enabled=False)
    page.locator("a.hep-term", has_text="liver failure").first.click()
    page.wait_for_url("**/about/glossary.html#term-liver-failure")


def test_on_paper_a_term_is_a_word_like_any_other(visit: Open) -> None:
    page = visit(CONTENT)
    open_term(page, "focus")
    page.emulate_media(media="print")
    style = """(link) => {
      const { textDecorationLine, color } = getComputedStyle(link);
      return [textDecorationLine, color, getComputedStyle(link.parentElement).color];
    }"""
    line, colour, around = page.locator("a.hep-term").first.evaluate(style)
    assert line == "none"
    assert colour == around
    expect(page.locator(".hep-card")).to_be_hidden()


# --- The glossary page --------------------------------------------------------------------------------------------------------


def test_a_theme_opens_and_leads_to_its_terms(visit: Open) -> None:
    page = visit("about/glossary.html", 390)
    theme = page.locator(".hep-theme", has_text="Tests, scans and scores")
    theme.locator("summary").press("Enter")
    link = theme.get_by_role("link", name="INR")
    box = link.bounding_box()
    assert box
    assert box["height"] >= 40
    link.click()
    expect(page.locator("#term-INR")).to_be_in_viewport()


def test_an_entry_leads_to_a_page_that_uses_it_and_there_to_the_word(visit: Open) -> None:
    page = visit("about/glossary.html")
    entry = page.locator("#term-recompensation + dd")
    entry.locator("summary").click()
    entry.get_by_role("link", name="Cirrhosis: what it is and what happens next").click()
    page.wait_for_url("**/liver-failure/cirrhosis.html#use-term-recompensation")
    expect(page.locator("#use-term-recompensation")).to_be_in_viewport()
