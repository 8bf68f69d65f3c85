import type { TextTable } from "./table.ts";
import { renderMarkdownTable, renderTextTable } from "./table.ts";

/** How headings and tables are written. */
export interface PlanStyle {
  heading: (text: string) => string;
  table: (table: TextTable) => string;
  item: (text: string) => string;
}

export const terminalStyle: PlanStyle = { heading: (text) => `${text}\n`, table: renderTextTable, item: (text) => `  ${text}` };
export const markdownStyle: PlanStyle = { heading: (text) => `### ${text}\n`, table: renderMarkdownTable, item: (text) => `- ${text}` };
