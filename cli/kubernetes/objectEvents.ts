import { parseMilliseconds } from "./apiObjects.ts";
import { createIndex } from "./objectIndex.ts";
import type { ClusterSnapshot, EventObject } from "./apiObjects.ts";

/** The time at which an event last happened, in milliseconds since 1970; 0 if it has none. */
export function getEventTime({ series, lastTimestamp, eventTime, metadata }: EventObject): number {
  const times = [series?.lastObservedTime, lastTimestamp, eventTime, metadata?.creationTimestamp];
  return times.map((time) => parseMilliseconds(time ?? undefined)).find((time) => time !== null) ?? 0;
}

export function isWarning({ type }: EventObject): boolean {
  return type === "Warning";
}

function formatEventKey(kind: string | undefined, name: string | undefined): string {
  return `${kind ?? ""}/${name ?? ""}`;
}

const findByObject = createIndex<EventObject>(({ involvedObject: { kind, name } }) => [formatEventKey(kind, name)]);

/** Lists the events of an object, the newest last. */
export function listObjectEvents(
  { events }: Pick<ClusterSnapshot, "events">,
  kind: string,
  name: string,
): EventObject[] {
  return findByObject(events, formatEventKey(kind, name)).toSorted((a, b) => getEventTime(a) - getEventTime(b));
}
