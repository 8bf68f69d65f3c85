import type { Table } from "./table.ts";
import { markdownTable, textTable } from "./table.ts";

/** How headings and tables are written. */
export interface Style {
  heading: (text: string) => string;
  table: (table: Table) => string;
  item: (text: string) => string;
}

export const terminal: Style = { heading: (text) => `${text}\n`, table: textTable, item: (text) => `  ${text}` };
export const markdown: Style = { heading: (text) => `### ${text}\n`, table: markdownTable, item: (text) => `- ${text}` };
