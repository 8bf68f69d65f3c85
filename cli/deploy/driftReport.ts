import { formatFirstItems } from "../terminal/formatList.ts";

/** A stack whose cluster differs from its state or from this commit. */
export interface DriftedStack {
  /** `viking`, `infra/lumi` */
  readonly name: string;
  /** What a deployment would change, such as `create v7-bi-stag-1a2b3c4d`; or why it is unknown. */
  readonly changes: readonly string[];
}

/** The mark by which the workflow finds the issue that it opened earlier. */
export const driftMarker = "<!-- mixcpt drift -->";

const maxListedChanges = 50;

/** Renders the body of the issue on drift. */
export function renderDriftReport(stacks: readonly DriftedStack[]): string {
  if (stacks.length === 0)
    return [driftMarker, "Every cluster is as its state and this commit describe it.", ""].join("\n");
  return [
    driftMarker,
    "A refresh and a preview found differences. A deployment would make these changes:",
    "",
    ...stacks.flatMap(({ name, changes }) => [
      `### ${name}`,
      "",
      `- ${formatFirstItems(changes, { limit: maxListedChanges, separator: "\n- " })}`,
      "",
    ]),
  ].join("\n");
}
