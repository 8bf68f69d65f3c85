/** Two snapshots and what is said of their difference. It does not prove that another commit's program can be asked. */
import { listRunManifests, buildProvisionalExperiment, parseFamilyConfig } from "../../jobs/experiment/index.ts";
import { gpuCluster } from "../../jobs/kube/clusterOutputs.fixture.ts";
import { buildCellFacts } from "../../jobs/estimate/index.ts";
import { buildCellPlan, buildPlanDocument, buildStackPlan } from "../../jobs/plan/index.ts";
import { renderPullRequestComment, commentMarker } from "./pullRequestComment.ts";
import { compareSnapshots, hasRuns } from "./compareSnapshots.ts";
import type { ComparedManifest, PreviewSnapshot } from "./previewSnapshot.ts";

const values = {
  "mixcpt:family": "viking",
  "mixcpt:protocol": "uniform",
  "mixcpt:hardware": { gpu: "MI250X", devicesPerNode: 8 },
  "mixcpt:axes": { data: ["Mono", "Bi"], categories: ["Stag"] },
};

function buildFamilySnapshot(more: Record<string, unknown> = {}, images = gpuCluster.images): PreviewSnapshot {
  const config = parseFamilyConfig({ stack: "viking", file: "Pulumi.viking.yaml", values: { ...values, ...more } });
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
      viking: listRunManifests(experiment).map((one) => JSON.parse(JSON.stringify(one)) as ComparedManifest),
    },
  };
}

const base = buildFamilySnapshot();
const nothing: PreviewSnapshot = { plan: { stacks: [], findings: [] }, manifests: {} };
const changed = buildFamilySnapshot({ "mixcpt:overrides": { "V7-Bi-Stag": { learning_rate: 2e-5 } } });

describe("a preview between two commits", () => {
  it("that are alike says that nothing runs", () => {
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
      `${commentMarker}\n**Nothing would run: every run of main stays what it is.**\n`,
    );
  });

  it("names the one cell that an override trains again, the input, and both of its values", () => {
    const { changes, gpuHours } = compareSnapshots(base, changed);
    expect(changes.map(({ cell, reason: why, causes }) => [cell.id, why, causes])).toEqual([
      ["V7-Bi-Stag", "trained again", [{ input: "recipe.learning_rate", old: "0.00004", new: "0.00002" }]],
    ]);
    expect(gpuHours.high).toBe(
      changed.plan.stacks[0]?.cells.find(({ id }) => id === "V7-Bi-Stag")?.estimate.gpuHours.high,
    );
  });

  it("tells what is new for the lint", () => {
    const withTemplate = (template: string) =>
      buildFamilySnapshot({ "mixcpt:overrides": { "V7-Bi-Stag": { template } } });
    expect(
      compareSnapshots(withTemplate("default"), withTemplate("llama3")).findings.map(({ rule, cells }) => [
        rule,
        cells,
      ]),
    ).toEqual([["template-in-pretraining", ["V7-Bi-Stag"]]]);
  });

  it("evaluates again, and trains nothing, where only the evaluation's image is new", () => {
    const { changes, gpuHours } = compareSnapshots(
      base,
      buildFamilySnapshot({}, { ...gpuCluster.images, evaluate: "mixcpt.local/evaluate:new" }),
    );
    expect(changes.map(({ reason: why }) => why)).toEqual(["evaluated again", "evaluated again"]);
    expect(changes[0]?.causes).toEqual([
      { input: "image", old: gpuCluster.images.evaluate, new: "mixcpt.local/evaluate:new" },
    ]);
    expect(gpuHours).toEqual({ low: 0, high: 0 });
  });

  it.each([
    ["one benchmark asked otherwise", { sib200: { shots: 5 } }, [{ input: "sib200: shots", old: "3", new: "5" }]],
    [
      "both asked otherwise in the same way",
      { sib200: { shots: 5 }, flores200: { shots: 5 } },
      [{ input: "shots", old: "3", new: "5" }],
    ],
    [
      "both asked otherwise, each in its way",
      { sib200: { shots: 5 }, flores200: { shots: 0 } },
      [
        { input: "sib200: shots", old: "3", new: "5" },
        { input: "flores200: shots", old: "3", new: "0" },
      ],
    ],
    [
      "an added benchmark",
      { ntrex: { kind: "translation", items: 10 } },
      [{ input: "ntrex", old: "not asked", new: "asked" }],
    ],
  ])("says which benchmark is the reason: %s", (_, benchmarks, causes) => {
    expect(
      compareSnapshots(base, buildFamilySnapshot({ "mixcpt:benchmarks": benchmarks })).changes.map((change) => [
        change.reason,
        change.causes,
      ]),
    ).toEqual([
      ["evaluated again", causes],
      ["evaluated again", causes],
    ]);
  });

  it("evaluates the base model again where its cells are asked in another language", () => {
    const { otherSteps: besides, changes } = compareSnapshots(
      base,
      buildFamilySnapshot({ "mixcpt:axes": { data: ["Mono", "Bi"], categories: ["Stag", "Alt"] } }),
    );
    expect(besides.filter((name) => name.startsWith("eval-"))).toEqual([
      expect.stringMatching(/^eval-v7-base-[0-9a-f]{8}$/),
    ]);
    expect(changes.map(({ cell }) => cell.category)).toEqual(["Alt", "Alt"]);
  });

  it("follows a new input to the step that makes it", () => {
    const longer = buildFamilySnapshot({ "mixcpt:sequenceLength": 1024 });
    const inputs = compareSnapshots(base, longer).changes[0]?.causes.map(({ input }) => input);
    expect(inputs).toContain("recipe.cutoff_len");
    expect(inputs?.some((input) => input.startsWith("tokenised: "))).toBe(true);
  });

  it("counts every cell of a stack that the first commit does not have as new, with its data", () => {
    const comparison = compareSnapshots(nothing, base);
    expect(comparison.changes.map(({ reason: why }) => why)).toEqual(["new", "new"]);
    expect(comparison.otherSteps.length).toBeGreaterThan(0);
    expect(comparison.gpuHours.high).toBeCloseTo(base.plan.stacks[0]?.totals.gpuHours.high ?? 0, 2);
  });

  it("says which cells are no longer there", () => {
    const fewer = buildFamilySnapshot({ "mixcpt:axes": { data: ["Mono"], categories: ["Stag"] } });
    expect(compareSnapshots(base, fewer)).toMatchObject({ changes: [], removed: ["V7-Bi-Stag"] });
    expect(renderPullRequestComment(compareSnapshots(base, fewer), { base: "main", diff: "" })).toContain(
      "No longer in the matrix, results stay: V7-Bi-Stag",
    );
  });

  it("takes another order, label or time limit for no change", () => {
    const carried = buildFamilySnapshot({ "mixcpt:overrides": { "V7-Bi-Stag": { ddp_timeout: 1800 } } });
    const reordered: PreviewSnapshot = {
      ...base,
      manifests: { viking: [...(base.manifests["viking"] ?? [])].reverse() },
    };
    expect(hasRuns(compareSnapshots(base, carried))).toBe(false);
    expect(hasRuns(compareSnapshots(base, reordered))).toBe(false);
  });
});

describe("the comment", () => {
  it("has a row per cell, and the manifests' difference folded below", () => {
    const text = renderPullRequestComment(compareSnapshots(base, changed), { base: "main", diff: "-old\n+new" });
    expect(text).toMatch(/\*\*1 cell.* would run: [\d.–]+ GPU-hours and .* of disk more than main\.\*\*/);
    expect(text).toMatch(/\| V7-Bi-Stag \| trained again \| recipe\.learning_rate `0\.00004` → `0\.00002` \|/);
    expect(text).toMatch(
      /<details><summary>changed manifests<\/summary>\n\n````diff\n-old\n\+new\n````\n\n<\/details>/,
    );
  });

  it("fits into one comment however long the difference is", () => {
    const text = renderPullRequestComment(compareSnapshots(nothing, base), { base: "main", diff: "x".repeat(200_000) });
    expect(text.length).toBeLessThan(65_536);
    expect(text).toContain("145,000 more characters");
  });

  it("is the same text for the same commits", () => {
    expect(renderPullRequestComment(compareSnapshots(base, changed), { base: "main", diff: "" })).toBe(
      renderPullRequestComment(compareSnapshots(buildFamilySnapshot(), changed), { base: "main", diff: "" }),
    );
  });
});
