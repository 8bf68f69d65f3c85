import type { JudgedReport } from "../category/categoryVerdict.ts";
import type { ExportFile } from "./exportFile.ts";
import { buildFigureFiles } from "./figureFiles.ts";
import { buildLatexTables } from "./latexTables.ts";
import { renderLatexTable } from "./latexText.ts";
import { renderScoresCsv } from "./scoreRows.ts";

/** The kinds of files that a report may leave beside its page. */
export const exportKinds = ["csv", "latex", "figures"] as const;
export type ExportKind = (typeof exportKinds)[number];

/** A document that shows all tables, to look at them before they are in a paper. */
function renderPreviewDocument(names: readonly string[]): string {
  const inputs = names.map((name) => `\\input{${name}}\n\\clearpage\n`).join("");
  return `\\documentclass{article}
\\usepackage{booktabs}
\\usepackage{adjustbox}
\\begin{document}
${inputs}\\end{document}
`;
}

function buildLatexFiles(report: JudgedReport): ExportFile[] {
  const tables = buildLatexTables(report);
  if (tables.length === 0) return [];
  return [
    ...tables.map((table) => ({ path: `tables/${table.name}.tex`, text: renderLatexTable(table) })),
    { path: "tables/preview.tex", text: renderPreviewDocument(tables.map(({ name }) => name)) },
  ];
}

/** The files of some kinds: `scores.csv`, `tables/*.tex`, `figures/*.svg`. */
export function buildExportFiles(report: JudgedReport, kinds: readonly ExportKind[]): ExportFile[] {
  return kinds.flatMap((kind) => {
    if (kind === "csv") return [{ path: "scores.csv", text: renderScoresCsv(report) }];
    return kind === "latex" ? buildLatexFiles(report) : buildFigureFiles(report);
  });
}
