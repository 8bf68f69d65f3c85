/**
 * The page's only script. It sorts and filters what is already on the page, so that nothing is missing without it, and
 * requests nothing. Plain JavaScript, because a page that is opened from a disk has no build step.
 */
export const pageScript = `
"use strict";

/* Head cells of single columns with their positions; a cell of a two-row head may span rows or columns. */
function listColumnHeads(table) {
  const rows = [...table.tHead.rows];
  const taken = rows.map(() => []);
  return rows.flatMap((row, top) => {
    let column = 0;
    return [...row.cells].flatMap((head) => {
      while (taken[top][column]) column += 1;
      const first = column;
      for (let down = 0; down < head.rowSpan; down += 1)
        for (let across = 0; across < head.colSpan; across += 1) taken[top + down][first + across] = true;
      column += head.colSpan;
      return head.colSpan === 1 && top + head.rowSpan === rows.length ? [{ head, column: first }] : [];
    });
  });
}

/* The first number of a cell, or null for a dash or a word. */
function readNumber(text) {
  const match = /^[^0-9]{0,2}[0-9][0-9,]*(\\.[0-9]+)?/.exec(text.trim());
  return match === null ? null : Number(match[0].replace("\\u2212", "-").replace(/[^-.0-9]/g, ""));
}

/* Missing values come last in both directions. */
function compareTexts(one, other, direction) {
  const [a, b] = [readNumber(one), readNumber(other)];
  if (a !== null && b !== null) return (a - b) * direction;
  if (a !== null || b !== null) return a === null ? 1 : -1;
  return one.localeCompare(other, "en") * direction;
}

function sortRows(table, column, order) {
  const body = table.tBodies[0];
  table.originalRows ??= [...body.rows];
  const rows = [...table.originalRows];
  const direction = order === "ascending" ? 1 : -1;
  const readCell = (row) => row.cells[column]?.textContent ?? "";
  if (order !== "none") rows.sort((one, other) => compareTexts(readCell(one), readCell(other), direction));
  body.append(...rows);
  table.classList.toggle("sorted", order !== "none");
}

/* Numbers start with the highest, texts with the first letter; the third press restores the original order. */
function findNextOrder(order, isText) {
  const orders = isText ? ["ascending", "descending", "none"] : ["descending", "ascending", "none"];
  return orders[(orders.indexOf(order ?? "none") + 1) % 3];
}

function addSortButton(table, heads, { head, column }) {
  const button = document.createElement("button");
  button.type = "button";
  const marks = head.querySelector(".marks");
  button.append(...[...head.childNodes].filter((node) => node !== marks));
  head.prepend(button);
  button.addEventListener("click", () => {
    const order = findNextOrder(head.getAttribute("aria-sort"), head.classList.contains("text"));
    for (const other of heads) other.head.removeAttribute("aria-sort");
    if (order !== "none") head.setAttribute("aria-sort", order);
    sortRows(table, column, order);
  });
}

for (const table of document.querySelectorAll("table")) {
  if (table.tBodies[0].rows.length < 3) continue;
  const heads = listColumnHeads(table);
  for (const head of heads) addSortButton(table, heads, head);
}

/* Shows the rows that have every word, in themselves or in the caption of their table. */
function filterRows(section, text, status) {
  const words = text.toLowerCase().split(/\\s+/).filter(Boolean);
  let shown = 0;
  let all = 0;
  for (const table of section.querySelectorAll("table")) {
    const caption = table.caption.textContent;
    let visible = 0;
    for (const row of table.tBodies[0].rows) {
      const content = (caption + " " + row.textContent).toLowerCase();
      row.hidden = !words.every((word) => content.includes(word));
      visible += row.hidden ? 0 : 1;
    }
    table.closest(".scroll").hidden = visible === 0;
    shown += visible;
    all += table.tBodies[0].rows.length;
  }
  for (const details of section.querySelectorAll("details"))
    details.open = words.length > 0 && details.querySelector("tbody tr:not([hidden])") !== null;
  status.textContent = words.length === 0 ? "" : shown + " of " + all + " rows";
}

for (const box of document.querySelectorAll(".filter")) {
  box.hidden = false;
  const input = box.querySelector("input");
  const status = box.querySelector("[role=status]");
  input.addEventListener("input", () => filterRows(box.closest("section"), input.value, status));
}

/* A link to something within a folded part unfolds it. */
function unfoldTarget() {
  const target = document.getElementById(decodeURIComponent(location.hash.slice(1)));
  const details = target?.closest("details:not([open])");
  if (!details) return;
  details.open = true;
  target.scrollIntoView();
}
addEventListener("hashchange", unfoldTarget);
unfoldTarget();
`;
