/** Two snapshots of a stack of corpora, alone and beside a family, and what is said of their difference. */
import { parseStackConfig, listRunManifests } from "../../jobs/experiment/index.ts";
import { gpuCluster } from "../../jobs/kube/clusterOutputs.fixture.ts";
import { buildPlanDocument } from "../../jobs/plan/index.ts";
import { buildPlanOnCluster } from "../plan/planOnCluster.ts";
import { renderPullRequestComment } from "./pullRequestComment.ts";
import { compareSnapshots, hasRuns } from "./compareSnapshots.ts";
import type { ComparedManifest, PreviewSnapshot } from "./previewSnapshot.ts";
import { previewSnapshotSchema } from "./previewSnapshot.ts";

const axes = { data: ["Mono", "Mono+Code"], categories: ["Stag"] };
const stacks: Record<string, Record<string, unknown>> = {
  corpora: { "mixcpt:kind": "corpora", "mixcpt:axes": axes },
  viking: {
    "mixcpt:family": "viking",
    "mixcpt:protocol": "uniform",
    "mixcpt:hardware": { gpu: "MI250X", devicesPerNode: 8 },
    "mixcpt:axes": axes,
  },
};

function buildCorporaSnapshot(
  names: readonly string[],
  more: Record<string, unknown> = {},
  cluster = gpuCluster,
): PreviewSnapshot {
  const planned = names.map((stack) =>
    buildPlanOnCluster(
      parseStackConfig({ stack, file: `Pulumi.${stack}.yaml`, values: { ...stacks[stack], ...more } }),
      cluster,
    ),
  );
  const manifests = planned.map(({ plan, experiment }) => [
    plan.stack,
    listRunManifests(experiment).map((one) => JSON.parse(JSON.stringify(one)) as ComparedManifest),
  ]);
  return {
    plan: buildPlanDocument(planned.map(({ plan }) => plan)),
    manifests: Object.fromEntries(manifests) as PreviewSnapshot["manifests"],
  };
}

const nothing: PreviewSnapshot = { plan: { stacks: [], findings: [] }, manifests: {} };
const base = buildCorporaSnapshot(["corpora"]);

function pinRevision(repository: string, commit: string) {
  return { "mixcpt:revisions": { [repository]: commit.repeat(40) } };
}

function listMixtureChanges(before: PreviewSnapshot, after: PreviewSnapshot) {
  return compareSnapshots(before, after).mixtures.map((one) => [
    one.mixture.id,
    one.reason,
    one.causes.map(({ input }) => input),
  ]);
}

describe("a preview of a stack of corpora", () => {
  it("that is as it was says that nothing runs", () => {
    expect(hasRuns(compareSnapshots(base, buildCorporaSnapshot(["corpora"])))).toBe(false);
  });

  it("counts every mixture of a new stack, once, with its disk", () => {
    const comparison = compareSnapshots(nothing, base);
    expect(comparison.mixtures.map((one) => [one.mixture.id, one.reason])).toEqual([
      ["Mono+Code-Stag", "new"],
      ["Mono-Stag", "new"],
    ]);
    expect(comparison.otherSteps).toEqual([
      expect.stringMatching(/^model-viking-7b-/),
      expect.stringMatching(/^model-glotlid-/),
    ]);
    expect(comparison.diskGB).toBeCloseTo(10e-9 * (2 * 86_555_688 + 50_000_000), 3);
    expect(comparison.gpuHours).toEqual({ low: 0, high: 0 });
  });

  it("makes again the one mixture that reads what has a new commit", () => {
    expect(
      listMixtureChanges(base, buildCorporaSnapshot(["corpora"], pinRevision("bigcode/the-stack-dedup", "7"))),
    ).toEqual([
      [
        "Mono+Code-Stag",
        "made again",
        expect.arrayContaining([expect.stringMatching(/^sources\.\d+ \(the-stack\)\.revision$/)]),
      ],
    ]);
  });

  it("follows a new commit of the tokenizer to the step that fetches it, and says both commits", () => {
    const { mixtures } = compareSnapshots(
      base,
      buildCorporaSnapshot(["corpora"], pinRevision("LumiOpen/Viking-7B", "7")),
    );
    expect(mixtures.map(({ causes }) => causes)).toEqual(
      Array.from({ length: 2 }, () => [{ input: "tokenizer: revision", old: "0".repeat(40), new: "7".repeat(40) }]),
    );
  });

  it("makes all of them again where the image is new, and names both images", () => {
    const images = { ...gpuCluster.images, data: "mixcpt.local/data:new" };
    const { mixtures } = compareSnapshots(base, buildCorporaSnapshot(["corpora"], {}, { ...gpuCluster, images }));
    expect(mixtures).toHaveLength(2);
    expect(mixtures[0]?.causes).toContainEqual({
      input: "image",
      old: gpuCluster.images.data,
      new: "mixcpt.local/data:new",
    });
  });

  it("says which mixtures are no longer there", () => {
    const fewer = buildCorporaSnapshot(["corpora"], { "mixcpt:axes": { data: ["Mono"], categories: ["Stag"] } });
    expect(compareSnapshots(base, fewer)).toMatchObject({ mixtures: [], removed: ["Mono+Code-Stag"] });
  });

  it("tells what is open of a mixture that there was not before", () => {
    expect(compareSnapshots(nothing, base).findings.map(({ rule, cells }) => [rule, cells])).toContainEqual([
      "not-pinned",
      ["Mono+Code-Stag", "Mono-Stag"],
    ]);
    expect(compareSnapshots(base, base).findings).toEqual([]);
  });
});

describe("a preview of corpora and of a family that reads them", () => {
  const [before, after] = [
    buildCorporaSnapshot(["corpora", "viking"]),
    buildCorporaSnapshot(["corpora", "viking"], pinRevision("bigcode/the-stack-dedup", "7")),
  ];

  it("says of the cell, too, which commit it is trained again for", () => {
    const { changes, mixtures } = compareSnapshots(before, after);
    expect(mixtures.map(({ mixture }) => mixture.id)).toEqual(["Mono+Code-Stag"]);
    expect(
      changes.map(({ cell, causes }) => [
        cell.id,
        causes.some(({ old, new: now }) => old === "0".repeat(40) && now === "7".repeat(40)),
      ]),
    ).toEqual([["V7-Mono+Code-Stag", true]]);
  });

  it("reads what an older commit wrote, whose plan has no mixtures", () => {
    const family = buildCorporaSnapshot(["viking"]);
    const old = previewSnapshotSchema.parse(JSON.parse(JSON.stringify(family)));
    expect(old.plan.stacks.every((stack) => !("mixtures" in stack))).toBe(true);
    expect(compareSnapshots(old, before)).toMatchObject({
      changes: [],
      mixtures: [{ reason: "new" }, { reason: "new" }],
    });
  });
});

describe("the comment on corpora", () => {
  it("has a row per mixture with its inputs, tokens and disk, and none for cells", () => {
    const text = renderPullRequestComment(
      compareSnapshots(base, buildCorporaSnapshot(["corpora"], pinRevision("bigcode/the-stack-dedup", "7"))),
      { base: "main", diff: "" },
    );
    expect(text).toContain("**1 mixture would run: 1.37 GB of disk more than main.**");
    expect(text).toMatch(
      /\| mixture \| {2}\| because \| tokens \| disk \| job \|\n.*\n\| Mono\+Code-Stag \| made again \| sources\.5 \(the-stack\)\.revision and 31 alike `0{40}` → `7{40}` \| 137 M \| 1\.37 GB \| `data-mono-code-stag-[0-9a-f]{8}` \|/,
    );
    expect(text).not.toContain("| cell |");
  });

  it("counts mixtures, the steps before them, and their disk", () => {
    expect(renderPullRequestComment(compareSnapshots(nothing, base), { base: "main", diff: "" })).toContain(
      "**2 mixtures and 2 other steps would run: 2.23 GB of disk more than main.**",
    );
  });
});
