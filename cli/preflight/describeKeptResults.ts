import type { TargetResult } from "../../jobs/preflight/index.ts";
import type { DoctorFinding } from "../commands/doctorDocument.ts";
import { formatCount } from "../terminal/formatList.ts";
import { formatTargetName } from "./renderTargets.ts";

function listFailures({ nodes, checks }: TargetResult): string[] {
  return checks
    .filter(({ status }) => status === "fail")
    .map(({ name, detail, advice }) => `${formatTargetName(nodes)}: ${name}: ${detail}; ${advice}`);
}

const millisecondsPerDay = 86_400_000;

/** `less than a day ago`, `3 days ago` */
export function formatAge(milliseconds: number): string {
  const days = Math.floor(milliseconds / millisecondsPerDay);
  return days === 0 ? "less than a day ago" : `${formatCount(days, "day")} ago`;
}

/** Describes the kept results: their age, and what failed. */
export function describeKeptResults(cluster: string, results: readonly TargetResult[], now: Date): DoctorFinding {
  const subject = `preflight of cluster ${cluster}`;
  const [oldest] = results.map(({ time }) => Date.parse(time)).sort((a, b) => a - b);
  const never = `never run; ./mixcpt preflight ${cluster} tests the nodes`;
  if (oldest === undefined) return { subject, observation: never };
  const nodes = results.filter((result) => result.nodes.length === 1).length;
  const tested = `${formatCount(nodes, "node")} and ${formatCount(results.length - nodes, "pair")}`;
  const failures = results.flatMap(listFailures);
  const age = formatAge(now.getTime() - oldest);
  const observation = `${tested} tested, ${formatCount(failures.length, "failure")}, the oldest ${age}`;
  return failures.length === 0
    ? { subject, observation }
    : {
        subject,
        observation,
        remedy: [...failures, `then run ./mixcpt preflight ${cluster} again`].join("\n        "),
      };
}
