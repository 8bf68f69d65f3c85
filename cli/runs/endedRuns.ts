import type { RecordedRun } from "../engine/recordedRuns.ts";
import { formatCount, formatFirstItems } from "../terminal/formatList.ts";
import { formatRoughDuration } from "../watch/stageText.ts";
import type { LiveRun } from "./activeRuns.ts";
import { formatClusterName } from "./clusterReading.ts";
import type { ActiveRecordedRun, UnknownRuns } from "./stackSurvey.ts";

/** The runs that a command would end, and those of which it is unknown whether they are active. */
export interface EndedRuns {
  readonly ended: readonly ActiveRecordedRun[];
  readonly unknown: readonly UnknownRuns[];
}

type EndingVerb = "up" | "retry" | "destroy" | "adopt";

export interface EndingContext {
  readonly verb: EndingVerb;
  readonly stack: string;
  /** The cluster that the stack's file names; undefined for a command that submits nothing. */
  readonly target?: string | undefined;
}

const stepNouns: Readonly<Record<string, string>> = { train: "training", evaluate: "evaluation" };

/** `Tiny-Mono-Alt: training tiny-mono-alt-1a2b3c4d` */
export function formatRun({ cell, step, name }: Pick<LiveRun, "cell" | "step" | "name">): string {
  return `${cell ?? "several cells"}: ${stepNouns[step] ?? "data preparation"} ${name}`;
}

/** `2026-11-24 06:29 UTC (1 min)` */
function formatSince(since: number, now: number): string {
  const time = new Date(since).toISOString().slice(0, 16).replace("T", " ");
  return `${time} UTC (${formatRoughDuration((now - since) / 1000)})`;
}

/** `Tiny-Mono-Alt: training t1 on cluster "a", active since 2026-11-24 06:29 UTC (1 min), 12/24 steps` */
export function formatActiveRun(run: ActiveRecordedRun): string {
  const since = run.since === null ? "active" : `active since ${formatSince(run.since, run.now)}`;
  const progress = run.progress === null ? "" : `, ${run.progress}`;
  return `${formatRun(run)} on ${formatClusterName(run.cluster)}, ${since}${progress}`;
}

const maxListedUnknown = 5;

function formatUnknownRuns({ reason, runs }: UnknownRuns): string[] {
  const trainingsFirst = [...runs].sort((a, b) => Number(b.step === "train") - Number(a.step === "train"));
  const listed = formatFirstItems(trainingsFirst.map(formatRun), { limit: maxListedUnknown, separator: "; " });
  return [`  ${reason}`, `    recorded there: ${listed}`];
}

/** The clusters other than the target on which runs would end: the stack's file has been changed to another one. */
function listFormerClusters({ ended, unknown }: EndedRuns, target: string | undefined): string[] {
  if (target === undefined) return [];
  const names = [...ended, ...unknown].flatMap(({ cluster }) => cluster ?? []);
  return [...new Set(names)].filter((name) => name !== target);
}

function formatMoveAdvice(runs: EndedRuns, { stack, target }: EndingContext): string[] {
  const former = listFormerClusters(runs, target).map((name) => `"${name}"`);
  if (former.length === 0 || target === undefined) return [];
  const names = former.join(", ");
  return [
    `  Pulumi.${stack}.yaml names cluster "${target}" (mixcpt:cluster), but the state records runs on ${names}:`,
    `  name ${names} again to keep and watch them; ` +
      `to move, run ./mixcpt destroy ${stack} when they have ended, then up`,
  ];
}

function formatWaitAdvice(runs: EndedRuns, { verb, stack, target }: EndingContext): string[] {
  const { ended } = runs;
  if (ended.length === 0) return [];
  // `watch` reads the cluster that the file names, which is not the one where these runs are.
  if (listFormerClusters(runs, target).length > 0) return [];
  const differences = verb === "destroy" || verb === "adopt" ? "" : `./mixcpt preview ${stack} shows the differences; `;
  return [`  ${differences}./mixcpt watch ${stack} shows when they have ended`];
}

/** The ways to a cluster that cannot be read, and for one that no longer exists the end of its record. */
function formatUnknownAdvice({ unknown }: EndedRuns, { verb, stack }: EndingContext): string[] {
  // an adoption needs the record of a cluster that no longer exists
  const removal = `./mixcpt pulumi stack rm ${stack} --force --preserve-config`;
  const forget = verb === "adopt" ? "" : `; if it no longer exists, forget its runs: ${removal}`;
  return unknown.map(({ cluster }) => {
    const fetchKubeconfig = cluster === undefined ? "" : `, ./mixcpt cluster up ${cluster} writes its kubeconfig`;
    const ways = `./mixcpt doctor shows what is missing${fetchKubeconfig}`;
    return `  make ${formatClusterName(cluster)} reachable (${ways})${forget}`;
  });
}

/** The command that goes ahead. A retry ends nothing: the `up` that it would begin does. An adoption has to wait. */
function formatOverride({ verb, stack }: EndingContext): string[] {
  if (verb === "adopt") return [];
  if (verb === "destroy")
    return [`  ./mixcpt destroy ${stack} --end-running ends them; checkpoints in the store are kept`];
  return [`  ./mixcpt up ${stack} --replace-running ends them and submits what the file describes now`];
}

function formatHarm({ verb, stack }: EndingContext): string {
  return verb === "adopt" ? `adopt ${stack} would link folders of` : `${verb} ${stack} would end`;
}

function formatEndedCount(ended: readonly unknown[], unknown: readonly UnknownRuns[]): string {
  const unknownCount = unknown.reduce((sum, { runs }) => sum + runs.length, 0);
  const parts = [
    ...(ended.length > 0 ? [formatCount(ended.length, "active run")] : []),
    ...(unknownCount > 0 ? [`${formatCount(unknownCount, "run")} that may be active`] : []),
  ];
  return parts.join(" and ");
}

/**
 * Refuses to end runs: every command that deletes objects of a stack passes through here, and `adopt`, whose links
 * active runs would write through.
 * @throws Error that lists each run with cell, cluster, start and progress, and says what to do
 */
export function refuseEndingRuns(runs: EndedRuns, context: EndingContext): void {
  const { ended, unknown } = runs;
  if (ended.length + unknown.length === 0) return;
  throw new Error(
    [
      `${formatHarm(context)} ${formatEndedCount(ended, unknown)}; nothing was changed`,
      ...ended.map((run) => `  ${formatActiveRun(run)}`),
      ...unknown.flatMap(formatUnknownRuns),
      "what to do:",
      ...formatMoveAdvice(runs, context),
      ...formatWaitAdvice(runs, context),
      ...formatUnknownAdvice(runs, context),
      ...formatOverride(context),
    ].join("\n"),
  );
}

/** Narrows unknown runs to those that a preview announces to delete. */
export function narrowUnknownRuns(
  unknown: readonly UnknownRuns[],
  select: (runs: readonly RecordedRun[]) => readonly RecordedRun[],
): UnknownRuns[] {
  return unknown.map((group) => ({ ...group, runs: select(group.runs) })).filter(({ runs }) => runs.length > 0);
}

const maxListedForeign = 5;

/** @throws Error if `up` would create runs whose names others have already given to objects on the cluster */
export function refuseForeignRuns(foreign: readonly LiveRun[], { stack, target = "" }: EndingContext): void {
  if (foreign.length === 0) return;
  const names = foreign.map(formatRun);
  throw new Error(
    [
      `up ${stack} would submit ${formatCount(foreign.length, "run")} that cluster "${target}" already has and that ` +
        "the state of this checkout does not record; nothing was changed",
      `  ${formatFirstItems(names, { limit: maxListedForeign, separator: "\n  " })}`,
      "Another checkout or Pulumi backend submitted them, or this checkout lost its state; what to do:",
      `  work where they were submitted, or run ./mixcpt destroy ${stack} there first`,
      "  if that state no longer exists: " +
        `./mixcpt kubectl --cluster ${target} delete KIND NAME -n mixcpt, once they have ended`,
    ].join("\n"),
  );
}
