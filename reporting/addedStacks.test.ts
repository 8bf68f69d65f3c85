import fc from "fast-check";
import { formatSlug } from "../jobs/kube/objectNames.ts";
import { listFamilyCells } from "../jobs/matrix/matrixCell.ts";
import { extendMatrix } from "../jobs/config/extendMatrix.ts";
import { knownLanguages } from "../jobs/matrix/knownLanguages.ts";
import { studyMatrix } from "../jobs/matrix/index.ts";
import type { MatrixAxes, Matrix } from "../jobs/matrix/index.ts";
import type { JudgedReport } from "./category/categoryVerdict.ts";
import { buildReportJson } from "./reportJson.ts";
import type { ReportJson } from "./reportJson.ts";
import { renderPage } from "./page/renderPage.ts";
import { groupCells } from "./reportModel.ts";
import type { StackInput } from "./reportModel.ts";
import { buildJudgedReport, studyStack } from "./sampleReports.fixture.ts";
import { makeCellScores, makeScoresConfigMap, sampleStack } from "./sampleStacks.fixture.ts";
import type { CellScores } from "./scoresConfigMap.ts";

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

const shape = { parameters: 1, hidden: 1, layers: 1, heads: 1, keyValueHeads: 1, feedForward: 1, vocabulary: 1 };

function makeAddedFamily(title: string, prefix: string) {
  return { title, prefix, repository: `owner/${prefix}`, revision: "0".repeat(40), gated: false, shape };
}

function makeAddedCategory(title: string, [first = "", ...related]: readonly string[]) {
  return { title, training: [first], related, words: { monolingual: {}, bilingual: {} } };
}

interface AddedStack {
  readonly stack: StackInput;
  readonly given: readonly CellScores[];
}

function listWholeAxes(matrix: Matrix): MatrixAxes {
  return { data: Object.keys(matrix.mixtures), categories: Object.keys(matrix.categories) };
}

/** A stack of a family, with scores for all of its cells. */
function makeAddedStack(
  matrix: Matrix,
  family: string,
  { stack = "own", axes = listWholeAxes(matrix) }: { stack?: string; axes?: MatrixAxes } = {},
): AddedStack {
  const cells = listFamilyCells(family, axes, matrix);
  const given = cells.map(({ id, slug, parts: { category } }, index) =>
    makeCellScores({ id, run: `${slug}-${stack}` }, ["eng_Latn", ...category.training, ...category.related], index),
  );
  return {
    given,
    stack: {
      stack,
      matrix,
      cells: given.map(({ cell, run }) => ({ id: cell, run })),
      bases: [],
      configMaps: given.map((scores) => makeScoresConfigMap(scores, 10)),
      hardware: null,
    },
  };
}

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

const nguni = { Nguni: makeAddedCategory("Nguni", ["zul_Latn", "ssw_Latn"]) };

function makeNguniMatrix(repository: string, more: Partial<Parameters<typeof extendMatrix>[0]> = {}): Matrix {
  return extendMatrix({
    families: { qwen: { ...makeAddedFamily("Qwen", "Q"), repository } },
    mixtures: {},
    categories: nguni,
    ...more,
  });
}

/** The stack with scores of its base model. */
function addEvaluatedBase({ stack }: AddedStack, seed: number): StackInput {
  const base = makeCellScores({ id: "Q-base", run: `q-base-${stack.stack}` }, ["zul_Latn", "ssw_Latn"], seed);
  return {
    ...stack,
    bases: [{ id: "Q-base", run: base.run }],
    configMaps: [...stack.configMaps, makeScoresConfigMap(base, 5)],
  };
}

describe("stacks that add something", () => {
  it("are labeled if a reader could confuse their families", () => {
    const [one, other] = ["one", "other"].map(
      (name) => makeAddedStack(makeNguniMatrix("owner/qwen"), "qwen", { stack: name }).stack,
    ) as [StackInput, StackInput];
    expect(groupCells(buildJudgedReport(one, other)).map(({ name }) => name)).toEqual(["Qwen (one)", "Qwen (other)"]);
    expect(groupCells(buildJudgedReport(one, sampleStack)).map(({ name }) => name)).toEqual(["Qwen", "Tiny Llama"]);
    const sameIds = makeAddedStack(
      extendMatrix({ families: { other: makeAddedFamily("Something else", "Q") }, mixtures: {}, categories: nguni }),
      "other",
      { stack: "third" },
    ).stack;
    expect(buildJudgedReport(one, sameIds).cells.map(({ label }) => label)).toEqual(
      expect.arrayContaining(["Q-Bi-Nguni (one)", "Q-Bi-Nguni (third)"]),
    );
  });

  it("are compared with a base model that another stack evaluated, if it is the same model", () => {
    const one = addEvaluatedBase(makeAddedStack(makeNguniMatrix("owner/qwen"), "qwen", { stack: "one" }), 3);
    const [same, another] = ["owner/qwen", "owner/another"].map(
      (repository) => makeAddedStack(makeNguniMatrix(repository), "qwen", { stack: "other" }).stack,
    ) as [StackInput, StackInput];
    const hasBase = (stack: StackInput): boolean[] =>
      buildJudgedReport(one, stack)
        .cells.filter(({ run }) => run.endsWith("-other"))
        .map(({ base }) => base.size > 0);
    expect(new Set(hasBase(same))).toEqual(new Set([true]));
    expect(new Set(hasBase(another))).toEqual(new Set([false]));
  });

  describe("and define one name differently", () => {
    const one = makeAddedStack(makeNguniMatrix("owner/qwen"), "qwen", { stack: "one" }).stack;
    const other = makeAddedStack(
      makeNguniMatrix("owner/qwen", { categories: { Nguni: makeAddedCategory("Nguni", ["xho_Latn", "ssw_Latn"]) } }),
      "qwen",
      { stack: "other" },
    ).stack;

    it("are named in a finding, unlike stacks with the same definition", () => {
      expect(buildJudgedReport(one, { ...one, stack: "again" }).findings).toEqual([]);
      expect(buildJudgedReport(one, other).findings).toEqual([
        "Stacks one and other define the category Nguni differently, so what the report says of one does not hold " +
          "for the other; rename one of them.",
      ]);
    });

    it("have their own training languages in their own tables", () => {
      const page = renderPage(buildJudgedReport(one, other));
      const extractLanguageTable = (group: string): string =>
        page.split(`<caption><span>SIB-200: accuracy (%): ${group}, Nguni languages`)[1]?.split("</table>")[0] ?? "";
      const listTrainingCodes = (group: string): string[] =>
        [...extractLanguageTable(group).matchAll(/<code>(\w+)<\/code><\/th><td class="text line">training/g)].map(
          ([, code = ""]) => code,
        );
      expect([listTrainingCodes("Qwen (one)"), listTrainingCodes("Qwen (other)")]).toEqual([
        ["zul_Latn"],
        ["xho_Latn"],
      ]);
    });
  });

  it("have a finding for a base model without scores, which nothing replaces", () => {
    const { stack } = makeAddedStack(makeNguniMatrix("owner/qwen"), "qwen");
    expect(buildJudgedReport({ ...stack, bases: [{ id: "Q-base", run: "q-base-0000cafe" }] }).findings).toEqual([
      "The base model Q-base has no scores yet (run q-base-0000cafe): no change against it is shown.",
    ]);
  });

  it("do not change the verdicts of a study's family in the study's categories", () => {
    const [plain, matrix] = [studyStack, makeNguniMatrix("owner/qwen")];
    const { stack: added } = makeAddedStack(matrix, "llama-3.1", {
      axes: { data: ["Mono", "Bi"], categories: ["Nguni"] },
    });
    const [before, after] = [
      plain,
      {
        ...plain,
        matrix,
        cells: [...added.cells, ...plain.cells],
        configMaps: [...plain.configMaps, ...added.configMaps],
      },
    ].map((stack) => buildJudgedReport(stack)) as [JudgedReport, JudgedReport];
    expect(after.findings).toEqual([]);
    expect(after.judgedCells.slice(0, 12)).toEqual(before.judgedCells);
    expect(
      after.judgedCells.slice(12).map(({ cell: { id, paper }, verdict: { met } }) => [id, paper.size, met]),
    ).toEqual([
      ["L3-Mono-Nguni", 0, null],
      ["L3-Bi-Nguni", 0, null],
    ]);
  });
});

describe("an added category without related languages", () => {
  const singleLanguage = makeAddedStack(
    makeNguniMatrix("owner/qwen", { categories: { Alone: makeAddedCategory("Alone", ["zul_Latn"]) } }),
    "qwen",
  ).stack;
  const selectAddedCells = (stack: StackInput): StackInput => ({
    ...stack,
    cells: stack.cells.filter(({ id }) => id.endsWith("-Alone")),
  });

  it("has no change of related languages, but one of its training languages", () => {
    const found = buildReportJson(
      buildJudgedReport(addEvaluatedBase({ stack: selectAddedCells(singleLanguage), given: [] }, 3)),
    ).categories;
    expect(found).toHaveLength(4);
    for (const category of found)
      expect(category).toMatchObject({
        trainingChangePct: expect.any(Number) as number,
        relatedChangePct: null,
        met: null,
      });
  });

  it("says first that no cell has a prediction, and still shows the languages", () => {
    const page = renderPage(
      buildJudgedReport(addEvaluatedBase({ stack: selectAddedCells(singleLanguage), given: [] }, 3)),
    );
    expect(page).toContain("there is no prediction to meet");
    expect(page).toContain("Does each language behave as predicted?");
    expect(page).not.toContain("<dt>Selfish</dt>");
  });
});
