/** An oddity of the published numbers: its number and text in `jobs/published/README.md`. */
export interface Oddity {
  readonly number: number;
  readonly text: string;
}

const odditiesHeading = /^## Oddities$/m;

/**
 * Reads the numbered list of oddities from the README beside the published numbers, so that a report's footnotes have
 * its wording and its numbers. Lines that continue an item are joined.
 */
export function parseOddities(readme: string): Oddity[] {
  const section = readme.split(odditiesHeading)[1]?.split(/^## /m)[0] ?? "";
  return [...section.matchAll(/^(\d+)\. ([^]*?)(?=^\d+\. |(?![^]))/gm)].map(([, number, text]) => ({
    number: Number(number),
    text: (text ?? "").replace(/\s+/g, " ").trim(),
  }));
}
