import { plotRules } from "../plot/plotStyle.ts";
import { tableStyles } from "./tableStyles.ts";

/** The page's style sheet. Text and accent colors have a contrast of at least 4.5:1, in light and dark. */
export const styleSheet = `
:root {
  color-scheme: light dark;
  --paper: #fff;
  --ink: #1d2329;
  --soft: #57606a;
  --line: #d5dae0;
  --faint: #eceff2;
  --accent: #0b5cad;
  --warn: #8a4b00;
  --warn-paper: #fff6e5;
  --note-paper: #eef4fb;
  --others: #c9d0d8;
  --one: #0b5cad;
  --two: #b8480a;
  --three: #00775a;
  --band: #e2e7ec;
  --tile: #f5f7f9;
}
@media (prefers-color-scheme: dark) {
  :root {
    --paper: #14181c;
    --ink: #e4e8ec;
    --soft: #a3adb8;
    --line: #39424c;
    --faint: #242b32;
    --accent: #7ab8ff;
    --warn: #ffc670;
    --warn-paper: #2d2415;
    --note-paper: #182635;
    --others: #46515d;
    --one: #7ab8ff;
    --two: #ff9d5c;
    --three: #4fd1a5;
    --band: #262d34;
    --tile: #1c2228;
  }
}
* { box-sizing: border-box; }
html { -webkit-text-size-adjust: 100%; scroll-behavior: smooth; }
body {
  margin: 0 auto;
  max-width: 88rem;
  padding: 2rem 1.25rem 4rem;
  background: var(--paper);
  color: var(--ink);
  font: 16px/1.55 system-ui, "Segoe UI", "Noto Sans", "DejaVu Sans", sans-serif;
}
h1 { font-size: 2rem; line-height: 1.2; margin: 0 0 1.25rem; letter-spacing: -0.01em; }
h2 {
  font-size: 1.4rem;
  margin: 3rem 0 0.75rem;
  padding-top: 0.75rem;
  border-top: 2px solid var(--ink);
  line-height: 1.25;
}
.summary h2 { margin-top: 1.5rem; }
.summary > .soft { max-width: none; margin: 0.5rem 0; font-size: 0.875rem; }
.summary .scroll { margin-top: 0.5rem; }
h3 { font-size: 1.1rem; margin: 2.25rem 0 0.75rem; }
h4 { font-size: 1rem; margin: 1.75rem 0 0.5rem; }
p, .rule { max-width: 46rem; }
a { color: var(--accent); }
code { font: 0.85em ui-monospace, "SFMono-Regular", "DejaVu Sans Mono", monospace; overflow-wrap: anywhere; }
th code { font-weight: 400; color: var(--soft); }
.kicker { margin: 0 0 0.25rem; color: var(--soft); }
.facts {
  display: grid;
  grid-template-columns: repeat(auto-fit, minmax(13rem, 1fr));
  gap: 0.75rem 1.5rem;
  margin: 0 0 1.5rem;
}
.facts dt { color: var(--soft); font-size: 0.875rem; }
.facts dd { margin: 0; font-weight: 600; }
.lead { font-size: 1.25rem; line-height: 1.4; }
.tiles { display: grid; grid-template-columns: repeat(auto-fit, minmax(14rem, 1fr)); gap: 0.75rem; margin: 1rem 0; }
.tile { padding: 0.75rem 1rem; background: var(--tile); border-top: 3px solid var(--accent); }
ul.tiles { padding: 0; list-style: none; }
.tile p { font-size: 0.875rem; }
.tile .panel-title { font-size: 1rem; }
.verdict {
  display: inline-block;
  padding: 0 0.5em;
  border: 1.5px solid var(--soft);
  border-radius: 0.75em;
  font-size: 0.8125rem;
  line-height: 1.5;
  white-space: nowrap;
}
.verdict.holds { border-color: var(--three); color: var(--three); }
.verdict.does-not-hold { border-color: var(--two); color: var(--two); }
.verdict.mixed { border-color: var(--one); color: var(--one); border-style: dashed; }
.verdict.cannot-tell { border-style: dotted; color: var(--soft); }
.claims li { max-width: 60rem; margin: 0.5rem 0; }
.reasons { display: block; font-size: 0.94em; }
.matrix table { width: 100%; min-width: 46rem; }
.matrix td { line-height: 1.3; padding: 0.2rem 0.5rem; }
.matrix td a { color: inherit; text-decoration: none; display: block; }
.matrix td a:hover { text-decoration: underline; }
.tile dt { font-size: 0.875rem; font-weight: 600; }
.tile dd { margin: 0; }
.tile dd b { font-size: 2rem; line-height: 1.2; }
.tile span { display: block; color: var(--soft); font-size: 0.875rem; line-height: 1.4; }
.soft, .interval, .change { color: var(--soft); }
.marks { line-height: 0; font-size: 0.7em; font-weight: 400; }
.marks a { padding: 0 0.1em; }
.notes li { max-width: 46rem; margin: 0.4rem 0; padding-left: 0.25rem; }
:target { background: var(--note-paper); }
.callout {
  max-width: none;
  margin: 0.75rem 0;
  padding: 0.75rem 1rem;
  border-left: 4px solid var(--accent);
  background: var(--note-paper);
}
.callouts { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(20rem, 100%), 1fr)); gap: 0 1rem; }
.callouts .callout { font-size: 0.875rem; line-height: 1.45; }
.warning { border-color: var(--warn); background: var(--warn-paper); }
.callout h2 { margin: 0; padding: 0; border: 0; font-size: 1rem; }
.callout ul { margin: 0.5rem 0 0; padding-left: 1.25rem; }
nav ul { display: flex; flex-wrap: wrap; gap: 0.25rem 1.5rem; padding: 0; margin: 1.5rem 0 0; list-style: none; }
figure { margin: 1.25rem 0 0.75rem; }
figcaption { max-width: 46rem; margin-bottom: 0.5rem; color: var(--soft); font-size: 0.9375rem; }
figcaption strong { color: var(--ink); }
.panels { display: grid; gap: 1rem 1.25rem; }
.panels.three { grid-template-columns: repeat(auto-fit, minmax(min(18rem, 100%), 1fr)); }
.panels.three .panel {
  max-width: 30rem; display: grid; grid-row: span 3; grid-template-rows: subgrid; gap: 0; align-content: start;
}
.panels.four { grid-template-columns: repeat(4, minmax(0, 1fr)); gap: 1rem 0.75rem; }
.panel-title { margin: 0 0 0.25rem; font-size: 0.9375rem; font-weight: 600; }
.panel-note { margin: 0 0 0.5rem; color: var(--soft); font-size: 0.8125rem; line-height: 1.35; }
svg {
  display: block;
  width: 100%;
  height: auto;
  overflow: visible;
  font: 11px system-ui, "Segoe UI", "Noto Sans", "DejaVu Sans", sans-serif;
}
.legend svg { display: inline-block; width: 14px; height: 14px; vertical-align: -2px; }
.legend {
  display: flex;
  flex-wrap: wrap;
  gap: 0.25rem 1.25rem;
  margin: 0 0 0.75rem;
  padding: 0;
  list-style: none;
  font-size: 0.875rem;
}
svg.hidden { position: absolute; width: 0; height: 0; }
${plotRules}${tableStyles}details { border-top: 1px solid var(--line); padding: 0.5rem 0; }
summary { cursor: pointer; }
footer { margin-top: 3rem; color: var(--soft); font-size: 0.875rem; }
@media (max-width: 40rem) {
  body { padding: 1.25rem 1rem 3rem; }
  h1 { font-size: 1.6rem; }
  .panels.four { grid-template-columns: repeat(2, minmax(0, 1fr)); }
  table { font-size: 0.8125rem; }
  th, td { padding: 0.25rem 0.3rem; }
  th[scope="row"] { white-space: normal; max-width: 9rem; }
}
@media print {
  :root {
    --paper: #fff;
    --ink: #000;
    --soft: #444;
    --line: #bbb;
    --faint: #e4e4e4;
    --accent: #0b5cad;
    --warn: #8a4b00;
    --warn-paper: #fff;
    --note-paper: #fff;
    --others: #c9d0d8;
    --one: #0b5cad;
    --two: #b8480a;
    --three: #00775a;
    --band: #e9ecef;
    --tile: #fff;
  }
  body { max-width: none; padding: 0; font-size: 10pt; }
  nav, .filter, .permalink { display: none; }
  details:not([open]) > summary::after { content: " (folded, and therefore not printed)"; color: var(--soft); }
  h2, h3, h4, caption, .panel-title, figcaption { break-after: avoid; }
  h2 { margin-top: 1.5rem; }
  .panel, tr, .callout { break-inside: avoid; }
  .panels.three { grid-template-columns: repeat(3, 1fr); }
  .panels.four { grid-template-columns: repeat(4, 1fr); }
  .scroll { overflow: visible; }
  .matrix table { min-width: 0; }
  .matrix td, .matrix thead th { padding: 0.1rem; overflow-wrap: anywhere; }
  th, td, thead tr + tr th, td .interval, td.line { white-space: normal; padding: 0.1rem 0.2rem; }
  th code, td.text:has(code), table:has(thead tr + tr) th[scope="row"] { min-width: 0; }
  table { font-size: 7.5pt; max-width: 100%; }
  .tiles { grid-template-columns: repeat(3, 1fr); }
  a { color: inherit; text-decoration: none; }
}
`;
