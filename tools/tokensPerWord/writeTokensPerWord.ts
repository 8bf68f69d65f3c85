/**
 * Counts the Declaration again and writes what follows from it (`npm run tokens-per-word`): a module of the code and
 * the tables of docs/recipes.md. The tables follow from the written module: run this twice if the counts changed. With
 * `--check` it writes nothing, and fails if a file is out of date.
 */
import { readFileSync, writeFileSync } from "node:fs";
import { categories, categoryNames, english } from "../../jobs/matrix/index.ts";
import { countDeclarations } from "./countDeclarations.ts";
import { renderDeclarationModule } from "./declarationModule.ts";
import { renderEpochsTable, renderEvidenceTable, renderTokensTable } from "./recipeTables.ts";

const modulePath = "jobs/matrix/declarationCounts.ts";
const pagePath = "docs/recipes.md";

function replaceTable(page: string, name: string, table: string): string {
  const [begin, end] = [`<!-- ${name}: written by npm run tokens-per-word -->`, `<!-- ${name}: end -->`];
  const [before, after] = [page.indexOf(begin), page.indexOf(end)];
  if (before < 0 || after < before) throw new Error(`${pagePath}: "${begin}" or "${end}" is missing; add both lines`);
  return `${page.slice(0, before)}${begin}\n\n${table}\n\n${page.slice(after)}`;
}

function renderPage(page: string): string {
  const training = categoryNames.flatMap((name) => categories[name].training);
  const tables = {
    evidence: renderEvidenceTable(),
    "tokens per word": renderTokensTable([english.code, ...training]),
    epochs: renderEpochsTable(),
  };
  return Object.entries(tables).reduce((text, [name, table]) => replaceTable(text, name, table), page);
}

const files = [
  [modulePath, renderDeclarationModule(countDeclarations())],
  [pagePath, renderPage(readFileSync(pagePath, "utf8"))],
] as const;
const stale = files.filter(([path, text]) => readFileSync(path, "utf8") !== text);
if (process.argv.includes("--check")) {
  for (const [path] of stale) console.error(`${path} is out of date; run npm run tokens-per-word`);
  process.exitCode = stale.length > 0 ? 1 : 0;
} else {
  for (const [path, text] of stale) writeFileSync(path, text);
  console.log(stale.map(([path]) => path).join("\n") || "nothing changed");
}
