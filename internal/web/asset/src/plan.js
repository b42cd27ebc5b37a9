// Comfort for plans and splits; both work without it.

document.documentElement.classList.add("scripted"); // shows buttons that only a script serves

// Opening a row of a plan fetches its parts and puts them below it; closing hides them.
document.addEventListener("click", (event) => {
  const twist = event.target.closest("a[data-parts]");
  if (!twist || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  const row = twist.closest("tr");
  const open = twist.getAttribute("aria-expanded") === "true";
  if (open) {
    for (const below of rowsBelow(row)) below.hidden = true;
    show(twist, false);
  } else if (rowsBelow(row).length > 0) {
    reveal(row);
    show(twist, true);
  } else {
    fetchParts(twist, row);
  }
});

function depth(row) { return Number(row.dataset.depth); }

// rowsBelow are the rows after a row that stand deeper than it.
function rowsBelow(row) {
  const out = [];
  for (let next = row.nextElementSibling; next && next.dataset.depth && depth(next) > depth(row); next = next.nextElementSibling) out.push(next);
  return out;
}

// reveal shows the rows one level down again, and what is open below them.
function reveal(row) {
  let shut = Infinity;
  for (const below of rowsBelow(row)) {
    if (depth(below) <= shut) shut = Infinity;
    if (shut === Infinity) below.hidden = false;
    const twist = below.querySelector("a[data-parts]");
    if (shut === Infinity && twist && twist.getAttribute("aria-expanded") === "false") shut = depth(below);
  }
}

function show(twist, open) {
  twist.setAttribute("aria-expanded", String(open));
  twist.setAttribute("aria-label", open ? twist.dataset.close : twist.dataset.open);
  twist.textContent = open ? "▾" : "▸";
}

function fetchParts(twist, row) {
  twist.setAttribute("aria-busy", "true");
  fetch(twist.dataset.parts, { credentials: "same-origin", headers: { "HX-Request": "true" } })
    .then((answer) => (answer.ok && !answer.redirected ? answer.text() : Promise.reject(answer)))
    .then((text) => {
      const piece = new DOMParser().parseFromString(text, "text/html");
      row.after(...piece.querySelectorAll("tr"));
      show(twist, true);
    })
    .catch(() => { location.href = twist.href; }) // the page itself says what is wrong
    .then(() => twist.removeAttribute("aria-busy"));
}

// A split shows its sum while numbers are typed. It counts in whole numbers of
// ten-thousandths, like the server; what it cannot read, or not hold exactly
// (beyond 9 × 10^11), it leaves to the server.
const scale = 10000;

function quantity(text) {
  const m = /^(\d{1,11})(?:\.(\d{1,4}))?$/.exec(text.replace(/[,，\s]/g, ""));
  return m ? Number(m[1]) * scale + Number((m[2] || "").padEnd(4, "0")) : null;
}

function written(n) {
  const whole = Math.floor(n / scale).toString().replace(/\B(?=(\d{3})+$)/g, ",");
  const part = (n % scale).toString().padStart(4, "0").replace(/0+$/, "");
  return part ? whole + "." + part : whole;
}

document.addEventListener("input", (event) => {
  const form = event.target.closest("form[data-split]");
  if (!form || !event.target.matches("[data-part]")) return;
  const goal = quantity(form.dataset.split);
  let given = 0;
  for (const field of form.querySelectorAll("[data-part]")) {
    if (field.value.trim() === "") continue;
    const n = quantity(field.value);
    if (n === null) return;
    given += n;
  }
  if (goal === null) return;
  const line = form.querySelector("[data-sum]");
  const kind = given < goal ? "gap" : given > goal ? "over" : "even";
  const rest = given < goal ? goal - given : given - goal;
  line.textContent = form.dataset[kind].replace("{given}", written(given)).replace("{goal}", written(goal)).replace("{rest}", written(rest));
  const row = line.closest("tr");
  row.classList.toggle("gap", kind === "gap");
  row.classList.toggle("over", kind === "over");
});
