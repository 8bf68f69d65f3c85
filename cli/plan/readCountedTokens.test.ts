import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { listPlanFindings } from "../../jobs/plan/index.ts";
import { buildPlanFromFiles } from "./planOnCluster.ts";
import { readCountedTokens } from "./readCountedTokens.ts";

const store = mkdtempSync(join(tmpdir(), "mixcpt-store-"));
afterAll(() => {
  rmSync(store, { recursive: true });
});

function writeStatistics(path: string, statistics: unknown) {
  mkdirSync(join(store, path), { recursive: true });
  writeFileSync(join(store, path, "STATS.json"), JSON.stringify(statistics));
  writeFileSync(join(store, path, "COMPLETE"), "");
}

const statistics = {
  unit: "tokens",
  total: 300,
  sources: { "madlad-400": 200, "the-stack": 100 },
  languages: { code: 100, eng_Latn: 200 },
  sequences: { train: 2 },
};

describe("the counted tokens of a corpus", () => {
  it("are those of its STATS.json, by the sources of the study", () => {
    writeStatistics("tokenised/a", statistics);
    expect(readCountedTokens(store, "tokenised/a")).toEqual({
      total: 300,
      low: 300,
      high: 300,
      from: "STATS.json",
      sequences: 2,
      bySource: { monolingual: 200, code: 100 },
      byLanguage: { eng_Latn: 200 },
    });
  });

  it("are unknown until the corpus is complete", () => {
    writeStatistics("tokenised/b", statistics);
    rmSync(join(store, "tokenised/b/COMPLETE"));
    expect(readCountedTokens(store, "tokenised/b")).toBeUndefined();
  });

  it("are refused if the file holds something else", () => {
    writeStatistics("tokenised/c", { total: "many" });
    expect(() => readCountedTokens(store, "tokenised/c")).toThrow(
      /tokenised\/c\/STATS\.json: not the statistics of a tokenized corpus; check what --store names/,
    );
  });

  it("replace the estimate of the cell that reads that corpus, in its plan", () => {
    const estimated = buildPlanFromFiles("llama-3.1");
    const [first, second] = estimated.experiment.cells;
    writeStatistics(first?.run.tokenised?.replace(/^\/store\//, "") ?? "none", {
      ...statistics,
      total: 400_000_000,
      sequences: { train: 390_625 },
    });
    const { plan } = buildPlanFromFiles("llama-3.1", { store });
    const findTokens = (id?: string) => plan.cells.find((cell) => cell.id === id)?.tokens;
    expect(findTokens(first?.cell.id)).toMatchObject({ total: 400_000_000, from: "STATS.json" });
    expect(findTokens(second?.cell.id)).toMatchObject({ from: "words" });
    expect(plan.cells.find(({ id }) => id === first?.cell.id)?.stepRange.low).toBeGreaterThan(9000);
  });

  it("are an error of the plan if the run ends before its evaluated checkpoint, whose steps it does not price", () => {
    const [first] = buildPlanFromFiles("llama-3.1").experiment.cells;
    // 3 epochs of 1000 sequences, 8 of them in each batch of 8 devices that accumulate 2
    writeStatistics(first?.run.tokenised?.replace(/^\/store\//, "") ?? "none", {
      ...statistics,
      sequences: { train: 1000 },
    });
    const { plan } = buildPlanFromFiles("llama-3.1", { store });
    const cell = plan.cells.find(({ id }) => id === first?.cell.id);
    expect([cell?.steps, cell?.trainedSteps]).toEqual([24, 24]);
    expect(cell?.estimate.tokens).toBe(24 * 8 * 2 * 8 * 1024);
    const findings = listPlanFindings([plan]).filter(({ rule }) => rule === "ends-before-its-checkpoint");
    expect(findings).toMatchObject([{ severity: "error", cells: [first?.cell.id] }]);
  });
});
