/** Rows of text under headings. */
export interface Table {
  headings: readonly string[];
  rows: readonly (readonly string[])[];
}

const isNumber = (text: string): boolean => /^[<\d.,–% ]*\d/.test(text);

/** Columns side by side for a terminal; those of numbers end at the same place. */
export function textTable({ headings, rows }: Table): string {
  const widths = headings.map((heading, column) => Math.max(heading.length, ...rows.map((row) => row[column]?.length ?? 0)));
  const right = headings.map((_, column) => rows.length > 0 && rows.every((row) => isNumber(row[column] ?? "")));
  const line = (cells: readonly string[]): string =>
    cells.map((text, column) => (right[column] ? text.padStart(widths[column] ?? 0) : text.padEnd(widths[column] ?? 0))).join("  ").trimEnd();
  return [line(headings), ...rows.map(line)].join("\n");
}

const escaped = (text: string): string => text.replaceAll("|", "\\|");

/** The same as Markdown. */
export function markdownTable({ headings, rows }: Table): string {
  const line = (cells: readonly string[]): string => `| ${cells.map(escaped).join(" | ")} |`;
  return [line(headings), line(headings.map(() => "---")), ...rows.map(line)].join("\n");
}
