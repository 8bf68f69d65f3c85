import { readFileSync } from "node:fs";
import fc from "fast-check";
import { slugOf } from "../kube/names.ts";
import { cellsOf } from "../matrix/cell.ts";
import { extended } from "../matrix/extended.ts";
import { knownLanguages } from "../matrix/languages.ts";
import { study, type Matrix } from "../matrix/index.ts";
import { buildReport } from "./build.ts";
import { analyse } from "./category/analysis.ts";
import { toJson, type ReportJson } from "./json.ts";
import { renderPage } from "./page/page.ts";
import { publishedFiles, readPublished } from "./published/published.ts";
import { configMapOf, madeUpScores, sampleNow } from "./report.fixture.ts";
import type { StackInput } from "./report.ts";
import type { CellScores } from "./scores.ts";

const published = readPublished(publishedFiles((name) => readFileSync(`jobs/published/${name}`, "utf8")));

const reportOf = (...stacks: StackInput[]) => analyse(buildReport({ now: sampleNow, stacks, published }));

const studied = [...Object.keys(study.families), ...Object.keys(study.mixtures), ...Object.keys(study.categories), "base"].map(slugOf);

/** Names that a configuration may give, among them some that mean something to a program. */
const name = fc.oneof(fc.stringMatching(/^[A-Za-z0-9]{1,5}([.+-][A-Za-z0-9]{1,4})?$/), fc.constantFrom("2024", "toString", "constructor", "valueOf", "Code", "Mono.2"))
  .filter((text) => !studied.includes(slugOf(text)));
const names = (most: number) => fc.uniqueArray(name, { minLength: 1, maxLength: most, selector: slugOf });

const codes = knownLanguages.map(({ code }) => code).filter((code) => code !== "eng_Latn");
const ingredients = fc.subarray(["monolingual", "bilingual", "code"] as const, { minLength: 1 });
const spoken = fc.shuffledSubarray(codes, { minLength: 2, maxLength: 5 });

const shape = { parameters: 1, hidden: 1, layers: 1, heads: 1, keyValueHeads: 1, feedForward: 1, vocabulary: 1 };
const familyOf = (title: string, prefix: string) => ({ title, prefix, repository: `owner/${prefix}`, revision: "0".repeat(40), gated: false, shape });
const categoryOf = (title: string, [first = "", ...related]: readonly string[]) => ({ title, training: [first], related, tokens: { monolingual: {}, bilingual: {} } });

interface Added {
  readonly stack: StackInput;
  readonly given: readonly CellScores[];
}

/** A stack of a family with every mixture and category of its matrix, all of it run. */
const stackOf = (matrix: Matrix, family: string, stack = "own"): Added => {
  const axes = { data: Object.keys(matrix.mixtures), categories: Object.keys(matrix.categories) };
  const cells = cellsOf(family, axes, matrix);
  const given = cells.map(({ id, slug, parts: { category } }, index) => madeUpScores({ id, run: `${slug}-${stack}` }, ["eng_Latn", ...category.training, ...category.related], index));
  return { given, stack: { stack, matrix, cells: given.map(({ cell, run }) => ({ id: cell, run })), bases: [], configMaps: given.map((scores) => configMapOf(scores, 10)), hardware: null } };
};

const text = ({ id, benchmark, direction, metric, language, value }: Pick<ReportJson["cells"][number], "id" | "benchmark" | "direction" | "metric" | "language" | "value">): string =>
  [id, benchmark, direction, metric, language, value].join(" ");

const additions = fc.record({ family: name, prefix: name, title: fc.string({ minLength: 1, maxLength: 20 }), mixtures: names(2), made: ingredients, categories: names(2), spoken })
  .filter(({ prefix }) => !Object.values(study.families).some((one) => slugOf(one.prefix) === slugOf(prefix)));

const matrixOf = ({ family, prefix, title, mixtures, made, categories, spoken: languages }: typeof additions extends fc.Arbitrary<infer Value> ? Value : never): Matrix =>
  extended({
    families: { [family]: familyOf(title, prefix) },
    mixtures: Object.fromEntries(mixtures.map((mixture) => [mixture, made])),
    categories: Object.fromEntries(categories.map((category) => [category, categoryOf(category, languages)])),
  });

describe("a report of cells that the study does not have", () => {
  it("has every score that it was given in its data exactly once, whatever the cells are called", () => {
    fc.assert(fc.property(additions, (added) => {
      const { stack, given } = stackOf(matrixOf(added), added.family);
      fc.pre(new Set(stack.cells.map(({ id }) => slugOf(id))).size === stack.cells.length);
      const report = reportOf(stack);
      expect(report.findings).toEqual([]);
      expect(toJson(report).cells.map(text).sort()).toEqual(given.flatMap(({ cell, scores }) => scores.map((score) => text({ id: cell, ...score }))).sort());
    }), { numRuns: 20 });
  });

  it("has each id of its page once, and each cell in its tables, whatever the cells are called", () => {
    fc.assert(fc.property(additions, (added) => {
      const { stack } = stackOf(matrixOf(added), added.family);
      fc.pre(new Set(stack.cells.map(({ id }) => slugOf(id))).size === stack.cells.length);
      const page = renderPage(reportOf(stack));
      const ids = [...page.matchAll(/ id="([^"]*)"/g)].map(([, id]) => id);
      expect(ids.filter((id, index) => ids.indexOf(id) !== index)).toEqual([]);
      expect(stack.cells.filter(({ id }) => !page.includes(`<th scope="row">${id}</th>`))).toEqual([]);
    }), { numRuns: 5 });
  });
});
