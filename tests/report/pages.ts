import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { buildReport, publishedReport } from "../../jobs/report/build.ts";
import { analyse } from "../../jobs/report/category/analysis.ts";
import { renderPage } from "../../jobs/report/page/page.ts";
import { publishedFiles, readPublished } from "../../jobs/report/published/published.ts";
import { sampleNow, sampleStack, studyStack } from "../../jobs/report/report.fixture.ts";
import type { PlannedHours } from "../../jobs/report/report.ts";
import { addedStack } from "../support/addedStack.ts";

const published = readPublished(publishedFiles((name) => readFileSync(`jobs/published/${name}`, "utf8")));
const study = studyStack(published);
const planned: PlannedHours = new Map(study.cells.map(({ run }) => [run, { low: 150, high: 200 }]));

/** A page of every kind: a miniature with a missing cell, the paper's own numbers, runs of the study beside a miniature, and a stack that adds to the study. */
const contents = {
  miniature: () => renderPage(analyse(buildReport({ now: sampleNow, stacks: [{ ...sampleStack, configMaps: sampleStack.configMaps.slice(1) }], published }))),
  published: () => renderPage(analyse(publishedReport(published, sampleNow))),
  study: () => renderPage(analyse(buildReport({ now: sampleNow, stacks: [study, sampleStack], published, planned }))),
  added: () => renderPage(analyse(buildReport({ now: sampleNow, stacks: [addedStack], published }))),
};
export type PageName = keyof typeof contents;
export const pageNames = Object.keys(contents) as PageName[];

/** Pages as files, opened by their file: addresses as a reader would. */
export class PageFiles {
  readonly #folder = mkdtempSync(join(tmpdir(), "mixcpt-pages-"));

  address(name: PageName): string {
    const path = join(this.#folder, `${name}.html`);
    writeFileSync(path, contents[name]());
    return pathToFileURL(path).href;
  }

  remove(): void {
    rmSync(this.#folder, { recursive: true });
  }
}
