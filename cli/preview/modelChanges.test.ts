/** Compares two snapshots of a stack that evaluates models without training. */
import { compareSnapshots, computeComparisonTotals } from "./compareSnapshots.ts";
import { renderPullRequestComment } from "./pullRequestComment.ts";
import type { PreviewSnapshot } from "./snapshotSchema.ts";
import { buildStacksSnapshot, emptySnapshot } from "./snapshots.fixture.ts";

function buildModelSnapshot(models: Record<string, string>, settings: Record<string, unknown> = {}): PreviewSnapshot {
  const entries = Object.entries(models).map(([id, digit]) => [
    id,
    { repository: `Zihao-Li/${id}`, revision: digit.repeat(40) },
  ]);
  const values = {
    "mixcpt:kind": "evaluation",
    "mixcpt:models": Object.fromEntries(entries),
    "mixcpt:hardware": { gpu: "MI250X", devicesPerNode: 8 },
  };
  return buildStacksSnapshot({ released: { values, settings } });
}

const context = { base: "main", diff: "", endedRuns: [] };
const base = buildModelSnapshot({ "L3-Mono-Alt": "1", "V7-Bi-Stag": "2" });

function listChanges(after: PreviewSnapshot, before = base) {
  return compareSnapshots(before, after).stacks.flatMap(({ changes }) =>
    changes.map(({ id, reason, diskGB }) => [id, reason, Math.round(diskGB)]),
  );
}

describe("the comparison of an evaluation stack", () => {
  it("lists the models of a new stack with their hours and downloads", () => {
    expect(listChanges(base, emptySnapshot)).toEqual([
      ["L3-Mono-Alt", "new", 16],
      ["V7-Bi-Stag", "new", 15],
    ]);
    const totals = computeComparisonTotals(compareSnapshots(emptySnapshot, base));
    expect(totals.evaluationGpuHours).toBeCloseTo(1.07, 1);
    expect(totals.gpuHours.high).toBe(0);
  });

  it("evaluates a model again from another commit, with a download, and with other settings, without one", () => {
    expect(listChanges(buildModelSnapshot({ "L3-Mono-Alt": "3", "V7-Bi-Stag": "2" }))).toEqual([
      ["L3-Mono-Alt", "re-evaluated", 16],
    ]);
    const settings = { "mixcpt:benchmarks": { sib200: { shots: 5 } } };
    expect(listChanges(buildModelSnapshot({ "L3-Mono-Alt": "1", "V7-Bi-Stag": "2" }, settings))).toEqual([
      ["L3-Mono-Alt", "re-evaluated", 0],
      ["V7-Bi-Stag", "re-evaluated", 0],
    ]);
  });

  it("names a model that only the base has, in the comment, too", () => {
    const comparison = compareSnapshots(base, buildModelSnapshot({ "L3-Mono-Alt": "1" }));
    expect(comparison.stacks).toMatchObject([{ changes: [], removed: ["V7-Bi-Stag"] }]);
    expect(renderPullRequestComment(comparison, context)).toContain("V7-Bi-Stag of `released`");
  });
});
