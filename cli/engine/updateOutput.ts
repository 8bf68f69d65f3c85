import type { EngineEvent, UpdateSummary } from "@pulumi/pulumi/automation/index.js";
import { formatDuration } from "../terminal/durationAndBar.ts";
import type { OperationSummary } from "./runOperation.ts";

/** A resource that takes at least this long gets its own line. */
const slowResourceSeconds = 10;

/** The name of a resource, which is the last part of its URN. */
export function extractResourceName(urn: string): string {
  return urn.split("::").at(-1) ?? urn;
}

function extractResourceType(urn: string): string {
  return (urn.split("::").at(-2) ?? urn).split("$").at(-1) ?? urn;
}

/**
 * Creates a handler of engine events that prints changed resources: slow ones, failures and warnings of commands one by
 * one, the others as a count. `print` receives complete lines.
 */
export function createEventPrinter(print: (line: string) => void): (event: EngineEvent) => void {
  const started = new Map<string, number>();
  let changed = 0;
  return ({ resourcePreEvent, resOutputsEvent, diagnosticEvent }) => {
    if (resourcePreEvent !== undefined) started.set(resourcePreEvent.metadata.urn, Date.now());
    // errors without a resource are printed at the end, with the final error
    if (
      diagnosticEvent?.severity === "error" &&
      diagnosticEvent.urn !== undefined &&
      extractResourceType(diagnosticEvent.urn) !== "pulumi:pulumi:Stack"
    )
      print(`  ✗ ${extractResourceName(diagnosticEvent.urn)}: ${stripColorTags(diagnosticEvent.message)}`);
    const warning = extractWarning(diagnosticEvent?.message ?? "");
    if (warning !== undefined) print(`  ${warning}`);
    if (resOutputsEvent === undefined || resOutputsEvent.metadata.op === "same") return;
    const { urn, op } = resOutputsEvent.metadata;
    const seconds = (Date.now() - (started.get(urn) ?? Date.now())) / 1000;
    changed += 1;
    if (seconds >= slowResourceSeconds)
      print(`  ${op} ${extractResourceName(urn)} (${extractResourceType(urn)}) in ${formatDuration(seconds)}`);
    else if (changed % 50 === 0) print(`  ${String(changed)} resources`);
  };
}

/** A line with which a command reports that it skipped something, such as a host that does not answer. */
function extractWarning(message: string): string | undefined {
  const text = stripColorTags(message);
  return text.startsWith("warning: ") ? text : undefined;
}

function stripColorTags(text: string): string {
  return text.replaceAll(/<\{%[^%]*%\}>/g, "").trim();
}

const operationWords: Readonly<Record<string, string>> = {
  create: "created",
  update: "changed",
  delete: "deleted",
  replace: "replaced",
  same: "unchanged",
  refresh: "refreshed",
  read: "read",
};

/** `40 created, 3 unchanged` */
export function formatResourceChanges(changes: Readonly<Record<string, number>>): string {
  const counts = Object.entries(changes).map(([op, count]) => `${String(count)} ${operationWords[op] ?? op}`);
  return counts.join(", ") || "no resources";
}

/** `up dev: 40 created, 3 unchanged in 0:12` */
export function formatOperation(what: string, { resourceChanges, seconds }: OperationSummary): string {
  return `${what}: ${formatResourceChanges(resourceChanges)} in ${formatDuration(seconds)}`;
}

/** The same of what Pulumi's API returns. */
export function formatUpdateSummary(
  what: string,
  { resourceChanges = {}, startTime, endTime }: Pick<UpdateSummary, "resourceChanges" | "startTime" | "endTime">,
): string {
  const seconds = (new Date(endTime).getTime() - new Date(startTime).getTime()) / 1000;
  return formatOperation(what, { resourceChanges, seconds });
}
