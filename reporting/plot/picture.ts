import { html } from "../html.ts";
import type { Html } from "../html.ts";

export interface PictureText {
  /** Unique on the page. */
  readonly id: string;
  readonly title: string;
  /** The content of the picture in words and numbers, for readers who cannot see it. */
  readonly description: string;
}

interface PictureSize {
  readonly width: number;
  readonly height: number;
}

/** An SVG element with its title and description; it scales with its container. */
export function renderPicture(
  { id, title, description }: PictureText,
  { width, height }: PictureSize,
  content: readonly Html[],
): Html {
  return html`<svg role="img" aria-labelledby="${id}-t ${id}-d" viewBox="0 0 ${width} ${height}">\
<title id="${id}-t">${title}</title><desc id="${id}-d">${description}</desc>${content}</svg>`;
}
