// The reader's choice of colours, set before anything is painted. It is the one thing that Hepatica remembers.
(() => {
  let scheme = null;
  try {
    scheme = localStorage.getItem("theme");
  } catch {
    // Storage is switched off: follow the device.
  }
  document.body.dataset.theme = scheme === "light" || scheme === "dark" ? scheme : "auto";
})();
