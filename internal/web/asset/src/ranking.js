// A page prints by the browser's own menu; where scripts run, a button does it too.
for (const button of document.querySelectorAll("[data-print]")) {
  button.hidden = false;
  button.addEventListener("click", () => window.print());
}
