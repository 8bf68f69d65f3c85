/** Markup that is already escaped. Only `html` makes it, so a plain string can never reach a page unescaped. */
export interface Html {
  readonly markup: string;
}

type Value = Html | string | number | false | null | undefined | readonly Value[];

const entities: Record<string, string> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&#39;" };

const escape = (text: string): string => text.replace(/[&<>"']/g, (character) => entities[character] ?? character);

const isHtml = (value: object): value is Html => "markup" in value;

const render = (value: Value): string => {
  if (value === null || value === undefined || value === false) return "";
  if (typeof value === "string") return escape(value);
  if (typeof value === "number") return String(value);
  return isHtml(value) ? value.markup : value.map(render).join("");
};

/**
 * Tagged template for HTML and SVG. Strings are escaped (safe in text and in quoted attributes), lists are joined,
 * nested `html` is kept as it is; null, undefined and false leave nothing.
 */
export const html = (parts: TemplateStringsArray, ...values: Value[]): Html => ({
  markup: parts.reduce((page, part, index) => page + render(values[index - 1]) + part),
});
