/** A run of `preflight` to its end, and what it printed. */
import { expectSuccess, runMixcpt } from "./mixcptCommand.ts";

interface PreflightRun {
  /** Check and status of each row, by the heading of the target. */
  readonly rows: ReadonlyMap<string, string[]>;
  /** The last line, without the name of the cluster. */
  readonly summary: string;
}

function readRows(lines: readonly string[]): Map<string, string[]> {
  const rows = new Map<string, string[]>();
  for (const [index, line] of lines.entries()) {
    const [, name = "", status = ""] = /^ {2}[✓!✗–] (\S+) +(pass|warn|fail|skipped)/.exec(line) ?? [];
    const isHeading = status === "" && /^ {2}[✓!✗–] /.test(lines[index + 1] ?? "") && !line.startsWith(" ");
    if (isHeading) rows.set(line, []);
    if (status !== "") [...rows.values()].at(-1)?.push(`${name} ${status}`);
  }
  return rows;
}

/** @throws Error with the whole output if a check fails */
export async function runPreflight(cluster: string): Promise<PreflightRun> {
  const result = await runMixcpt("preflight", cluster);
  expectSuccess(result);
  const lines = result.stdout.trimEnd().split("\n");
  const summary = lines.at(-1)?.replace(`preflight ${cluster}: `, "") ?? "";
  return { rows: readRows(lines), summary };
}
