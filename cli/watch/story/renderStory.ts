import type { EventObject } from "../../kubernetes/apiObjects.ts";
import { getEventTime } from "../../kubernetes/objectEvents.ts";
import type { Stage } from "../cellStage.ts";
import { formatFlooredPercent, formatRoughDuration } from "../stageText.ts";
import { formatFailure } from "../workloadFailure.ts";
import type { ClusterRights } from "./suggestNextSteps.ts";
import { suggestNextSteps } from "./suggestNextSteps.ts";
import type { StoryEvents, StorySection } from "./cellStory.ts";
import type { ObjectState } from "./objectStates.ts";

export interface StoryFrame {
  readonly id: string;
  readonly stack: string;
  /** Stack of infra/. */
  readonly cluster: string;
  readonly rights: ClusterRights;
  /** Milliseconds since 1970. */
  readonly now: number;
  /** The kinds that could not be read, in one line; null if all could. */
  readonly notice: string | null;
}

function formatAge(since: number, now: number): string {
  return formatRoughDuration(Math.max(0, now - since) / 1000);
}

function formatAgo(since: number | null, now: number): string {
  return since === null ? "" : ` (for ${formatAge(since, now)})`;
}

function indentMessage(message: string): string[] {
  return message
    .trim()
    .split("\n")
    .map((line) => `      ${line}`);
}

function renderObject({ kind, name, state, since, messages }: ObjectState, now: number): string[] {
  return [`  ${kind} ${name}: ${state}${formatAgo(since, now)}`, ...messages.flatMap(indentMessage)];
}

function renderSection({ title, objects }: StorySection, now: number): string[] {
  return ["", title, ...objects.flatMap((object) => renderObject(object, now))];
}

function renderEvent(event: EventObject, now: number): string[] {
  const { involvedObject, type = "Normal", reason = "", message = "", count, series } = event;
  const times = series?.count ?? count ?? 1;
  const repeated = times > 1 ? `, ${String(times)} times` : "";
  const subject = `${involvedObject.kind ?? ""} ${involvedObject.name ?? ""}`;
  return [
    `  ${formatAge(getEventTime(event), now)} ago, ${type} ${reason} of ${subject}${repeated}`,
    ...indentMessage(message),
  ];
}

/** The sentence about a stage that no reason blocks. */
function describeUnblocked({ name, detail, failure }: Stage): string[] {
  if (failure !== null) return [formatFailure(failure)];
  if (name === "done") return ["all of it is done"];
  if (name === "not submitted") return ["the cluster has none of its objects"];
  if (name === "waiting for data") return [`waits for its data${detail === "" ? "" : `: ${detail}`}`];
  return ["the cluster gives no reason for waiting; nothing is known to block it"];
}

function listUnblockedSteps({ name, failure }: Stage, { stack, id }: StoryFrame): string[] {
  if (failure !== null) return [`look: ${failure.command}`, `fix the cause, then: ./mixcpt retry ${stack} ${id}`];
  return name === "not submitted" ? [`submit it: ./mixcpt refresh ${stack}, then ./mixcpt up ${stack}`] : [];
}

/** Renders the story of a cell: the reason that blocks it, what to do, its objects and their last events. */
export function renderStory(
  stage: Stage & { readonly percent?: number },
  story: StoryEvents,
  frame: StoryFrame,
): string[] {
  const { id, now, notice } = frame;
  const { reason, name, step } = stage;
  const progress = stage.percent === undefined ? "" : `, ${formatFlooredPercent(stage.percent)}`;
  const head = `${id}: ${name === step || name === "done" ? name : `${name} (${step})`}${progress}`;
  const said =
    reason === null
      ? describeUnblocked(stage)
      : [
          reason.summary,
          `  says ${reason.source} about ${reason.object.kind} ${reason.object.name}${formatAgo(reason.since, now)}:`,
          ...indentMessage(reason.message || "(no message)"),
        ];
  const steps = reason === null ? listUnblockedSteps(stage, frame) : suggestNextSteps(reason, frame);
  const events = story.events.flatMap((event) => renderEvent(event, now));
  return [
    head,
    ...said,
    ...(steps.length === 0 ? [] : ["", "what to do", ...steps.map((line) => `  ${line}`)]),
    ...story.sections.flatMap((section) => renderSection(section, now)),
    "",
    "last events",
    ...(events.length === 0 ? ["  none; the cluster keeps events for an hour"] : events),
    ...(notice === null ? [] : ["", notice]),
  ];
}
