import { extendMatrix } from "../jobs/config/extendMatrix.ts";
import type { Matrix } from "../jobs/matrix/index.ts";
import { makeAddedCategory, makeAddedFamily, makeAddedStack } from "./addedStacks.fixture.ts";
import type { AddedStack } from "./addedStacks.fixture.ts";
import type { JudgedReport } from "./category/categoryVerdict.ts";
import { renderPage } from "./page/renderPage.ts";
import { buildReportJson } from "./reportJson.ts";
import { groupCells } from "./reportModel.ts";
import type { StackInput } from "./reportModel.ts";
import { buildJudgedReport, studyStack } from "./sampleReports.fixture.ts";
import { makeCellScores, makeScoresConfigMap, sampleStack } from "./sampleStacks.fixture.ts";

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
