import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { buildReport, buildPublishedReport } from "../../reporting/buildReport.ts";
import { judgeReport } from "../../reporting/category/categoryVerdict.ts";
import { renderPage } from "../../reporting/page/renderPage.ts";
import { publishedNumbers } from "../../reporting/published/publishedNumbers.fixture.ts";
import { sampleNow, sampleStack, makeStudyStack } from "../../reporting/sampleStacks.fixture.ts";
import type { PlannedHours } from "../../reporting/reportModel.ts";
import { addedStack } from "../support/addedStack.ts";

const pageStudyStack = makeStudyStack(publishedNumbers);
const pagePlannedHours: PlannedHours = new Map(pageStudyStack.cells.map(({ run }) => [run, { low: 150, high: 200 }]));

/**
 * A page of every kind: a miniature with a missing cell, the paper's own numbers, runs of the study beside a miniature,
 * and a stack that adds to the study.
 */
const pageRenderers = {
  miniature: () =>
    renderPage(
      judgeReport(
        buildReport({
          now: sampleNow,
          stacks: [{ ...sampleStack, configMaps: sampleStack.configMaps.slice(1) }],
          published: publishedNumbers,
        }),
      ),
    ),
  published: () => renderPage(judgeReport(buildPublishedReport(publishedNumbers, sampleNow))),
  study: () =>
    renderPage(
      judgeReport(
        buildReport({
          now: sampleNow,
          stacks: [pageStudyStack, sampleStack],
          published: publishedNumbers,
          plannedHours: pagePlannedHours,
        }),
      ),
    ),
  added: () =>
    renderPage(judgeReport(buildReport({ now: sampleNow, stacks: [addedStack], published: publishedNumbers }))),
};
export type PageName = keyof typeof pageRenderers;
export const pageNames = Object.keys(pageRenderers) as PageName[];

/** Pages written to files, which a browser opens at their `file:` addresses as a reader would. */
export class PageFiles {
  readonly #folder = mkdtempSync(join(tmpdir(), "mixcpt-pages-"));

  /** Writes a page and returns its address. */
  writePage(name: PageName): string {
    const path = join(this.#folder, `${name}.html`);
    writeFileSync(path, pageRenderers[name]());
    return pathToFileURL(path).href;
  }

  removeFolder(): void {
    rmSync(this.#folder, { recursive: true });
  }
}
