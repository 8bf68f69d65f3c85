import { open, rename, rm } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import type { JudgedReport } from "../../reporting/category/categoryVerdict.ts";
import type { ExportFile } from "../../reporting/export/exportFile.ts";
import { renderPage } from "../../reporting/page/renderPage.ts";
import { buildReportJson } from "../../reporting/reportJson.ts";
import { createOutputFolder } from "../createOutputFolder.ts";

export function formatReportJson(report: JudgedReport): string {
  return `${JSON.stringify(buildReportJson(report), null, 2)}\n`;
}

/**
 * Writes index.html and report.json; returns the absolute path of the page.
 * @throws Error if the folder cannot be created or written
 */
export async function writeReport(report: JudgedReport, outDir: string): Promise<string> {
  const path = resolve(outDir, "index.html");
  await writeFileAtomically(join(resolve(outDir), "report.json"), formatReportJson(report));
  await writeFileAtomically(path, renderPage(report));
  return path;
}

/** Writes files into a folder. A file of an earlier report stays if this one does not have it. */
export async function writeExportFiles(files: readonly ExportFile[], outDir: string): Promise<void> {
  for (const { path, text } of files) await writeFileAtomically(resolve(outDir, path), text);
}

/** Creates the folder and writes a file so that a reader sees the old or the new content, never a part of it. */
export async function writeFileAtomically(path: string, content: string): Promise<void> {
  createOutputFolder(dirname(path));
  const partial = `${path}.partial-${process.pid}`;
  try {
    const file = await open(partial, "w");
    try {
      await file.writeFile(content);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(partial, path);
  } catch (error) {
    await rm(partial, { force: true });
    throw error;
  }
}
