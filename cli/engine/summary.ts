import type { UpdateSummary } from "@pulumi/pulumi/automation/index.js";
import { formatDuration } from "../terminal/clock.ts";

/** `up dev: 40 created, 3 unchanged in 0:12` */
export function formatUpdateSummary(what: string, { resourceChanges = {}, startTime, endTime }: Pick<UpdateSummary, "resourceChanges" | "startTime" | "endTime">): string {
  const words: Record<string, string> = { create: "created", update: "changed", delete: "deleted", replace: "replaced", same: "unchanged", refresh: "refreshed", read: "read" };
  const counts = Object.entries(resourceChanges).map(([op, count]) => `${String(count)} ${words[op] ?? op}`);
  const seconds = (new Date(endTime).getTime() - new Date(startTime).getTime()) / 1000;
  return `${what}: ${counts.join(", ") || "nothing there"} in ${formatDuration(seconds)}`;
}
