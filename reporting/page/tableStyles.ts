/** Tables, the buttons that sort them, and the boxes that filter them. */
export const tableStyles = `.scroll { overflow-x: auto; margin: 1rem 0 1.5rem; }
.scroll thead th:first-child, .scroll tbody th[scope="row"] {
  position: sticky;
  left: 0;
  z-index: 1;
  background: var(--paper);
}
.scroll thead tr + tr th:first-child:not([scope="row"]) { position: static; }
th button {
  padding: 0;
  border: 0;
  min-height: 1.5rem;
  background: none;
  color: inherit;
  font: inherit;
  text-align: inherit;
  cursor: pointer;
}
thead .marks a { display: inline-block; min-width: 1.5rem; line-height: 1.5rem; text-align: center; }
th button:hover { text-decoration: underline; }
th button:focus-visible { outline: 2px solid var(--accent); outline-offset: 2px; }
th[aria-sort="ascending"] button::after { content: " ▲" / ""; }
th[aria-sort="descending"] button::after { content: " ▼" / ""; }
.sorted tbody tr.total { border-top: 1px solid var(--faint); }
.filter { display: flex; flex-wrap: wrap; gap: 0.5rem; align-items: baseline; }
.filter[hidden], .part:not(:has(.scroll:not([hidden]))) { display: none; }
.filter input {
  min-width: 16rem;
  padding: 0.25rem 0.5rem;
  border: 1px solid var(--soft);
  background: var(--paper);
  color: inherit;
  font: inherit;
}
.permalink { color: var(--soft); font-weight: 400; font-size: 0.8em; text-decoration: none; }
.scroll:focus-visible { outline: 2px solid var(--accent); outline-offset: 2px; }
table {
  border-collapse: collapse;
  font-size: 0.875rem;
  font-variant-numeric: tabular-nums;
  border-top: 1.5px solid var(--ink);
  border-bottom: 1.5px solid var(--ink);
}
caption { text-align: left; font-weight: 600; padding-bottom: 0.4rem; }
caption span { position: sticky; left: 0; display: inline-block; max-width: calc(100vw - 2.5rem); }
th, td { padding: 0.25rem 0.4rem; text-align: right; vertical-align: baseline; white-space: nowrap; }
th:first-child, td:first-child { padding-left: 0.25rem; }
thead { border-bottom: 1px solid var(--ink); }
thead th[scope="colgroup"] { text-align: center; }
tbody tr + tr { border-top: 1px solid var(--faint); }
tbody tr.total { border-top: 1px solid var(--ink); }
th[scope="row"], .text { text-align: left; }
th[scope="row"] { font-weight: 400; }
table:has(thead tr + tr) th[scope="row"] { white-space: normal; min-width: 7rem; max-width: 20rem; }
table:has(thead tr + tr) .interval { display: block; font-size: 0.93em; }
td.text { white-space: normal; min-width: 4rem; }
tr.training th { font-weight: 600; }
td.text:has(code) { min-width: 9rem; }
thead th { font-weight: 600; white-space: normal; vertical-align: bottom; }
thead tr + tr th, td .interval, td.line { white-space: nowrap; }
td.absent { color: var(--soft); }
`;
