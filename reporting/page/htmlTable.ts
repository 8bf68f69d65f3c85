import { html } from "../html.ts";
import type { Html } from "../html.ts";

export interface HtmlTable {
  readonly caption: string;
  /** Rows of header cells, `th` with scope. */
  readonly head: Html;
  readonly rows: readonly Html[];
}

/** A table that scrolls sideways in a box of its own where the screen is narrow; the box can be reached by keyboard. */
export function renderHtmlTable({ caption, head, rows }: HtmlTable): Html {
  return html`<div class="scroll" role="region" tabindex="0" aria-label="${caption}"><table><caption><span>${caption}</span></caption><thead>${head}</thead><tbody>${rows}</tbody></table></div>`;
}

/** Head of a column of numbers. */
export function renderColumnHead(text: string): Html {
  return html`<th scope="col">${text}</th>`;
}

/** Head of a column of text. */
export function renderTextHead(text: string): Html {
  return html`<th scope="col" class="text">${text}</th>`;
}
