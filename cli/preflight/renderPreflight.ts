import type { TargetResult } from "../../jobs/preflight/index.ts";
import {
  checkStatuses,
  listCommonFacts,
  listDifferingFacts,
  listFailedNodes,
  readMeasuredRates,
} from "../../jobs/preflight/index.ts";
import { formatCount } from "../terminal/formatList.ts";
import type { PreflightOutcome } from "./preflightDocument.ts";
import { renderTargets } from "./renderTargets.ts";

function countStatuses(results: readonly TargetResult[]): string {
  const checks = results.flatMap((result) => result.checks);
  return checkStatuses
    .map((status) => `${String(checks.filter((check) => check.status === status).length)} ${status}`)
    .join(", ");
}

/** What was tested, as a record: kernel, driver and versions. */
function describeCommonFacts(results: readonly TargetResult[]): string[] {
  const facts = listCommonFacts(results);
  return facts.length === 0 ? [] : [`equal on all tested nodes: ${facts.join("; ")}`];
}

/** The measured network as the cluster's file may state it, for plans that reach no cluster; nothing if emulated. */
function describeNetworkSetting({ cluster, results }: PreflightOutcome): string[] {
  const { inNodeGBs, betweenNodesGBs } = readMeasuredRates(results) ?? {};
  const figures = Object.entries({ inNodeGBs, betweenNodesGBs }).flatMap(([key, value]) =>
    value === undefined ? [] : [`${key}: ${String(Number(value.toPrecision(3)))}`],
  );
  if (figures.length === 0) return [];
  const setting = `network: { ${figures.join(", ")} }`;
  return [
    "./mixcpt plan uses these figures where the cluster answers; for pull requests, add to " +
      `infra/Pulumi.${cluster}.yaml: ${setting}`,
  ];
}

/** Names the nodes that were put into quarantine, and those that failed and still get work. */
function describeQuarantine({ cluster, results, cordoned, closed }: PreflightOutcome): string[] {
  const open = listFailedNodes(results).filter((node) => !cordoned.includes(node) && !closed.includes(node));
  const quarantined = cordoned.filter((node) => !closed.includes(node));
  const release = `./mixcpt cluster release ${cluster}`;
  return [
    ...quarantined.map(
      (node) => `! ${node} is in quarantine and gets no new work; once it is repaired: ${release} ${node}`,
    ),
    ...open.map((node) => `! ${node} failed; keep new work from it: ./mixcpt cluster quarantine ${cluster} ${node}`),
  ];
}

/** Names the nodes that a required preflight opened, and those that it keeps closed. */
function describeRequirement({ cluster, opened, cordoned, closed }: PreflightOutcome): string[] {
  return [
    ...(opened.length === 0 ? [] : [`✓ passed, and open to trainings and evaluations: ${opened.join(", ")}`]),
    ...closed.map(
      (node) =>
        `! ${node} failed${cordoned.includes(node) ? ", is in quarantine" : ""} and gets no training or evaluation; ` +
        `once it is repaired: ./mixcpt preflight ${cluster} --nodes ${node}, which opens it`,
    ),
  ];
}

/** The tables of the tested nodes and pairs, and what is to be seen only in all of them. */
export function renderPreflight(outcome: PreflightOutcome): string {
  const { cluster, results, earlier } = outcome;
  const nodes = results.filter((result) => result.nodes.length === 1).length;
  const tested = `${formatCount(nodes, "node")}, ${formatCount(results.length - nodes, "pair")}`;
  return [
    ...renderTargets(results),
    ...describeCommonFacts(results),
    ...listDifferingFacts(results, earlier).map((fact) => `! the nodes differ in ${fact}`),
    ...describeQuarantine(outcome),
    ...describeRequirement(outcome),
    ...describeNetworkSetting(outcome),
    `preflight ${cluster}: ${tested}: ${countStatuses(results)}`,
  ].join("\n");
}
