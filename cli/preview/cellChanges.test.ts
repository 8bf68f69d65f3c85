/** Compares two snapshots. Running another commit's program is not tested here. */
import { gpuCluster, sampleCode, upgradeTransformers } from "../../jobs/kube/clusterOutputs.fixture.ts";
import { compareSnapshots, computeComparisonTotals, hasEffects, hasRuns } from "./compareSnapshots.ts";
import { commentMarker, renderPullRequestComment } from "./pullRequestComment.ts";
import type { PreviewSnapshot } from "./snapshotSchema.ts";
import { buildFamilySnapshot, emptySnapshot, faster, listChanges, summarizeChanges } from "./snapshots.fixture.ts";

const base = buildFamilySnapshot();
const changed = buildFamilySnapshot(faster);
const context = { base: "main", diff: "", endedRuns: [] };

describe("the comparison of two commits", () => {
  it("finds nothing to run if they are equal", () => {
    const comparison = compareSnapshots(base, base);
    expect([hasRuns(comparison), hasEffects(comparison)]).toEqual([false, false]);
    expect(renderPullRequestComment(comparison, context)).toBe(
      `${commentMarker}\n**Nothing would run: all runs of main are unchanged.**\n\n`,
    );
  });

  it("names the cell that an override retrains, the input, and its old and new values", () => {
    const comparison = compareSnapshots(base, changed);
    expect(listChanges(comparison)).toMatchObject([
      {
        id: "V7-Bi-Stag",
        reason: "retrained",
        causes: [{ input: "recipe.learning_rate", old: "0.00004", new: "0.00002" }],
      },
    ]);
    const { gpuHours, evaluationGpuHours } = computeComparisonTotals(comparison);
    expect(gpuHours.high).toBe(
      changed.plan.stacks[0]?.cells.find(({ id }) => id === "V7-Bi-Stag")?.estimate.gpuHours.high,
    );
    expect(evaluationGpuHours).toBeGreaterThan(0);
  });

  it("names the number of nodes that train together, which no spec holds", () => {
    const hardware = { gpu: "MI250X", devicesPerNode: 8, nodesPerCell: 2 };
    const changes = listChanges(compareSnapshots(base, buildFamilySnapshot({ "mixcpt:hardware": hardware })));
    expect(changes[0]).toMatchObject({ reason: "retrained" });
    expect(changes[0]?.causes).toContainEqual({ input: "numNodes", old: "1", new: "2" });
  });

  it("lists new lint findings", () => {
    const withTemplate = (template: string) =>
      buildFamilySnapshot({ "mixcpt:overrides": { "V7-Bi-Stag": { template } } });
    const [stack] = compareSnapshots(withTemplate("default"), withTemplate("llama3")).stacks;
    expect(stack?.findings.map(({ rule, cells }) => [rule, cells])).toEqual([
      ["template-in-pretraining", ["V7-Bi-Stag"]],
    ]);
  });

  it("finds nothing to run if only the images are new", () => {
    const images = {
      data: "data:new",
      llamaFactory: "llama-factory:new",
      evaluate: "evaluate:new",
      store: "store:new",
    };
    const comparison = compareSnapshots(base, buildFamilySnapshot({}, { images }));
    expect([hasRuns(comparison), hasEffects(comparison)]).toEqual([false, false]);
  });

  it("retrains every cell if a package that trains is new, and names it with both versions", () => {
    const cluster = { code: upgradeTransformers("train") };
    const changes = listChanges(compareSnapshots(base, buildFamilySnapshot({}, cluster)));
    expect(changes.map(({ id, reason }) => [id, reason])).toEqual([
      ["V7-Mono-Stag", "retrained"],
      ["V7-Bi-Stag", "retrained"],
    ]);
    expect(changes[0]?.causes).toEqual([{ input: "transformers", old: "5.6.0", new: "5.6.1" }]);
  });

  it("names the GPU model if it is another one", () => {
    const cluster = { hardware: { ...gpuCluster.hardware, gpu: "MI300X" as const } };
    const settings = { "mixcpt:hardware": { gpu: "MI300X", devicesPerNode: 8 } };
    const changes = listChanges(compareSnapshots(base, buildFamilySnapshot(settings, cluster)));
    expect(changes.map(({ causes }) => causes)).toEqual(
      Array.from({ length: 3 }, () => [{ input: "device", old: "MI250X", new: "MI300X" }]),
    );
  });

  it("re-evaluates without training if only the evaluating code is new", () => {
    const code = { ...sampleCode, evaluate: { ...sampleCode.evaluate, version: 2 } };
    const comparison = compareSnapshots(base, buildFamilySnapshot({}, { code }));
    const changes = listChanges(comparison);
    expect(changes.map(({ id, reason }) => [id, reason])).toEqual([
      ["V7-Mono-Stag", "re-evaluated"],
      ["V7-Bi-Stag", "re-evaluated"],
      ["V7-base", "re-evaluated"],
    ]);
    expect(changes[0]?.causes).toEqual([{ input: "code version", old: "1", new: "2" }]);
    expect(computeComparisonTotals(comparison)).toMatchObject({
      gpuHours: { low: 0, high: 0 },
      evaluationGpuHours: expect.closeTo(
        Object.values(base.stacks?.["viking"]?.evaluationGpuHours ?? {}).reduce((sum, hours) => sum + hours, 0),
        6,
      ),
    });
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
    const changes = listChanges(compareSnapshots(base, buildFamilySnapshot({ "mixcpt:benchmarks": benchmarks })));
    expect(changes.map((change) => [change.id, change.reason, change.causes])).toEqual([
      ["V7-Mono-Stag", "re-evaluated", causes],
      ["V7-Bi-Stag", "re-evaluated", causes],
      ["V7-base", "re-evaluated", causes],
    ]);
  });

  it("re-evaluates the base model if its cells are evaluated in more languages", () => {
    const more = buildFamilySnapshot({ "mixcpt:axes": { data: ["Mono", "Bi"], categories: ["Stag", "Alt"] } });
    expect(summarizeChanges(compareSnapshots(base, more))).toEqual([
      ["viking", "V7-Mono-Alt", "new"],
      ["viking", "V7-Bi-Alt", "new"],
      ["viking", "V7-base", "re-evaluated"],
    ]);
  });

  it("re-evaluates a cell if more checkpoints are evaluated that its training keeps anyway", () => {
    const kept = { keep: "weights", evaluate: ["last"] };
    const before = buildFamilySnapshot({ "mixcpt:checkpoints": kept });
    const more = buildFamilySnapshot({ "mixcpt:checkpoints": { ...kept, evaluate: [500, "last"] } });
    const changes = listChanges(compareSnapshots(before, more));
    expect(changes.map(({ reason, gpuHours }) => [reason, gpuHours.high])).toEqual([
      ["re-evaluated", 0],
      ["re-evaluated", 0],
    ]);
    expect(changes[0]?.causes).toMatchObject([{ input: "checkpoints", new: expect.stringMatching(/^500, \d+$/) }]);
    expect(listChanges(compareSnapshots(more, before))).toEqual([]);
  });

  it("continues a training whose later checkpoints are evaluated, with the hours of the added steps", () => {
    const [before, after] = [[1000], [1000, 2000]].map((evaluate) =>
      buildFamilySnapshot({ "mixcpt:checkpoints": { evaluate } }),
    ) as [PreviewSnapshot, PreviewSnapshot];
    const comparison = compareSnapshots(before, after);
    const changes = listChanges(comparison);
    const whole = after.plan.stacks[0]?.cells.find(({ id }) => id === changes[0]?.id);
    expect(changes.map(({ reason }) => reason)).toEqual(["continued", "continued"]);
    expect(changes[0]).toMatchObject({
      causes: [{ input: "checkpoints", old: "1000", new: "1000, 2000" }],
      run: whole?.run,
      gpuHours: { low: (whole?.estimate.gpuHours.low ?? NaN) / 2, high: (whole?.estimate.gpuHours.high ?? NaN) / 2 },
    });
    expect(computeComparisonTotals(comparison).gpuHours.high).toBeGreaterThan(0);
    expect(renderPullRequestComment(comparison, context)).toMatch(
      /- `up viking` is refused where 2 trainings .* run `\.\/mixcpt destroy viking`, then `\.\/mixcpt up viking`/,
    );
  });

  it("counts the steps from a checkpoint that the submitted training may have passed", () => {
    const [change] = listChanges(
      compareSnapshots(
        buildFamilySnapshot({ "mixcpt:checkpoints": { evaluate: [2000] } }),
        buildFamilySnapshot({ "mixcpt:checkpoints": { evaluate: [500, 2000] } }),
      ),
    );
    const hours = base.plan.stacks[0]?.cells.find(({ id }) => id === change?.id)?.estimate;
    expect([change?.reason, change?.gpuHours.low]).toEqual(["continued", 0]);
    expect(change?.gpuHours.high).toBeGreaterThan(0);
    expect(change?.gpuHours.high).toBeLessThan(hours?.gpuHours.high ?? 0);
  });

  it("traces a new input to the step that writes it", () => {
    const longer = buildFamilySnapshot({ "mixcpt:sequenceLength": 2048 });
    const inputs = listChanges(compareSnapshots(base, longer))[0]?.causes.map(({ input }) => input);
    expect(inputs).toContain("recipe.cutoff_len");
    expect(inputs?.some((input) => input.startsWith("tokenised: "))).toBe(true);
  });

  it("counts all cells of an added stack as new, with their data", () => {
    const comparison = compareSnapshots(emptySnapshot, base);
    expect(listChanges(comparison).map(({ reason }) => reason)).toEqual(["new", "new", "new"]);
    expect(comparison.stacks).toMatchObject([
      { status: "new", otherSteps: expect.arrayContaining([expect.anything()]) },
    ]);
    const { gpuHours } = computeComparisonTotals(comparison);
    expect(gpuHours.high).toBeCloseTo(base.plan.stacks[0]?.totals.gpuHours.high ?? 0, 2);
  });

  it("lists removed cells and the objects that go with them", () => {
    const fewer = buildFamilySnapshot({ "mixcpt:axes": { data: ["Mono"], categories: ["Stag"] } });
    const comparison = compareSnapshots(base, fewer);
    expect(comparison.stacks).toMatchObject([
      {
        changes: [],
        removed: ["V7-Bi-Stag"],
        created: [],
        deleted: expect.arrayContaining([expect.stringMatching(/^TrainJob\/v7-bi-stag-/)]),
      },
    ]);
    const comment = renderPullRequestComment(comparison, context);
    expect(comment).toMatch(
      /\*\*Nothing would run\.\*\* \*\*\d objects would be deleted from clusters; results are kept/,
    );
    expect(comment).toContain("Removed from the matrix, results are kept:\n\n- V7-Bi-Stag of `viking`");
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
