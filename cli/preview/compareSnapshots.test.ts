/** Compares two snapshots. Running another commit's program is not tested here. */
import { buildProvisionalExperiment, listRunManifests, parseFamilyConfig } from "../../jobs/experiment/index.ts";
import { gpuCluster, sampleCode, upgradeTransformers } from "../../jobs/kube/clusterOutputs.fixture.ts";
import type { ClusterOutputs } from "../../jobs/kube/clusterOutputs.ts";
import { buildPlanDocument } from "../../jobs/plan/index.ts";
import { buildPlanOnCluster } from "../plan/planOnCluster.ts";
import type { CellChange } from "./cellChanges.ts";
import type { SnapshotComparison } from "./compareSnapshots.ts";
import { compareSnapshots, computeComparisonTotals, hasEffects, hasRuns } from "./compareSnapshots.ts";
import { commentMarker, renderPullRequestComment } from "./pullRequestComment.ts";
import type { ComparedManifest, PreviewSnapshot, StackFacts } from "./snapshotSchema.ts";

const values = {
  "mixcpt:family": "viking",
  "mixcpt:protocol": "uniform",
  "mixcpt:hardware": { gpu: "MI250X", devicesPerNode: 8 },
  "mixcpt:axes": { data: ["Mono", "Bi"], categories: ["Stag"] },
};

interface StackSettings {
  readonly settings?: Record<string, unknown>;
  readonly cluster?: ClusterOutputs;
  readonly facts?: Partial<StackFacts>;
}

/** The snapshot of stacks of one family, by name. */
function buildStacksSnapshot(stacks: Readonly<Record<string, StackSettings>>): PreviewSnapshot {
  const entries = Object.entries(stacks).map(([stack, { settings = {}, cluster = gpuCluster, facts = {} }]) => {
    const config = parseFamilyConfig({ stack, file: `Pulumi.${stack}.yaml`, values: { ...values, ...settings } });
    const { plan } = buildPlanOnCluster(config, cluster);
    const manifests = listRunManifests(buildProvisionalExperiment(config, cluster)).map(
      (manifest) => JSON.parse(JSON.stringify(manifest)) as ComparedManifest,
    );
    const stackFacts: StackFacts = {
      cluster: "lumi",
      deployed: true,
      evaluationGpuHours: Object.fromEntries(plan.cells.map(({ id, estimate }) => [id, estimate.evaluationGpuHours])),
      findings: buildPlanDocument([plan]).findings,
      ...facts,
    };
    return { stack, plan, manifests, stackFacts };
  });
  return {
    plan: buildPlanDocument(entries.map(({ plan }) => plan)),
    manifests: Object.fromEntries(entries.map(({ stack, manifests }) => [stack, manifests])),
    stacks: Object.fromEntries(entries.map(({ stack, stackFacts }) => [stack, stackFacts])),
    clusters: {},
  };
}

function buildFamilySnapshot(settings: Record<string, unknown> = {}, cluster = gpuCluster): PreviewSnapshot {
  return buildStacksSnapshot({ viking: { settings, cluster } });
}

function listChanges({ stacks }: SnapshotComparison): CellChange[] {
  return stacks.flatMap(({ changes }) => changes);
}

function summarizeChanges(comparison: SnapshotComparison) {
  return listChanges(comparison).map(({ stack, id, reason }) => [stack, id, reason]);
}

const base = buildFamilySnapshot();
const emptySnapshot: PreviewSnapshot = { plan: { stacks: [], findings: [] }, manifests: {}, clusters: {} };
const faster = { "mixcpt:overrides": { "V7-Bi-Stag": { learning_rate: 2e-5 } } };
const changed = buildFamilySnapshot(faster);
const context = { base: "main", diff: "" };

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

  it("lists new lint findings", () => {
    const withTemplate = (template: string) =>
      buildFamilySnapshot({ "mixcpt:overrides": { "V7-Bi-Stag": { template } } });
    const [stack] = compareSnapshots(withTemplate("default"), withTemplate("llama3")).stacks;
    expect(stack?.findings.map(({ rule, cells }) => [rule, cells])).toEqual([
      ["template-in-pretraining", ["V7-Bi-Stag"]],
    ]);
  });

  it("finds nothing to run if only the images are new", () => {
    const images = { data: "data:new", llamaFactory: "llama-factory:new", evaluate: "evaluate:new" };
    const comparison = compareSnapshots(base, buildFamilySnapshot({}, { ...gpuCluster, images }));
    expect([hasRuns(comparison), hasEffects(comparison)]).toEqual([false, false]);
  });

  it("retrains every cell if a package that trains is new, and names it with both versions", () => {
    const cluster = { ...gpuCluster, code: upgradeTransformers("train") };
    const changes = listChanges(compareSnapshots(base, buildFamilySnapshot({}, cluster)));
    expect(changes.map(({ id, reason }) => [id, reason])).toEqual([
      ["V7-Bi-Stag", "retrained"],
      ["V7-Mono-Stag", "retrained"],
    ]);
    expect(changes[0]?.causes).toEqual([{ input: "transformers", old: "5.6.0", new: "5.6.1" }]);
  });

  it("names the GPU model if it is another one", () => {
    const cluster = { ...gpuCluster, hardware: { ...gpuCluster.hardware, gpu: "MI300X" as const } };
    const settings = { "mixcpt:hardware": { gpu: "MI300X", devicesPerNode: 8 } };
    const changes = listChanges(compareSnapshots(base, buildFamilySnapshot(settings, cluster)));
    expect(changes.map(({ causes }) => causes)).toEqual(
      Array.from({ length: 3 }, () => [{ input: "device", old: "MI250X", new: "MI300X" }]),
    );
  });

  it("re-evaluates without training if only the evaluating code is new", () => {
    const code = { ...sampleCode, evaluate: { ...sampleCode.evaluate, version: 2 } };
    const comparison = compareSnapshots(base, buildFamilySnapshot({}, { ...gpuCluster, code }));
    const changes = listChanges(comparison);
    expect(changes.map(({ id, reason }) => [id, reason])).toEqual([
      ["V7-Bi-Stag", "re-evaluated"],
      ["V7-Mono-Stag", "re-evaluated"],
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
      ["V7-Bi-Stag", "re-evaluated", causes],
      ["V7-Mono-Stag", "re-evaluated", causes],
      ["V7-base", "re-evaluated", causes],
    ]);
  });

  it("re-evaluates the base model if its cells are evaluated in more languages", () => {
    const more = buildFamilySnapshot({ "mixcpt:axes": { data: ["Mono", "Bi"], categories: ["Stag", "Alt"] } });
    expect(summarizeChanges(compareSnapshots(base, more))).toEqual([
      ["viking", "V7-Bi-Alt", "new"],
      ["viking", "V7-Mono-Alt", "new"],
      ["viking", "V7-base", "re-evaluated"],
    ]);
  });

  it("traces a new input to the step that writes it", () => {
    const longer = buildFamilySnapshot({ "mixcpt:sequenceLength": 1024 });
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

describe("the identity of a cell", () => {
  it("is its stack and its name: a second stack of a family is new, and hides no change of the first", () => {
    const second = {
      settings: {
        "mixcpt:overrides": { "V7-Bi-Stag": { learning_rate: 1e-5 }, "V7-Mono-Stag": { learning_rate: 1e-5 } },
      },
    };
    const comparison = compareSnapshots(
      base,
      buildStacksSnapshot({ viking: { settings: faster }, "viking-slow": second }),
    );
    expect(summarizeChanges(comparison)).toEqual([
      ["viking", "V7-Bi-Stag", "retrained"],
      ["viking-slow", "V7-Bi-Stag", "new"],
      ["viking-slow", "V7-Mono-Stag", "new"],
      ["viking-slow", "V7-base", "new"],
    ]);
  });

  it("refuses two stacks that would submit the same run to one cluster", () => {
    const comparison = compareSnapshots(base, buildStacksSnapshot({ viking: {}, twin: { settings: faster } }));
    expect(comparison.stacks.map(({ stack, refusal }) => [stack, refusal])).toEqual([
      [
        "viking",
        expect.stringMatching(
          /^Pulumi\.viking\.yaml describes runs that Pulumi\.twin\.yaml submits to cluster "lumi", too: .*v7-mono-stag/,
        ),
      ],
      ["twin", expect.stringMatching(/^Pulumi\.twin\.yaml describes runs that Pulumi\.viking\.yaml submits/)],
    ]);
    expect(hasRuns(comparison)).toBe(false);
  });

  it("accepts the same runs on different clusters", () => {
    const stacks = buildStacksSnapshot({ viking: {}, twin: { facts: { cluster: "other" } } });
    expect(compareSnapshots(base, stacks).stacks.every(({ refusal }) => refusal === undefined)).toBe(true);
  });

  it("recognizes a renamed cell by the hash of its run", () => {
    const shape = { parameters: 7e9, hidden: 4096, layers: 32, heads: 32, keyValueHeads: 8, feedForward: 11008 };
    const rename = (prefix: string) => ({
      "mixcpt:family": "named",
      "mixcpt:families": {
        named: {
          title: "Named",
          prefix,
          repository: "LumiOpen/Viking-7B",
          revision: "5".repeat(40),
          shape: { ...shape, vocabulary: 131072 },
        },
      },
    });
    const comparison = compareSnapshots(buildFamilySnapshot(rename("N7")), buildFamilySnapshot(rename("M7")));
    expect(listChanges(comparison)[0]).toMatchObject({
      id: "M7-Bi-Stag",
      reason: "renamed",
      causes: [{ input: "name", old: "N7-Bi-Stag", new: "M7-Bi-Stag" }],
    });
    expect(comparison.stacks[0]?.removed).toEqual([]);
  });
});

describe("a stack of the base", () => {
  it("is removed with all its objects if its file was deleted", () => {
    const comparison = compareSnapshots(base, emptySnapshot);
    expect(comparison.stacks).toMatchObject([{ status: "removed", removed: ["V7-Bi-Stag", "V7-Mono-Stag"] }]);
    expect(comparison.stacks[0]?.deleted).toHaveLength(base.manifests["viking"]?.length ?? 0);
    const comment = renderPullRequestComment(comparison, context);
    expect(comment).toContain("**1 stack would be removed after an approval.**");
    expect(comment).toMatch(/- the stack `viking`, after an approval \(\d+ objects deleted\): V7-Bi-Stag, V7-Mono/);
  });

  it("blocks its successor under another name until its removal is approved", () => {
    const comparison = compareSnapshots(base, buildStacksSnapshot({ successor: {} }));
    expect(comparison.stacks.map(({ stack, status, refusal }) => [stack, status, refusal])).toEqual([
      [
        "successor",
        "new",
        expect.stringMatching(
          /the removed stack viking still has on cluster "lumi".*approve its removal, then deploy again/,
        ),
      ],
      ["viking", "removed", undefined],
    ]);
  });

  it("runs everything again on another cluster", () => {
    const moved = buildStacksSnapshot({ viking: { facts: { cluster: "other" } } });
    const comparison = compareSnapshots(base, moved);
    expect(summarizeChanges(comparison)).toEqual([
      ["viking", "V7-Bi-Stag", "moved"],
      ["viking", "V7-Mono-Stag", "moved"],
      ["viking", "V7-base", "moved"],
    ]);
    expect(comparison.stacks[0]?.deleted).toHaveLength(base.manifests["viking"]?.length ?? 0);
  });
});

describe("a stack that up refuses", () => {
  const refused = (settings = {}) =>
    buildStacksSnapshot({ viking: { settings, facts: { refusal: "Pulumi.viking.yaml cannot be used:\n  a: b" } } });

  it("costs nothing, and its rows say so", () => {
    const comparison = compareSnapshots(base, refused(faster));
    expect(computeComparisonTotals(comparison).gpuHours.high).toBe(0);
    const comment = renderPullRequestComment(comparison, context);
    expect(comment).toContain("**Nothing would run.** **1 file would be refused.**");
    expect(comment).toContain(
      "- `up viking` is refused, and 1 row below would run only without that; Pulumi.viking.yaml",
    );
    expect(comment).toContain("| viking | V7-Bi-Stag | retrained, but refused |");
  });

  it("is mentioned in a line if the base is refused for the same reason", () => {
    const comparison = compareSnapshots(refused(), refused());
    expect(hasEffects(comparison)).toBe(false);
    expect(renderPullRequestComment(comparison, context)).toContain("- `up viking` is refused; as before: a: b");
  });

  it("runs completely once it is accepted", () => {
    expect(listChanges(compareSnapshots(refused(), base)).map(({ reason }) => reason)).toEqual(["new", "new", "new"]);
  });
});

describe("a file that cannot be read", () => {
  it("is an error beside what the other files would run, and no removal", () => {
    const head = { ...emptySnapshot, problems: { "Pulumi.viking.yaml": { message: "bad", deployed: true } } };
    const comparison = compareSnapshots(base, head);
    expect(comparison.stacks).toEqual([]);
    expect(renderPullRequestComment(comparison, context)).toContain("Errors:\n\n- `Pulumi.viking.yaml`: bad");
  });
});

describe("clusters", () => {
  const withCluster = (inputs: Record<string, string>, deployed = true): PreviewSnapshot => ({
    ...emptySnapshot,
    clusters: { lumi: { deployed, inputs, manifests: [] } },
  });

  it("change with the version of a controller, before the stacks", () => {
    const comparison = compareSnapshots(withCluster({ kueue: "v0.18.3" }), withCluster({ kueue: "v0.19.0" }));
    expect(hasEffects(comparison)).toBe(true);
    expect(renderPullRequestComment(comparison, context)).toContain(
      "| lumi | changed | kueue `v0.18.3` → `v0.19.0` | `cluster up` before the stacks |",
    );
  });

  it("are left out if no deployment touches them", () => {
    const [before, after] = [withCluster({ kueue: "v0.18.3" }, false), withCluster({ kueue: "v0.19.0" }, false)];
    expect(compareSnapshots(before, after).clusters).toEqual([]);
  });

  it("are removed after an approval if their file was deleted", () => {
    expect(compareSnapshots(withCluster({}), emptySnapshot).clusters).toMatchObject([{ status: "removed" }]);
  });
});

describe("the comment of a pull request", () => {
  it("has a row per cell and the collapsed difference of the manifests", () => {
    const text = renderPullRequestComment(compareSnapshots(base, changed), { base: "main", diff: "-old\n+new" });
    expect(text).toMatch(
      /\*\*1 cell.* would run: [\d.–]+ GPU-hours of training, at least [\d.]+ of evaluation and .* of disk more/,
    );
    expect(text).toMatch(/\| viking \| V7-Bi-Stag \| retrained \| recipe\.learning_rate `0\.00004` → `0\.00002` \|/);
    expect(text).toMatch(
      /<details><summary>changed manifests<\/summary>\n\n````diff\n-old\n\+new\n````\n\n<\/details>/,
    );
  });

  it("gives the cost where a stack has a price", () => {
    const priced = buildFamilySnapshot({ ...faster, "mixcpt:price": { perGpuHour: 2, currency: "EUR" } });
    const comparison = compareSnapshots(base, priced);
    const { gpuHours, costs } = computeComparisonTotals(comparison);
    expect(costs.get("EUR")).toBeCloseTo(2 * gpuHours.high, 2);
    expect(renderPullRequestComment(comparison, context)).toMatch(
      /up to [\d.]+ EUR.*\n[\s\S]*\| cost \|[\s\S]* EUR \|/,
    );
  });

  it("asks for an approval above a number of GPU-hours", () => {
    const comparison = compareSnapshots(base, changed);
    const render = (approvalLimit: number) => renderPullRequestComment(comparison, { ...context, approvalLimit });
    expect(render(1)).toContain("**More than 1 GPU-hours: the deployment waits for an approval.**");
    expect(render(1_000_000)).not.toContain("approval");
  });

  it("lists active runs that a deployment refuses to end", () => {
    const endedRuns = [{ stack: "viking", object: "TrainJob/v7", description: "V7-Bi-Stag: training v7, active" }];
    expect(renderPullRequestComment(compareSnapshots(base, changed), { ...context, endedRuns })).toContain(
      "- `up viking` is refused while this is active: V7-Bi-Stag: training v7, active",
    );
  });

  it("fits GitHub's limit, cuts the least important part and says so", () => {
    const diff = Array.from({ length: 20_000 }, () => "+".repeat(10)).join("\n");
    const text = renderPullRequestComment(compareSnapshots(emptySnapshot, base), { base: "main", diff });
    expect(text.length).toBeLessThan(65_536);
    expect(text.length).toBeGreaterThan(60_000);
    expect(text).toMatch(
      /\| viking \| V7-Mono-Stag \| new \|[\s\S]*\*\*Cut:\*\* changed manifests, \d+ lines of 20000 left out/,
    );
  });

  it("is deterministic", () => {
    expect(renderPullRequestComment(compareSnapshots(base, changed), context)).toBe(
      renderPullRequestComment(compareSnapshots(buildFamilySnapshot(), changed), context),
    );
  });
});
