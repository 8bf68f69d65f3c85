import { readFileSync } from "node:fs";
import { categories } from "../../jobs/matrix/index.ts";
import { readPublishedFiles, parsePublishedNumbers } from "./publishedNumbers.ts";

const files = readPublishedFiles((name) => readFileSync(`jobs/published/${name}`, "utf8"));
const published = parsePublishedNumbers(files);

function countScores(scores: Iterable<readonly unknown[]>): number {
  return [...scores].reduce((sum, { length }) => sum + length, 0);
}

describe("the published numbers", () => {
  it("are 1,428 of the 36 cells, and those of the three base models once per language", () => {
    expect(published.cells.size).toBe(36);
    expect(countScores(published.cells.values())).toBe(12 * (41 + 2 * 39));
    expect([...published.bases].map(([family, scores]) => [family, scores.length])).toEqual(
      ["llama-2", "llama-3.1", "viking"].map((family) => [family, 37 + 2 * 36]),
    );
  });

  it("keep the value, the table and the tokenizer", () => {
    const scores = published.cells.get("L3-Bi+Code-Stag") ?? [];
    const wolof = scores.find(({ benchmark, language }) => benchmark === "sib200" && language === "wol_Latn");
    expect(wolof).toMatchObject({ metric: "accuracy", items: 204, file: "Table 6" });
    expect(
      scores
        .filter(({ metric }) => metric === "bleu")
        .every(({ signature, items }) => signature === "tok:flores200" && items === 1012),
    ).toBe(true);
  });

  it("have nine oddities, the third about a shifted column", () => {
    expect(published.oddities.map(({ number }) => number)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9]);
    expect(published.oddities[2]?.text).toMatch(
      /^English→X of the untrained Llama-3\.1-8B .* do not rely on that column\.$/,
    );
  });

  it("have a resource level for every training language and for no other", () => {
    expect([...published.resources.values()].sort()).toEqual([
      "high",
      "high",
      ...Array<string>(6).fill("low"),
      ...Array<string>(6).fill("medium"),
    ]);
    expect([...published.resources.keys()].sort()).toEqual(
      Object.values(categories)
        .flatMap(({ training }) => training)
        .sort(),
    );
    expect([published.resources.get("deu_Latn"), published.resources.get("nld_Latn")]).toEqual(["high", undefined]);
  });

  it("are refused with every problem at once, each with its file, line and value", () => {
    const broken = files.sib200.text
      .replace("33.82", "133.82")
      .replace("L2-Bi-Alt,", "L2-By-Alt,")
      .replace("26.47,Table 4", "26.47");
    const read = () => parsePublishedNumbers({ ...files, sib200: { file: "sib200.csv", text: broken } });
    expect(read).toThrow(/sib200\.csv:2: accuracy = "133\.82": Too big/);
    expect(read).toThrow(/sib200\.csv:\d+: config = "L2-By-Alt": expected "base" or a cell of the matrix/);
    expect(read).toThrow(/sib200\.csv:5: 6 values, expected 7/);
  });

  it("are refused where two tables give one model two values", () => {
    const text = files.sib200.text.replace(/(base,stagnant,zul_Latn,)[\d.]+/, "$199.00");
    expect(() => parsePublishedNumbers({ ...files, sib200: { file: "sib200.csv", text } })).toThrow(
      /llama-2 base SIB-200: accuracy \(%\) zul_Latn has 15\.69 in Table 4 and 99 in Table 6/,
    );
  });

  it("are refused where a column is not there or a value is empty", () => {
    const lacking = { ...files, checkpoints: { file: "checkpoints.csv", text: "config\nL2-Bi-Alt\n" } };
    expect(() => parsePublishedNumbers(lacking)).toThrow('checkpoints.csv:1: no column "step"; the columns are config');
    expect(() =>
      parsePublishedNumbers({
        ...lacking,
        checkpoints: { file: "checkpoints.csv", text: "config,step\nL2-Bi-Alt,\n" },
      }),
    ).toThrow('checkpoints.csv:2: step = "": expected a number');
  });
});
