import { join, resolve } from "node:path";
import type { JudgedReport } from "../../jobs/report/category/analysis.ts";
import { buildReportJson } from "../../jobs/report/json.ts";
import { renderPage } from "../../jobs/report/page/page.ts";
import { writeFileAtomically } from "./files.ts";

export const formatReportJson = (report: JudgedReport): string => `${JSON.stringify(buildReportJson(report), null, 2)}\n`;

/** Writes index.html and report.json; gives the absolute path of the page. Rejects when the folder cannot be used. */
export async function writeReport(report: JudgedReport, outDir: string): Promise<string> {
  const path = resolve(outDir, "index.html");
  await writeFileAtomically(join(resolve(outDir), "report.json"), formatReportJson(report));
  await writeFileAtomically(path, renderPage(report));
  return path;
}
