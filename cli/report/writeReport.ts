import { join, resolve } from "node:path";
import type { ExpectedCell } from "../../jobs/report/cell.ts";
import { toJson } from "../../jobs/report/json.ts";
import { renderPage } from "../../jobs/report/page/page.ts";
import { buildReport } from "../../jobs/report/report.ts";
import { readCluster } from "./cluster.ts";
import { writeWhole } from "./files.ts";

export interface ReportOptions {
  /** Content of a kubeconfig. */
  readonly kubeconfig: string;
  readonly namespace: string;
  readonly stack: string;
  readonly cells: readonly ExpectedCell[];
  readonly outDir: string;
}

export interface WrittenReport {
  /** Absolute path of the page; report.json lies beside it. */
  readonly path: string;
  readonly cells: number;
  readonly cellsWithScores: number;
  readonly numbers: number;
  /** What is wrong with the scores found, one sentence each; the page shows them too. */
  readonly findings: readonly string[];
}

/** Writes index.html and report.json from the scores in the cluster. Rejects when the API server or the folder cannot be used. */
export const writeReport = async ({ kubeconfig, namespace, stack, cells, outDir }: ReportOptions): Promise<WrittenReport> => {
  const facts = await readCluster({ kubeconfig, namespace });
  const report = buildReport({ stack, now: new Date().toISOString(), cells, ...facts });
  const path = resolve(outDir, "index.html");
  const json = toJson(report);
  await writeWhole(join(resolve(outDir), "report.json"), `${JSON.stringify(json, null, 2)}\n`);
  await writeWhole(path, renderPage(report));
  const cellsWithScores = report.cells.filter(({ result }) => result !== null).length;
  return { path, cells: report.cells.length, cellsWithScores, numbers: json.cells.length, findings: report.findings };
};
