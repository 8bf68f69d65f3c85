import type { ChangeEstimate } from "../category/categoryVerdict.ts";
import { html } from "../html.ts";
import type { Html, HtmlValue } from "../html.ts";
import { formatIntervalBounds, formatWithSign } from "./textFormat.ts";

interface HtmlTable {
  readonly caption: string;
  /** Rows of header cells, `th` with scope. */
  readonly head: Html;
  readonly rows: readonly Html[];
}

/** A table in a box that scrolls sideways on a narrow screen; the box can be reached by keyboard. */
export function renderHtmlTable({ caption, head, rows }: HtmlTable): Html {
  return html`<div class="scroll" role="region" tabindex="0" aria-label="${caption}"><table>\
<caption><span>${caption}</span></caption><thead>${head}</thead><tbody>${rows}</tbody></table></div>`;
}

/** A box that filters the rows of its section. Only the page's script shows it, because nothing works without. */
export function renderFilterBox(section: string, example: string): Html {
  return html`<p class="filter" hidden><label for="filter-${section}">Show rows with</label> \
<input type="search" id="filter-${section}" placeholder="${example}" autocomplete="off"> \
<span role="status"></span></p>`;
}

export function renderHeadRow(cells: HtmlValue): Html {
  return html`<tr>${cells}</tr>`;
}

/** Head of a column of numbers. */
export function renderColumnHead(text: string): Html {
  return html`<th scope="col">${text}</th>`;
}

/** Head of a column of text. */
export function renderTextHead(text: string): Html {
  return html`<th scope="col" class="text">${text}</th>`;
}

/** Head of a column of text that spans both rows of a two-row table head. */
export function renderTallTextHead(text: string): Html {
  return html`<th scope="col" class="text" rowspan="2">${text}</th>`;
}

/** Head of several columns in the first row of a two-row table head. */
export function renderGroupHead(content: HtmlValue, columns: number): Html {
  return html`<th scope="colgroup" colspan="${columns}">${content}</th>`;
}

export function renderTableRow(head: HtmlValue, cells: HtmlValue): Html {
  return html`<tr><th scope="row">${head}</th>${cells}</tr>`;
}

export function renderCell(content: HtmlValue): Html {
  return html`<td>${content}</td>`;
}

export function renderTextCell(content: HtmlValue): Html {
  return html`<td class="text">${content}</td>`;
}

export function renderCodeCell(text: string): Html {
  return renderTextCell(renderCode(text));
}

/** A short text that is never wrapped. */
export function renderLineCell(content: HtmlValue): Html {
  return html`<td class="text line">${content}</td>`;
}

/** A missing number. */
export function renderAbsentCell(): Html {
  return html`<td class="absent">–</td>`;
}

/** A missing number whose reason is known. The top of the page has the reason, too, for paper and touch screens. */
export function renderFailedCell(reason: string): Html {
  return html`<td class="absent" title="${reason}">failed</td>`;
}

export function renderCode(text: string): Html {
  return html`<code>${text}</code>`;
}

export function renderBoldIf(isBold: boolean, text: string): Html {
  return isBold ? html`<b>${text}</b>` : html`${text}`;
}

interface ChangeFormat {
  readonly decimals: number;
  readonly intervalDecimals: number;
  readonly isBold?: boolean;
}

/** A change in percent with its interval, if it has one, each with its number of decimals. */
export function renderChangeCell(
  change: ChangeEstimate | null,
  { decimals, intervalDecimals, isBold = false }: ChangeFormat,
): Html {
  if (change === null) return renderAbsentCell();
  const pct = renderBoldIf(isBold, formatWithSign(change.pct, decimals));
  return change.interval === null
    ? renderCell(pct)
    : renderCell(html`${pct} <span class="interval">${formatIntervalBounds(change.interval, intervalDecimals)}</span>`);
}
