/** Rows of text under headings. */
export interface TextTable {
  readonly headings: readonly string[];
  readonly rows: readonly (readonly string[])[];
}

function isNumberText(text: string): boolean {
  return /^[<\d.,–% ]*\d/.test(text);
}

/** Columns side by side for a terminal; those of numbers end at the same place. */
export function renderTextTable({ headings, rows }: TextTable): string {
  const widths = headings.map((heading, column) =>
    Math.max(heading.length, ...rows.map((row) => row[column]?.length ?? 0)),
  );
  const right = headings.map((_, column) => rows.length > 0 && rows.every((row) => isNumberText(row[column] ?? "")));
  const alignCells = (cells: readonly string[]): string =>
    cells
      .map((text, column) => (right[column] ? text.padStart(widths[column] ?? 0) : text.padEnd(widths[column] ?? 0)))
      .join("  ")
      .trimEnd();
  return [alignCells(headings), ...rows.map(alignCells)].join("\n");
}

function escapePipes(text: string): string {
  return text.replaceAll("|", "\\|");
}

/** The same as Markdown. */
export function renderMarkdownTable({ headings, rows }: TextTable): string {
  const joinCells = (cells: readonly string[]): string => `| ${cells.map(escapePipes).join(" | ")} |`;
  return [joinCells(headings), joinCells(headings.map(() => "---")), ...rows.map(joinCells)].join("\n");
}

/** How headings and tables are written. */
export interface PlanStyle {
  readonly heading: (text: string) => string;
  readonly table: (table: TextTable) => string;
  readonly item: (text: string) => string;
}

export const terminalStyle: PlanStyle = {
  heading: (text) => `${text}\n`,
  table: renderTextTable,
  item: (text) => `  ${text}`,
};
export const markdownStyle: PlanStyle = {
  heading: (text) => `### ${text}\n`,
  table: renderMarkdownTable,
  item: (text) => `- ${text}`,
};
