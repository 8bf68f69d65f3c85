import { categories } from "../../jobs/matrix/index.ts";
import { publishedFiles, publishedNumbers } from "./publishedNumbers.fixture.ts";
import { parsePublishedNumbers } from "./publishedNumbers.ts";

function countScores(scores: Iterable<readonly unknown[]>): number {
  return [...scores].reduce((sum, { length }) => sum + length, 0);
}

describe("the published numbers", () => {
  it("are 1,428 scores of 36 cells, and the scores of three base models once per language", () => {
    expect(publishedNumbers.cells.size).toBe(36);
    expect(countScores(publishedNumbers.cells.values())).toBe(12 * (41 + 2 * 39));
    expect([...publishedNumbers.bases].map(([family, scores]) => [family, scores.length])).toEqual(
      ["llama-2", "llama-3.1", "viking"].map((family) => [family, 37 + 2 * 36]),
    );
  });

  it("keep the value, the table and the tokenizer", () => {
    const scores = publishedNumbers.cells.get("L3-Bi+Code-Stag") ?? [];
    const wolof = scores.find(({ benchmark, language }) => benchmark === "sib200" && language === "wol_Latn");
    expect(wolof).toMatchObject({ metric: "accuracy", items: 204, file: "Table 6" });
    expect(
      scores
        .filter(({ metric }) => metric === "bleu")
        .every(({ signature, items }) => signature === "tok:flores200" && items === 1012),
    ).toBe(true);
  });

  it("have nine oddities, of which the third is about a shifted column", () => {
    expect(publishedNumbers.oddities.map(({ number }) => number)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9]);
    expect(publishedNumbers.oddities[2]?.text).toMatch(
      /^English→X of the untrained Llama-3\.1-8B .* do not rely on that column\.$/,
    );
  });

  it("have a resource level for every training language and no other", () => {
    expect([...publishedNumbers.resources.values()].sort()).toEqual([
      "high",
      "high",
      ...Array<string>(6).fill("low"),
      ...Array<string>(6).fill("medium"),
    ]);
    expect([...publishedNumbers.resources.keys()].sort()).toEqual(
      Object.values(categories)
        .flatMap(({ training }) => training)
        .sort(),
    );
    expect([publishedNumbers.resources.get("deu_Latn"), publishedNumbers.resources.get("nld_Latn")]).toEqual([
      "high",
      undefined,
    ]);
  });

  it("are rejected with all problems at once, each with its file, line and value", () => {
    const broken = publishedFiles.sib200.text
      .replace("33.82", "133.82")
      .replace("L2-Bi-Alt,", "L2-By-Alt,")
      .replace("26.47,Table 4", "26.47");
    const parseBroken = () =>
      parsePublishedNumbers({ ...publishedFiles, sib200: { file: "sib200.csv", text: broken } });
    expect(parseBroken).toThrow(/sib200\.csv:2: accuracy = "133\.82": Too big/);
    expect(parseBroken).toThrow(/sib200\.csv:\d+: config = "L2-By-Alt": expected "base" or a cell of the matrix/);
    expect(parseBroken).toThrow(/sib200\.csv:5: has 6 values, expected 7/);
  });

  it("are rejected if two tables have different values for one model and language", () => {
    const text = publishedFiles.sib200.text.replace(/(base,stagnant,zul_Latn,)[\d.]+/, "$199.00");
    expect(() => parsePublishedNumbers({ ...publishedFiles, sib200: { file: "sib200.csv", text } })).toThrow(
      /llama-2 base SIB-200: accuracy \(%\) zul_Latn has 15\.69 in Table 4 and 99 in Table 6/,
    );
  });

  it("are rejected if a column is missing or a value is empty", () => {
    const incomplete = { ...publishedFiles, checkpoints: { file: "checkpoints.csv", text: "config\nL2-Bi-Alt\n" } };
    expect(() => parsePublishedNumbers(incomplete)).toThrow(
      'checkpoints.csv:1: the column "step" is missing; the columns are config',
    );
    expect(() =>
      parsePublishedNumbers({
        ...incomplete,
        checkpoints: { file: "checkpoints.csv", text: "config,step\nL2-Bi-Alt,\n" },
      }),
    ).toThrow('checkpoints.csv:2: step = "": expected a number');
  });
});
