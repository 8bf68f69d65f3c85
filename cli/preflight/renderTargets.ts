import type { CheckResult, CheckStatus, TargetResult } from "../../jobs/preflight/index.ts";
import { findWorstStatus } from "../../jobs/preflight/index.ts";
import { formatThreeDigits } from "../plan/formatNumbers.ts";
import { formatFirstItems } from "../terminal/formatList.ts";

/** With more nodes and pairs than these, the rows that need a reader would be lost among those that pass. */
const maxWholeTables = 8;
const maxNames = 8;

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

function renderTables(results: readonly TargetResult[]): string[] {
  const widths = measureColumns(results.flatMap(({ checks }) => checks));
  return results.flatMap((result) => renderTarget(result, widths));
}

/** Selects what a reader must see; a target without any other check was not tested, which its only row says. */
function selectTold(result: TargetResult): TargetResult {
  if (findWorstStatus(result.checks) === "skipped") return result;
  return { ...result, checks: result.checks.filter(({ status }) => status === "warn" || status === "fail") };
}

/** The lowest and the highest value of each check, with the nodes that have them. */
function renderRanges(results: readonly TargetResult[]): string[] {
  const measured = results.flatMap(({ nodes, checks }) =>
    checks.flatMap(({ name, value, unit, status }) =>
      value === null || status === "skipped" ? [] : [{ name, value, unit, target: formatTargetName(nodes) }],
    ),
  );
  return [...Map.groupBy(measured, ({ name }) => name)].flatMap(([name, values]) => {
    const sorted = values.sort((a, b) => a.value - b.value);
    const [lowest, highest] = [sorted[0], sorted.at(-1)];
    if (lowest === undefined || highest === undefined || values.length < 2 || lowest.value === highest.value) return [];
    const format = ({ value, target }: typeof lowest): string => `${formatThreeDigits(value)} (${target})`;
    return [`  ${name}: ${format(lowest)} to ${format(highest)} ${lowest.unit}`];
  });
}

/** Renders the checks of each node and pair; of many, those that warn or fail, and the range of each value. */
export function renderTargets(results: readonly TargetResult[]): string[] {
  if (results.length <= maxWholeTables) return renderTables(results);
  const passed = results.filter(({ checks }) => findWorstStatus(checks) === "pass");
  const names = passed.map(({ nodes }) => formatTargetName(nodes));
  return [
    ...renderTables(results.filter((result) => !passed.includes(result)).map(selectTold)),
    `✓ ${String(passed.length)} of ${String(results.length)} nodes and pairs pass without a warning` +
      (names.length === 0 ? "" : `: ${formatFirstItems(names, { limit: maxNames })}`),
    "the lowest and the highest value (--json has all):",
    ...renderRanges(results),
  ];
}
