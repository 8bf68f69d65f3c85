import { wrapToWidth } from "../terminal/fitToWidth.ts";

/** A table of text cells with a heading per column. */
export interface TextTable {
  readonly headings: readonly string[];
  readonly rows: readonly (readonly string[])[];
}

function isNumberText(text: string): boolean {
  return /^[<\d.,–% ]*\d/.test(text);
}

/** Renders a table with aligned columns for a terminal; columns of numbers are right-aligned. */
export function renderTextTable({ headings, rows }: TextTable): string {
  const widths = headings.map((heading, column) =>
    Math.max(heading.length, ...rows.map((row) => row[column]?.length ?? 0)),
  );
  const rightAligned = headings.map(
    (_, column) => rows.length > 0 && rows.every((row) => isNumberText(row[column] ?? "")),
  );
  const alignCells = (cells: readonly string[]): string =>
    cells
      .map((text, column) =>
        rightAligned[column] ? text.padStart(widths[column] ?? 0) : text.padEnd(widths[column] ?? 0),
      )
      .join("  ")
      .trimEnd();
  return [alignCells(headings), ...rows.map(alignCells)].join("\n");
}

function escapePipes(text: string): string {
  return text.replaceAll("|", "\\|");
}

/** Renders a table as Markdown. */
export function renderMarkdownTable({ headings, rows }: TextTable): string {
  const joinCells = (cells: readonly string[]): string => `| ${cells.map(escapePipes).join(" | ")} |`;
  return [joinCells(headings), joinCells(headings.map(() => "---")), ...rows.map(joinCells)].join("\n");
}

/** Functions that format the parts of a plan for one output format. */
export interface PlanStyle {
  readonly heading: (text: string) => string;
  readonly table: (table: TextTable) => string;
  readonly item: (text: string) => string;
}

/** Builds the style for a terminal of a width. Sentences are wrapped; a table is not cut, as numbers would be lost. */
export function buildTerminalStyle(width: number): PlanStyle {
  return {
    heading: (text) => `${text}\n`,
    table: renderTextTable,
    item: (text) => wrapToWidth(text, { width, indent: "  " }),
  };
}
export const markdownStyle: PlanStyle = {
  heading: (text) => `### ${text}\n`,
  table: renderMarkdownTable,
  item: (text) => `- ${text}`,
};
