// Comfort for browsers that run scripts. Every page works without this file.
// The content security policy allows neither inline scripts nor inline styles
// nor eval, so htmx is told to do without them before it starts.
import htmx from "htmx.org/dist/htmx.esm.js";
import "./ranking.js";
import "./plan.js";

htmx.config.includeIndicatorStyles = false;
htmx.config.allowEval = false;
htmx.config.allowScriptTags = false;
htmx.config.selfRequestsOnly = true;
htmx.config.historyCacheSize = 0; // pages hold what others may not see: nothing stays in the browser

// A form is sent once: a second press would only bring back the same receipt,
// but the button should say that it has been pressed.
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.method !== "post" || form.matches("[hx-get], [hx-post]")) return;
  if (form.dataset.sent) {
    event.preventDefault();
    return;
  }
  form.dataset.sent = "yes";
  if (event.submitter) event.submitter.setAttribute("aria-busy", "true");
});

// Going back brings the page out of the browser's memory with the mark still on.
window.addEventListener("pageshow", () => {
  for (const form of document.querySelectorAll("form[data-sent]")) delete form.dataset.sent;
  for (const button of document.querySelectorAll("[aria-busy]")) button.removeAttribute("aria-busy");
});

// <select data-submit> sends its form when a choice is made; <input data-files>
// writes the names of the chosen files into the element that it names.
document.addEventListener("change", (event) => {
  const field = event.target;
  if (field.matches("select[data-submit]")) field.form.requestSubmit();
  if (field.matches("input[type=file][data-files]")) {
    const place = document.getElementById(field.dataset.files);
    if (place) place.textContent = Array.from(field.files, (file) => file.name).join("、");
  }
});

// <button data-print> prints the page.
document.addEventListener("click", (event) => {
  if (event.target.closest("[data-print]")) window.print();
});

// <input data-all="name"> ticks or unticks every box of that name in its form. It is
// shown only where scripts run.
const boxesOf = (all) => [...all.form.querySelectorAll("input[type=checkbox]")].filter((box) => box.name === all.dataset.all);
const tallyBoxes = (all) => {
  const boxes = boxesOf(all);
  all.checked = boxes.every((box) => box.checked);
  all.indeterminate = !all.checked && boxes.some((box) => box.checked);
};
document.addEventListener("DOMContentLoaded", () => {
  for (const all of document.querySelectorAll("input[data-all]")) {
    all.closest("label").hidden = false;
    tallyBoxes(all);
  }
});
document.addEventListener("change", (event) => {
  const field = event.target;
  if (field.matches("input[data-all]")) {
    for (const box of boxesOf(field)) box.checked = field.checked;
  } else if (field.matches("input[type=checkbox]") && field.form) {
    const all = [...field.form.querySelectorAll("input[data-all]")].find((one) => one.dataset.all === field.name);
    if (all) tallyBoxes(all);
  }
});

// A page that comes back with things to mend starts at their list.
document.addEventListener("DOMContentLoaded", () => {
  const list = document.querySelector("[data-mend]");
  if (list) list.focus();
});
