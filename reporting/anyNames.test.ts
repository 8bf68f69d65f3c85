import fc from "fast-check";
import { extendMatrix } from "../jobs/config/extendMatrix.ts";
import { formatSlug } from "../jobs/kube/objectNames.ts";
import { knownLanguages } from "../jobs/matrix/knownLanguages.ts";
import { studyMatrix } from "../jobs/matrix/index.ts";
import type { MatrixAxes, Matrix } from "../jobs/matrix/index.ts";
import { makeAddedCategory, makeAddedFamily, makeAddedStack } from "./addedStacks.fixture.ts";
import { renderPage } from "./page/renderPage.ts";
import { buildReportJson } from "./reportJson.ts";
import type { ReportJson } from "./reportJson.ts";
import { buildJudgedReport } from "./sampleReports.fixture.ts";

const studied = [
  ...Object.keys(studyMatrix.families),
  ...Object.keys(studyMatrix.mixtures),
  ...Object.keys(studyMatrix.categories),
  "base",
].map(formatSlug);

/** Names that a configuration may give, among them property names and other words with a meaning in JavaScript. */
const addedName = fc
  .oneof(
    fc.stringMatching(/^[A-Za-z0-9]{1,5}([.+-][A-Za-z0-9]{1,4})?$/),
    fc.constantFrom("2024", "toString", "constructor", "valueOf", "Code", "Mono.2"),
  )
  .filter((text) => !studied.includes(formatSlug(text)));

function addedNames(maxLength: number) {
  return fc.uniqueArray(addedName, { minLength: 1, maxLength, selector: formatSlug });
}

const codes = knownLanguages.map(({ code }) => code).filter((code) => code !== "eng_Latn");
const ingredients = fc.subarray(["monolingual", "bilingual", "code"] as const, { minLength: 1 });
const spoken = fc.shuffledSubarray(codes, { minLength: 2, maxLength: 5 });

function formatScoreLine({
  id,
  benchmark,
  direction,
  metric,
  language,
  value,
}: Pick<ReportJson["cells"][number], "id" | "benchmark" | "direction" | "metric" | "language" | "value">): string {
  return [id, benchmark, direction, metric, language, value].join(" ");
}

const additions = fc
  .record({
    family: addedName,
    prefix: addedName,
    title: fc.string({ minLength: 1, maxLength: 20 }),
    mixtures: addedNames(2),
    made: ingredients,
    categories: addedNames(2),
    spoken,
  })
  .filter(
    ({ prefix }) => !Object.values(studyMatrix.families).some((one) => formatSlug(one.prefix) === formatSlug(prefix)),
  );

type Additions = typeof additions extends fc.Arbitrary<infer Value> ? Value : never;

/** The axes of the additions beside one mixture and one category of the study. */
function makeAddedAxes({ mixtures, categories }: Additions): MatrixAxes {
  return { data: ["Mono", ...mixtures], categories: ["Alt", ...categories] };
}

function makeAddedMatrix({ family, prefix, title, mixtures, made, categories, spoken: languages }: Additions): Matrix {
  return extendMatrix({
    families: { [family]: makeAddedFamily(title, prefix) },
    mixtures: Object.fromEntries(mixtures.map((mixture) => [mixture, made])),
    categories: Object.fromEntries(categories.map((category) => [category, makeAddedCategory(category, languages)])),
  });
}

describe("a report of cells that the study does not have", () => {
  it("has every given score exactly once in its data, whatever the names of the cells", () => {
    fc.assert(
      fc.property(additions, (added) => {
        const { stack, given } = makeAddedStack(makeAddedMatrix(added), added.family, { axes: makeAddedAxes(added) });
        fc.pre(new Set(stack.cells.map(({ id }) => formatSlug(id))).size === stack.cells.length);
        const report = buildJudgedReport(stack);
        expect(report.findings).toEqual([]);
        expect(buildReportJson(report).cells.map(formatScoreLine).sort()).toEqual(
          given.flatMap(({ cell, scores }) => scores.map((score) => formatScoreLine({ id: cell, ...score }))).sort(),
        );
      }),
      { numRuns: 50 },
    );
  });

  it("has unique ids on its page and each cell in its tables, whatever the names of the cells", () => {
    fc.assert(
      fc.property(additions, (added) => {
        const { stack } = makeAddedStack(makeAddedMatrix(added), added.family, { axes: makeAddedAxes(added) });
        fc.pre(new Set(stack.cells.map(({ id }) => formatSlug(id))).size === stack.cells.length);
        const page = renderPage(buildJudgedReport(stack));
        const ids = [...page.matchAll(/ id="([^"]*)"/g)].map(([, id]) => id);
        expect(ids.filter((id, index) => ids.indexOf(id) !== index)).toEqual([]);
        expect(stack.cells.filter(({ id }) => !page.includes(`<th scope="row">${id}</th>`))).toEqual([]);
      }),
      { numRuns: 20 },
    );
  });
});
