import type { CheckResult, CheckStatus, TargetResult } from "../../jobs/preflight/index.ts";
import { checkStatuses, listDifferingFacts, listFailedNodes, readMeasuredRates } from "../../jobs/preflight/index.ts";
import { formatThreeDigits } from "../plan/formatNumbers.ts";
import { formatCount } from "../terminal/formatList.ts";
import type { PreflightOutcome } from "./preflightDocument.ts";

const statusMarks: Readonly<Record<CheckStatus, string>> = { pass: "✓", warn: "!", fail: "✗", skipped: "–" };

function formatValue({ value, unit }: CheckResult): string {
  return value === null ? "" : `${formatThreeDigits(value)} ${unit}`;
}

export function formatTargetName(nodes: readonly string[]): string {
  return nodes.join(" and ");
}

interface ColumnWidths {
  readonly name: number;
  readonly value: number;
}

function measureColumns(checks: readonly CheckResult[]): ColumnWidths {
  const measure = (texts: readonly string[]): number => Math.max(0, ...texts.map(({ length }) => length));
  return { name: measure(checks.map(({ name }) => name)), value: measure(checks.map(formatValue)) };
}

function renderCheck(check: CheckResult, { name, value }: ColumnWidths): string[] {
  const cells = [check.name.padEnd(name), check.status.padEnd("skipped".length), formatValue(check).padStart(value)];
  const row = `  ${statusMarks[check.status]} ${cells.join("  ")}  ${check.detail}`;
  return check.advice === "" ? [row] : [row, `      → ${check.advice}`];
}

function renderTarget({ nodes, checks }: TargetResult, widths: ColumnWidths): string[] {
  return [formatTargetName(nodes), ...checks.flatMap((check) => renderCheck(check, widths))];
}

function countStatuses(results: readonly TargetResult[]): string {
  const checks = results.flatMap((result) => result.checks);
  return checkStatuses
    .map((status) => `${String(checks.filter((check) => check.status === status).length)} ${status}`)
    .join(", ");
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
  const { cluster, results } = outcome;
  const widths = measureColumns(results.flatMap(({ checks }) => checks));
  const nodes = results.filter((result) => result.nodes.length === 1).length;
  const tested = `${formatCount(nodes, "node")}, ${formatCount(results.length - nodes, "pair")}`;
  return [
    ...results.flatMap((result) => renderTarget(result, widths)),
    ...listDifferingFacts(results).map((fact) => `! the nodes differ in ${fact}`),
    ...describeQuarantine(outcome),
    ...describeRequirement(outcome),
    ...describeNetworkSetting(outcome),
    `preflight ${cluster}: ${tested}: ${countStatuses(results)}`,
  ].join("\n");
}
