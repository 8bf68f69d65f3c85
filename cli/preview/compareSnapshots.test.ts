/** Compares two snapshots. Running another commit's program is not tested here. */
import { buildProvisionalExperiment, listRunManifests, parseFamilyConfig } from "../../jobs/experiment/index.ts";
import { gpuCluster } from "../../jobs/kube/clusterOutputs.fixture.ts";
import { buildCellFacts } from "../../jobs/estimate/index.ts";
import { buildCellPlan, buildPlanDocument, buildStackPlan } from "../../jobs/plan/index.ts";
import { commentMarker, renderPullRequestComment } from "./pullRequestComment.ts";
import { compareSnapshots, hasRuns } from "./compareSnapshots.ts";
import type { ComparedManifest, PreviewSnapshot } from "./previewSnapshot.ts";

const values = {
  "mixcpt:family": "viking",
  "mixcpt:protocol": "uniform",
  "mixcpt:hardware": { gpu: "MI250X", devicesPerNode: 8 },
  "mixcpt:axes": { data: ["Mono", "Bi"], categories: ["Stag"] },
};

function buildFamilySnapshot(settings: Record<string, unknown> = {}, images = gpuCluster.images): PreviewSnapshot {
  const config = parseFamilyConfig({ stack: "viking", file: "Pulumi.viking.yaml", values: { ...values, ...settings } });
  const experiment = buildProvisionalExperiment(config, { ...gpuCluster, images });
  const cells = experiment.cells.map((cell) => buildCellPlan(buildCellFacts(cell, config)));
  const plan = buildPlanDocument([
    buildStackPlan({
      stack: "viking",
      product: { kind: "cells", family: "viking", protocol: "uniform" },
      mixtures: [],
      nodes: 12,
      bases: [],
      openFindings: [],
      cells,
    }),
  ]);
  return {
    plan,
    manifests: {
      viking: listRunManifests(experiment).map((manifest) => JSON.parse(JSON.stringify(manifest)) as ComparedManifest),
    },
  };
}

const base = buildFamilySnapshot();
const emptySnapshot: PreviewSnapshot = { plan: { stacks: [], findings: [] }, manifests: {} };
const changed = buildFamilySnapshot({ "mixcpt:overrides": { "V7-Bi-Stag": { learning_rate: 2e-5 } } });

describe("the comparison of two commits", () => {
  it("finds nothing to run if they are equal", () => {
    const comparison = compareSnapshots(base, base);
    expect(hasRuns(comparison)).toBe(false);
    expect(comparison).toEqual({
      changes: [],
      mixtures: [],
      otherSteps: [],
      removed: [],
      gpuHours: { low: 0, high: 0 },
      diskGB: 0,
      findings: [],
    });
    expect(renderPullRequestComment(comparison, { base: "main", diff: "" })).toBe(
      `${commentMarker}\n**Nothing would run: all runs of main are unchanged.**\n`,
    );
  });

  it("names the cell that an override retrains, the input, and its old and new values", () => {
    const { changes, gpuHours } = compareSnapshots(base, changed);
    expect(changes.map(({ cell, reason, causes }) => [cell.id, reason, causes])).toEqual([
      ["V7-Bi-Stag", "retrained", [{ input: "recipe.learning_rate", old: "0.00004", new: "0.00002" }]],
    ]);
    expect(gpuHours.high).toBe(
      changed.plan.stacks[0]?.cells.find(({ id }) => id === "V7-Bi-Stag")?.estimate.gpuHours.high,
    );
  });

  it("lists new lint findings", () => {
    const withTemplate = (template: string) =>
      buildFamilySnapshot({ "mixcpt:overrides": { "V7-Bi-Stag": { template } } });
    expect(
      compareSnapshots(withTemplate("default"), withTemplate("llama3")).findings.map(({ rule, cells }) => [
        rule,
        cells,
      ]),
    ).toEqual([["template-in-pretraining", ["V7-Bi-Stag"]]]);
  });

  it("re-evaluates without training if only the evaluation image is new", () => {
    const { changes, gpuHours } = compareSnapshots(
      base,
      buildFamilySnapshot({}, { ...gpuCluster.images, evaluate: "mixcpt.local/evaluate:new" }),
    );
    expect(changes.map(({ reason }) => reason)).toEqual(["re-evaluated", "re-evaluated"]);
    expect(changes[0]?.causes).toEqual([
      { input: "image", old: gpuCluster.images.evaluate, new: "mixcpt.local/evaluate:new" },
    ]);
    expect(gpuHours).toEqual({ low: 0, high: 0 });
  });

  it.each([
    ["one benchmark with another setting", { sib200: { shots: 5 } }, [{ input: "sib200: shots", old: "3", new: "5" }]],
    [
      "both benchmarks with the same change",
      { sib200: { shots: 5 }, flores200: { shots: 5 } },
      [{ input: "shots", old: "3", new: "5" }],
    ],
    [
      "both benchmarks with different changes",
      { sib200: { shots: 5 }, flores200: { shots: 0 } },
      [
        { input: "sib200: shots", old: "3", new: "5" },
        { input: "flores200: shots", old: "3", new: "0" },
      ],
    ],
    [
      "an added benchmark",
      { ntrex: { kind: "translation", items: 10 } },
      [{ input: "ntrex", old: "not evaluated", new: "evaluated" }],
    ],
  ])("names the benchmark that causes a re-evaluation: %s", (_, benchmarks, causes) => {
    expect(
      compareSnapshots(base, buildFamilySnapshot({ "mixcpt:benchmarks": benchmarks })).changes.map((change) => [
        change.reason,
        change.causes,
      ]),
    ).toEqual([
      ["re-evaluated", causes],
      ["re-evaluated", causes],
    ]);
  });

  it("re-evaluates the base model if its cells are evaluated in more languages", () => {
    const { otherSteps, changes } = compareSnapshots(
      base,
      buildFamilySnapshot({ "mixcpt:axes": { data: ["Mono", "Bi"], categories: ["Stag", "Alt"] } }),
    );
    expect(otherSteps.filter((name) => name.startsWith("eval-"))).toEqual([
      expect.stringMatching(/^eval-v7-base-[0-9a-f]{8}$/),
    ]);
    expect(changes.map(({ cell }) => cell.category)).toEqual(["Alt", "Alt"]);
  });

  it("traces a new input to the step that writes it", () => {
    const longer = buildFamilySnapshot({ "mixcpt:sequenceLength": 1024 });
    const inputs = compareSnapshots(base, longer).changes[0]?.causes.map(({ input }) => input);
    expect(inputs).toContain("recipe.cutoff_len");
    expect(inputs?.some((input) => input.startsWith("tokenised: "))).toBe(true);
  });

  it("counts all cells of an added stack as new, with their data", () => {
    const comparison = compareSnapshots(emptySnapshot, base);
    expect(comparison.changes.map(({ reason }) => reason)).toEqual(["new", "new"]);
    expect(comparison.otherSteps.length).toBeGreaterThan(0);
    expect(comparison.gpuHours.high).toBeCloseTo(base.plan.stacks[0]?.totals.gpuHours.high ?? 0, 2);
  });

  it("lists removed cells", () => {
    const fewer = buildFamilySnapshot({ "mixcpt:axes": { data: ["Mono"], categories: ["Stag"] } });
    expect(compareSnapshots(base, fewer)).toMatchObject({ changes: [], removed: ["V7-Bi-Stag"] });
    expect(renderPullRequestComment(compareSnapshots(base, fewer), { base: "main", diff: "" })).toContain(
      "Removed from the matrix, results are kept: V7-Bi-Stag",
    );
  });

  it("ignores changes of order, labels and time limits", () => {
    const carried = buildFamilySnapshot({ "mixcpt:overrides": { "V7-Bi-Stag": { ddp_timeout: 1800 } } });
    const reordered: PreviewSnapshot = {
      ...base,
      manifests: { viking: [...(base.manifests["viking"] ?? [])].reverse() },
    };
    expect(hasRuns(compareSnapshots(base, carried))).toBe(false);
    expect(hasRuns(compareSnapshots(base, reordered))).toBe(false);
  });
});

describe("the comment of a pull request", () => {
  it("has a row per cell and the collapsed difference of the manifests", () => {
    const text = renderPullRequestComment(compareSnapshots(base, changed), { base: "main", diff: "-old\n+new" });
    expect(text).toMatch(/\*\*1 cell.* would run: [\d.–]+ GPU-hours and .* of disk more than main\.\*\*/);
    expect(text).toMatch(/\| V7-Bi-Stag \| retrained \| recipe\.learning_rate `0\.00004` → `0\.00002` \|/);
    expect(text).toMatch(
      /<details><summary>changed manifests<\/summary>\n\n````diff\n-old\n\+new\n````\n\n<\/details>/,
    );
  });

  it("fits GitHub's limit however long the difference is", () => {
    const text = renderPullRequestComment(compareSnapshots(emptySnapshot, base), {
      base: "main",
      diff: "x".repeat(200_000),
    });
    expect(text.length).toBeLessThan(65_536);
    expect(text).toContain("145,000 more characters");
  });

  it("is deterministic", () => {
    expect(renderPullRequestComment(compareSnapshots(base, changed), { base: "main", diff: "" })).toBe(
      renderPullRequestComment(compareSnapshots(buildFamilySnapshot(), changed), { base: "main", diff: "" }),
    );
  });
});
