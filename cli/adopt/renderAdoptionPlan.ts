import type { InputChange } from "../preview/stepInputs.ts";
import { formatCount, formatFirstItems } from "../terminal/formatList.ts";
import type { AdoptionPlan } from "./adoptionPlan.ts";
import type { FolderMatch } from "./matchFolders.ts";

const maxListedChanges = 4;

function formatChanges(changes: readonly InputChange[]): string {
  return formatFirstItems(
    changes.map(({ input, old, new: value }) => `${input} ${old} → ${value}`),
    { limit: maxListedChanges },
  );
}

/** `runs/tiny-bi-alt-1a2b3c4d -> runs/tiny-bi-alt-5e6f7a8b` */
function formatNames({ declared, recorded }: FolderMatch): string {
  return `${recorded.path} -> ${declared.path}`;
}

/** Adds the changes of the code; there are none if only folders that it is made from have another name. */
function formatMatch(match: FolderMatch): string {
  return [formatNames(match), formatChanges(match.causes)].filter((part) => part !== "").join(": ");
}

function renderSection<Match>(title: string, matches: readonly Match[], format: (match: Match) => string): string[] {
  return matches.length === 0 ? [] : [`${title}:`, ...matches.map((match) => `  ${format(match)}`)];
}

function isMadeElsewhere({ obstacles }: FolderMatch): boolean {
  return obstacles.some(({ old, new: value }) => old.startsWith("/") && value.startsWith("/"));
}

const upstreamHint =
  "  a path that differs leads to a folder that is refused, or that another stack writes: adopt that stack first";

const judgementHint =
  "A link states that this change of the code leaves the results as they are. Scores do not show it later.";

/** Renders what `adopt` does with each folder whose name has changed. */
export function renderAdoptionPlan(stack: string, plan: AdoptionPlan): string {
  const { linked, unfinished, existing, blocked, refused } = plan;
  const count = Object.values(plan).flat().length;
  if (count === 0) return `adopt ${stack}: no folder of the store has another name at this commit`;
  return [
    `adopt ${stack}: ${formatCount(count, "folder")} of the store ${count === 1 ? "has" : "have"} another name ` +
      "at this commit",
    ...(existing.length > 0 ? [`${String(existing.length)} of them finished under the new name already`] : []),
    ...renderSection("finished, to be linked under the new name", linked, formatMatch),
    ...renderSection("not finished, so that up computes it", unfinished, (match) => {
      return `${formatNames(match)}: ${match.file} is missing`;
    }),
    ...renderSection("left alone, because the new name has an unfinished folder", blocked, (match) => {
      return `${formatNames(match)}: ${match.file} is missing; remove the new folder and adopt again`;
    }),
    ...renderSection("refused, because more than the code has changed", refused, (match) => {
      return `${formatNames(match)}: ${formatChanges(match.obstacles)}`;
    }),
    ...(refused.some(isMadeElsewhere) ? [upstreamHint] : []),
    ...(linked.length > 0 ? [judgementHint] : []),
  ].join("\n");
}
