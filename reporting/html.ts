/** Markup that is already escaped. Only `html` creates it, so a plain string can never reach a page unescaped. */
export interface Html {
  readonly markup: string;
}

export type HtmlValue = Html | string | number | false | null | undefined | readonly HtmlValue[];

const htmlEntities: Record<string, string> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&#39;" };

function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => htmlEntities[character] ?? character);
}

function isHtml(value: object): value is Html {
  return "markup" in value;
}

function renderHtmlValue(value: HtmlValue): string {
  if (value === null || value === undefined || value === false) return "";
  if (typeof value === "string") return escapeHtml(value);
  if (typeof value === "number") return String(value);
  return isHtml(value) ? value.markup : value.map(renderHtmlValue).join("");
}

/**
 * Tagged template for HTML and SVG. Strings are escaped (safe in text and in quoted attributes), lists are joined,
 * nested `html` is inserted unchanged; null, undefined and false render nothing. Long templates continue on the next
 * line after a backslash, which adds no white space to the page.
 */
export function html(parts: TemplateStringsArray, ...values: HtmlValue[]): Html {
  return { markup: parts.reduce((page, part, index) => page + renderHtmlValue(values[index - 1]) + part) };
}
