// Says what Sphinx's search found. Loaded before it, on the search page only.

// Sphinx would store what was searched for, to mark it in the next page. Hepatica keeps nothing of the kind.
// eslint-disable-next-line no-unused-vars -- read by searchtools.js
var SPHINX_HIGHLIGHT_ENABLED = false;

document.addEventListener("DOMContentLoaded", () => {
  const status = document.getElementById("search-status");
  const query = (new URLSearchParams(location.search).get("q") || "").trim();
  if (!status || !query) return;
  document.title = `${query} - ${document.title}`;
  status.textContent = "Searching …";
  new MutationObserver((_, observer) => {
    // Sphinx writes its own summary when it has finished: the only sign of that.
    if (!document.querySelector("#search-results .search-summary")?.textContent) return;
    observer.disconnect();
    const found = document.querySelectorAll("#search-results li").length;
    status.textContent = found
      ? `${found} ${found === 1 ? "place" : "places"} found for “${query}”.`
      : `Nothing found for “${query}”. Try one word, or another word for the same thing.`;
  }).observe(document.getElementById("search-results"), { childList: true, subtree: true, characterData: true });
});
