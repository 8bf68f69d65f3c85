import type { Score } from "./scores.ts";

/** The edition of a benchmark that a metric signature names: `flores_plus@5fec6c1`. The paper's own has no name. */
export const parseEditionName = (signature: string | null): string => /(?:^|\|)edition:([^|]+)/.exec(signature ?? "")?.[1] ?? "";

/** Editions that are not the paper's: scores on them cannot be set beside published ones. */
export const listOtherEditions = (cells: readonly { scores: readonly Score[] }[]): string[] =>
  [...new Set(cells.flatMap(({ scores }) => scores.map(({ signature }) => parseEditionName(signature))))].filter(Boolean).sort();
