import type { InputChange } from "../preview/stepInputs.ts";
import { formatCount, formatFirstItems } from "../terminal/formatList.ts";
import type { AdoptionPlan } from "./adoptionPlan.ts";
import type { FolderMatch } from "./matchFolders.ts";
import { unknownDevice } from "./matchFolders.ts";

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

function hasUnknownDevice({ obstacles }: FolderMatch): boolean {
  return obstacles.some(({ input, old }) => input === "device" && old === unknownDevice);
}

const deviceHint =
  "  runs from before names covered the code do not record their device: if it was the present one, --same-device says so";

const judgementHint =
  "A link states that this change of the code leaves the results as they are. Scores do not show it later.";

/** Renders what `adopt` does with each folder whose name has changed. */
export function renderAdoptionPlan(stack: string, plan: AdoptionPlan): string {
  const { linked, unfinished, running, existing, blocked, refused } = plan;
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
    ...renderSection("still running; adopt again once they have ended, before up", running, (match) => {
      return `${formatNames(match)}: ${match.recorded.object}`;
    }),
    ...renderSection("left alone, because the new name has an unfinished folder", blocked, (match) => {
      return `${formatNames(match)}: ${match.file} is missing; remove the new folder and adopt again`;
    }),
    ...renderSection("refused, because more than the code has changed", refused, (match) => {
      return `${formatNames(match)}: ${formatChanges(match.obstacles)}`;
    }),
    ...(refused.some(isMadeElsewhere) ? [upstreamHint] : []),
    ...(refused.some(hasUnknownDevice) ? [deviceHint] : []),
    ...(linked.length > 0 ? [judgementHint] : []),
  ].join("\n");
}

const maxListedFolders = 3;

/** Renders that the state may have forgotten folders, because `up` has submitted this commit already. */
export function renderEarlierFolders(folders: readonly string[]): string[] {
  if (folders.length === 0) return [];
  return [
    "the store has other folders that are named like those of this stack: " +
      formatFirstItems(folders, { limit: maxListedFolders }),
    "  adopt must run before up: if up has submitted this commit already, the state no longer says what they hold;",
    "  to adopt them, submit the earlier commit again, then adopt: docs/stacks.md#adopting-after-up",
  ];
}
