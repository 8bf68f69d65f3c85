import { join, resolve } from "node:path";
import type { AnalysedReport } from "../../jobs/report/category/analysis.ts";
import { toJson } from "../../jobs/report/json.ts";
import { renderPage } from "../../jobs/report/page/page.ts";
import { writeWhole } from "./files.ts";

export const jsonText = (report: AnalysedReport): string => `${JSON.stringify(toJson(report), null, 2)}\n`;

/** Writes index.html and report.json; gives the absolute path of the page. Rejects when the folder cannot be used. */
export async function writeReport(report: AnalysedReport, outDir: string): Promise<string> {
  const path = resolve(outDir, "index.html");
  await writeWhole(join(resolve(outDir), "report.json"), jsonText(report));
  await writeWhole(path, renderPage(report));
  return path;
}
