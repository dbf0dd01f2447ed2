"""The site in a real browser: for everybody, on any screen, with and without a mouse, with and without script."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

import pytest
from axe_playwright_python.sync_playwright import Axe  # type: ignore[import-untyped]
from playwright.sync_api import Browser, BrowserContext, Locator, Page, expect

HOME = "index.html"
CONTENT = "cell-therapy/stem-cell-therapy.html"
GLOSSARY = "about/glossary.html"
SEARCH = "search.html?q=cirrhosis"
PAGES = (HOME, CONTENT, GLOSSARY, SEARCH)
WIDTHS = (320, 390, 1280)
Scheme = Literal["light", "dark"]
SCHEMES: tuple[Scheme, ...] = ("light", "dark")

RULES = {
    "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
    "resultTypes": ["violations"],
}

OVERFLOWING = """() => {
  const edge = document.documentElement.clientWidth + 1;
  const scrolls = (element) => ["auto", "scroll"].includes(getComputedStyle(element).overflowX) && element.tabIndex >= 0;
  const excused = (element) => {
    for (let one = element; one && one !== document.body; one = one.parentElement) {
      if (one !== element && scrolls(one)) return true;
      if (one.getAttribute("aria-hidden") === "true" && getComputedStyle(one).pointerEvents === "none") return true;
    }
    return false;
  };
  return [...document.body.querySelectorAll("*")].filter((element) => {
    const { left, right, width, height } = element.getBoundingClientRect();
    return width > 0 && height > 0 && (right > edge || left < -1) && element.checkVisibility() && !excused(element);
  }).map((element) => {
    const { left, right } = element.getBoundingClientRect();
    const text = element.textContent.trim().replace(/\\s+/g, " ").slice(0, 40);
    return `<${element.tagName.toLowerCase()} class="${element.getAttribute("class") ?? ""}"> from ${left} to ${right}: ${text}`;
  });
}"""
"""The elements that stand outside the window: the root clips them, so that its scrollWidth would not tell.

Allowed are what lies in a region that one can focus and scroll, and pictures that nobody has to see.
"""


@dataclass
class Visit:
    """A page, and what it did that it should not."""

    page: Page
    origin: str
    faults: list[str] = field(default_factory=list)

    def watch(self) -> None:
        self.page.on(
            "request", lambda request: self.note(not request.url.startswith((self.origin, "data:")), f"asked {request.url}")
        )
        self.page.on("response", lambda response: self.note(response.status >= 400, f"{response.status} for {response.url}"))
        self.page.on("console", lambda message: self.note(message.type == "error", f"console: {message.text}"))
        self.page.on("pageerror", lambda error: self.note(True, f"error: {error}"))

    def note(self, wrong: bool, what: str) -> None:
        if wrong:
            self.faults.append(what)


Open = Callable[..., Page]


@pytest.fixture
def visits() -> list[Visit]:
    """Every page that a test opened."""
    return []


@pytest.fixture
def visit(browser: Browser, server: str, visits: list[Visit]) -> Iterator[Open]:
    """Open a page: ``visit(HOME, width=390, scheme="dark")``. At the end no page may have asked another host or failed."""
    contexts: list[BrowserContext] = []

    def go(address: str, width: int = 1280, scheme: Scheme = "light", origin: str = server, **options: Any) -> Page:
        height = 800 if width > 500 else 700
        context = browser.new_context(
            viewport={"width": width, "height": height}, color_scheme=scheme, reduced_motion="reduce", **options
        )
        context.set_default_timeout(10_000)
        contexts.append(context)
        page = context.new_page()
        one = Visit(page, origin)
        one.watch()
        visits.append(one)
        page.goto(f"{origin}/{address}")
        if "?q=" in address and options.get("java_script_enabled", True):
            page.locator("#search-results a").first.wait_for()
        return page

    yield go
    for context in contexts:
        context.close()
    assert [fault for one in visits for fault in one.faults] == []


def open_everything(page: Page) -> None:
    """Open what is closed in the text, so that it is looked at too."""
    page.evaluate("() => { for (const closed of document.querySelectorAll('article details')) closed.open = true; }")


def violations(page: Page) -> str:
    """Return what axe finds, in words, or nothing."""
    found = Axe().run(page, options=RULES)
    assert len(found.response["testEngine"]["version"]) > 0
    return "\n".join(
        f"{violation['id']} ({violation['impact']}): {violation['help']}\n"
        + "\n".join(f"    {' '.join(map(str, node['target']))}: {node['html'][:150]}" for node in violation["nodes"][:5])
        for violation in found.response["violations"]
    )


# --- For everybody, on any screen ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("scheme", SCHEMES)
@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("address", PAGES)
def test_axe_finds_nothing_and_nothing_sticks_out(visit: Open, address: str, width: int, scheme: Scheme) -> None:
    page = visit(address, width, scheme)
    open_everything(page)
    assert page.evaluate(OVERFLOWING) == []
    assert violations(page) == ""


@pytest.mark.parametrize("width", (320, 1280))
def test_axe_finds_nothing_in_the_open_contents(visit: Open, width: int) -> None:
    page = visit(CONTENT, width)
    page.locator(".hep-menu > summary").click()
    assert page.evaluate(OVERFLOWING) == []
    assert violations(page) == ""


def test_axe_finds_nothing_in_an_open_card(visit: Open) -> None:
    page = visit(CONTENT, 390)
    page.locator("a.hep-ref").first.focus()
    expect(page.locator(".hep-card")).to_be_visible()
    assert page.evaluate(OVERFLOWING) == []
    assert violations(page) == ""


def test_every_page_fits_a_phone(visit: Open, html: Path) -> None:
    page = visit(HOME, 320)
    origin = page.url.removesuffix(f"/{HOME}")
    wide = {}
    for path in sorted(html.rglob("*.html")):
        if "_static" not in path.parts:
            name = path.relative_to(html).as_posix()
            page.goto(f"{origin}/{name}")
            open_everything(page)
            wide[name] = page.evaluate(OVERFLOWING)
    assert len(wide) > 20
    assert {name: found for name, found in wide.items() if found} == {}


@pytest.mark.parametrize("address", (HOME, CONTENT))
def test_large_text_still_fits(visit: Open, address: str) -> None:
    page = visit(address, 390)
    page.add_style_tag(content="html { font-size: 200% !important; }")
    assert page.evaluate(OVERFLOWING) == []


def test_the_test_of_overflow_finds_what_sticks_out(visit: Open) -> None:
    page = visit(HOME, 320)
    page.evaluate("() => document.querySelector('article').insertAdjacentHTML('beforeend', '<p class=\"wide\">x</p>')")
    page.add_style_tag(content=".wide { width: 400px; max-width: none; }")
    assert len(page.evaluate(OVERFLOWING)) == 1


# --- Search --------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("place", ("server", "file"))
@pytest.mark.parametrize("query", ("cirrhosis", "ascites"))
def test_search_finds_pages(visit: Open, html: Path, query: str, place: str) -> None:
    where = {"origin": html.as_uri()} if place == "file" else {}
    page = visit(f"search.html?q={query}", **where)
    links = page.locator("#search-results a")
    addresses = [link.get_attribute("href") or "" for link in links.all()]
    assert len(addresses) >= 3
    expect(page.locator("#search-status")).to_contain_text(f"pages for “{query}”")
    for address in addresses[:5]:
        assert (html / re.split("[?#]", address)[0]).is_file(), address
    links.first.click()
    page.wait_for_url(lambda url: "search.html" not in url)
    assert query in page.locator("#furo-main-content").inner_text().lower()


def test_a_script_in_a_search_is_text(visit: Open) -> None:
    page = visit("search.html")
    page.locator("#search-field").fill("<img src=x onerror=alert(1)> cirrhosis")
    page.keyboard.press("Enter")
    page.wait_for_url("**/search.html?q=*")
    expect(page.locator("#search-status")).to_contain_text("<img src=x onerror=alert(1)>")
    assert page.locator("img[src=x]").count() == 0


@pytest.mark.parametrize("width", (390, 1280))
def test_search_from_home(visit: Open, width: int) -> None:
    page = visit(HOME, width)
    page.locator("article input[type=search]").fill("ascites")
    page.keyboard.press("Enter")
    expect(page.locator("#search-results a").first).to_be_visible()


# --- Source marks --------------------------------------------------------------------------------------------------------


def expect_card(page: Page, mark: Locator) -> None:
    """Check that the card says what the mark's entry says, within the window, and leaves the mark's line free."""
    card = page.locator(".hep-card")
    expect(card).to_have_count(1)
    expect(card).to_be_visible()
    entry = page.locator(mark.get_attribute("href") or "#")
    for part in (".hep-source-what", ".hep-source-where", ".hep-source-read"):
        expect(card.locator(part)).to_have_text(entry.locator(part).text_content() or "nothing")
    box, line = card.bounding_box(), mark.bounding_box()
    size = page.viewport_size
    assert box and line and size
    assert box["y"] >= line["y"] + line["height"] or box["y"] + box["height"] <= line["y"], f"the card {box} covers the line {line}"
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= size["width"]
    ids = page.evaluate("() => [...document.querySelectorAll('[id]')].map((element) => element.id)")
    assert len(ids) == len(set(ids)), "the card repeats ids"


def marks_of(page: Page) -> list[Locator]:
    """Return a mark of the top, of the middle and of the end of the text."""
    marks = page.locator("article a.hep-ref:visible").all()
    assert len(marks) > 10
    return [marks[0], marks[len(marks) // 2], marks[-1]]


def test_a_mark_shows_its_card_on_hover(visit: Open) -> None:
    page = visit(CONTENT)
    for mark in marks_of(page):
        mark.hover()
        expect_card(page, mark)
        page.keyboard.press("Escape")
        expect(page.locator(".hep-card")).to_have_count(0)
    mark.hover()
    page.mouse.move(5, 5)
    mark.hover()
    page.locator(".hep-card").hover()
    page.wait_for_timeout(400)
    expect_card(page, mark)
    page.mouse.move(2, 2)
    expect(page.locator(".hep-card")).to_have_count(0)


def test_a_mark_shows_its_card_on_focus(visit: Open) -> None:
    page = visit(CONTENT)
    page.locator("a.skip-to-content").focus()
    page.keyboard.press("Enter")
    for _stop in range(40):
        page.keyboard.press("Tab")
        if page.evaluate("() => document.activeElement.classList.contains('hep-ref')"):
            break
    mark = page.locator("a.hep-ref:focus")
    expect_card(page, mark)
    page.keyboard.press("Escape")
    expect(page.locator(".hep-card")).to_have_count(0)
    expect(mark).to_be_focused()
    entry = mark.get_attribute("href")
    page.keyboard.press("Enter")
    page.wait_for_url(f"**{entry}")


@pytest.mark.parametrize("width", (320, 390))
def test_a_mark_shows_its_card_on_tap(visit: Open, width: int) -> None:
    page = visit(CONTENT, width, has_touch=True)
    address = page.url
    for mark in marks_of(page):
        mark.tap()
        expect_card(page, mark)
        assert page.url == address, "the first tap went away"
        page.keyboard.press("Escape")
        expect(page.locator(".hep-card")).to_have_count(0)
    mark.tap()
    expect_card(page, mark)
    mark.tap()
    page.wait_for_url(f"**{mark.get_attribute('href')}")


def test_a_mark_without_script_is_a_link_to_its_entry(visit: Open) -> None:
    page = visit(CONTENT, java_script_enabled=False)
    mark = page.locator("a.hep-ref").first
    mark.click()
    page.wait_for_url("**#source-1")
    expect(page.locator("#source-1")).to_be_in_viewport()
    page.locator("#source-1 [role=doc-backlink]").first.click()
    expect(mark).to_be_in_viewport()


# --- The frame -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("width", (320, 1280))
def test_the_contents_open_and_close_by_keyboard(visit: Open, width: int) -> None:
    page = visit(CONTENT, width)
    button = page.locator(".hep-menu > summary")
    sheet = page.locator(".hep-menu-sheet")
    expect(sheet).to_be_hidden()
    button.focus()
    page.keyboard.press("Enter")
    expect(sheet).to_be_visible()
    expect(sheet.locator("[aria-current=page]")).to_have_count(1)
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    assert page.evaluate("() => document.activeElement.closest('.hep-menu-sheet') !== null"), "Tab does not lead into the sheet"
    page.keyboard.press("Escape")
    expect(sheet).to_be_hidden()
    expect(button).to_be_focused()


def test_the_colours_are_remembered_and_nothing_else(visit: Open) -> None:
    page = visit(CONTENT)
    theme = "() => document.body.dataset.theme"
    ground = "() => getComputedStyle(document.body).backgroundColor"
    assert page.evaluate(theme) == "auto"
    button = page.locator(".theme-toggle:visible")
    seen = {}
    for _press in range(3):
        button.click()
        chosen = page.evaluate(theme)
        page.reload()
        assert page.evaluate(theme) == chosen
        expect(button).to_contain_text({"auto": "automatic"}.get(chosen, chosen))
        seen[chosen] = page.evaluate(ground)
    assert set(seen) == {"auto", "light", "dark"}
    assert seen["dark"] != seen["light"] == seen["auto"]
    assert page.evaluate("() => Object.keys(localStorage)") in (["theme"], [])
    assert page.evaluate("() => Object.keys(sessionStorage)") == []
    assert page.context.cookies() == []


def test_a_search_leaves_nothing_on_the_device(visit: Open) -> None:
    page = visit(SEARCH)
    page.locator("#search-results a").first.click()
    page.wait_for_url(lambda url: "search.html" not in url)
    assert page.evaluate("() => [...Object.keys(localStorage), ...Object.keys(sessionStorage)]") == []


@pytest.mark.parametrize("address", (HOME, CONTENT, SEARCH))
@pytest.mark.parametrize("width", (320, 1280))
def test_the_emergency_signs_are_the_second_stop(visit: Open, address: str, width: int) -> None:
    page = visit(address, width)
    focused = page.locator(":focus")
    page.keyboard.press("Tab")
    expect(focused).to_have_class(re.compile("skip-to-content"))
    expect(focused).to_be_in_viewport()
    page.keyboard.press("Tab")
    expect(focused).to_contain_text("Emergency signs")
    expect(focused).to_be_in_viewport()
    page.keyboard.press("Enter")
    page.wait_for_url("**/start/emergency-signs.html")


def test_the_skip_link_leads_to_the_text(visit: Open) -> None:
    page = visit(CONTENT)
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.locator("#furo-main-content")).to_be_focused()


# --- The clinicians' layer -----------------------------------------------------------------------------------------------


def test_the_clinicians_layer_opens_by_click_and_by_key(visit: Open) -> None:
    page = visit(CONTENT)
    layer = page.locator("details.hep-pro")
    body = layer.locator(".hep-pro-body")
    expect(body).to_be_hidden()
    layer.locator("summary").click()
    expect(body).to_be_visible()
    layer.locator("summary").press("Enter")
    expect(body).to_be_hidden()


def test_a_link_into_the_clinicians_layer_opens_it(visit: Open) -> None:
    page = visit(CONTENT)
    inside = page.evaluate("() => document.querySelector('details.hep-pro .hep-pro-body [id]').id")
    page.evaluate("(id) => (location.hash = id)", inside)
    expect(page.locator(f"#{inside}")).to_be_in_viewport()
    again = visit(f"{CONTENT}#{inside}")
    expect(again.locator("details.hep-pro .hep-pro-body")).to_be_visible()
    expect(again.locator(f"#{inside}")).to_be_in_viewport()


@pytest.mark.parametrize("script", (True, False))
def test_the_style_of_paper_shows_the_clinicians_layer(visit: Open, script: bool) -> None:
    page = visit(CONTENT, java_script_enabled=script)
    body = page.locator("details.hep-pro .hep-pro-body")
    page.emulate_media(media="print")
    expect(body).to_be_visible()
    page.emulate_media(media="screen")
    expect(body).to_be_hidden()


def test_a_print_shows_the_clinicians_layer_and_closes_it_again(visit: Open) -> None:
    page = visit(CONTENT)
    body = page.locator("details.hep-pro .hep-pro-body")
    page.evaluate(
        "() => addEventListener('beforeprint', () => { window.printed = document.querySelector('details.hep-pro').open; })"
    )
    assert len(page.pdf(format="A4")) > 10_000
    assert page.evaluate("() => window.printed") is True
    expect(body).to_be_hidden()


@pytest.mark.parametrize("scheme", SCHEMES)
def test_paper_is_black_on_white_without_the_frame(visit: Open, scheme: Scheme) -> None:
    page = visit(CONTENT, scheme=scheme)
    page.emulate_media(media="print", color_scheme=scheme)
    for part in (".hep-danger", ".hep-menu", ".hep-way", ".toc-drawer", ".hep-foot", ".theme-toggle", ".skip-to-content"):
        expect(page.locator(part).first).to_be_hidden()
    assert page.evaluate("() => getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"
    ink = page.evaluate("() => getComputedStyle(document.querySelector('article p')).color")
    assert max(map(int, re.findall(r"\d+", ink)[:3])) < 60, ink


# --- Without script ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("address", (HOME, CONTENT, GLOSSARY))
def test_a_page_can_be_read_without_script(visit: Open, address: str) -> None:
    page = visit(address, 390, java_script_enabled=False)
    with_script = visit(address, 390)
    for one in (page, with_script):
        open_everything(one)  # the script folds the list of sources
    words, expected = (one.locator("#furo-main-content").inner_text() for one in (page, with_script))
    assert len(expected) > 1000
    same = words == expected  # not in the assertion: pytest would take minutes to show how two long texts differ
    assert same, next(
        (pair for pair in zip(words.splitlines(), expected.splitlines(), strict=False) if len(set(pair)) > 1), "length"
    )
    expect(page.locator(".theme-toggle")).to_be_hidden()
    page.locator(".hep-menu > summary").click()
    expect(page.locator(".hep-menu-sheet a").first).to_be_visible()


def test_the_search_page_says_that_it_needs_script(visit: Open) -> None:
    page = visit("search.html", java_script_enabled=False)
    assert (
        "The search needs JavaScript" in page.locator("#furo-main-content").inner_text()
    )  # Playwright's own text leaves <noscript> out
