import { spawnSync } from "node:child_process";
import { resolve } from "node:path";
import { computeTypicalFactors, listEvaluatedCells } from "./recipeTables.ts";

it("the counts of the Declaration and the tables of docs/recipes.md are up to date", () => {
  const script = resolve("tools/tokensPerWord/writeTokensPerWord.ts");
  const { status, stderr } = spawnSync(process.execPath, ["--disable-warning=ExperimentalWarning", script, "--check"], {
    encoding: "utf8",
  });
  expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
});

describe("the counts of Tables 13 and 14", () => {
  it("have the proportions of words, and not those of tokens", () => {
    const { words = NaN, ...others } = computeTypicalFactors();
    expect(words).toBeLessThan(1.25);
    expect(words).toBeLessThan(others["characters"] ?? NaN);
    expect(others["tokens of Llama 2"]).toBeGreaterThan(2.5);
    expect(others["tokens of Llama 3"]).toBeGreaterThan(2.5);
  });
});

describe("the evaluated steps of the 36 cells", () => {
  const listEpochs = (sequenceLength?: number) => listEvaluatedCells(sequenceLength).map(({ epochs }) => epochs.likely);
  const mean = (numbers: readonly number[]) => numbers.reduce((sum, one) => sum + one, 0) / numbers.length;

  it("lie within 20 % of two epochs with the default sequence length, and before the third ends", () => {
    const epochs = listEpochs();
    expect(epochs).toHaveLength(36);
    expect(mean(epochs)).toBeCloseTo(2, 1);
    expect(Math.min(...epochs)).toBeGreaterThan(1.6);
    expect(Math.max(...epochs)).toBeLessThan(2.4);
  });

  it("lie as near in the cells whose estimate has no number that was fitted to these steps", () => {
    const unfitted = listEvaluatedCells().filter(({ id }) => /-Bi-|-Mono-Sel$/.test(id));
    const epochs = unfitted.map((cell) => cell.epochs.likely);
    expect(epochs).toHaveLength(12);
    expect([Math.min(...epochs), mean(epochs), Math.max(...epochs)].map((one) => one.toFixed(2))).toEqual([
      "1.72",
      "2.04",
      "2.28",
    ]);
  });

  it("lie near the first epoch with half that length, and after the end of the run with twice that length", () => {
    expect(mean(listEpochs(512))).toBeCloseTo(1, 1);
    expect(Math.min(...listEpochs(2048))).toBeGreaterThan(3);
  });

  it.each(["Mono", "Bi", "Mono+Code", "Bi+Code"])("of Viking lie between those of the other two: %s", (data) => {
    const cells = listEvaluatedCells();
    const findStep = (id: string) => cells.find((cell) => cell.id === id)?.step ?? NaN;
    for (const category of ["Alt", "Sel", "Stag"]) {
      const [llama2, llama3, viking] = ["L2", "L3", "V7"].map((prefix) => findStep(`${prefix}-${data}-${category}`));
      expect(viking).toBeGreaterThanOrEqual(llama3 ?? NaN);
      expect(viking).toBeLessThanOrEqual(llama2 ?? NaN);
    }
  });
});
