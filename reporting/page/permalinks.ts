import type { Html } from "../html.ts";

const headingPattern = /<(h[2-4]) id="([^"]+)">([^]*?)<\/\1>/g;
const linkedHeading = '<$1 id="$2">$3 <a class="permalink" href="#$2" aria-label="Link to this part">#</a></$1>';

/** Adds a link to itself to every heading with an id, so that a reader can copy the address of a part of the page. */
export function addPermalinks({ markup }: Html): Html {
  return { markup: markup.replace(headingPattern, linkedHeading) };
}
