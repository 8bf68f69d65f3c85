import { gpuCluster, upgradeTransformers } from "../../jobs/kube/clusterOutputs.fixture.ts";
import { compareSnapshots, computeComparisonTotals, hasEffects, hasRuns } from "./compareSnapshots.ts";
import { explainViolations } from "./explainViolations.ts";
import { renderPullRequestComment } from "./pullRequestComment.ts";
import {
  buildFamilySnapshot,
  buildStacksSnapshot,
  emptySnapshot,
  faster,
  listChanges,
  summarizeChanges,
} from "./snapshots.fixture.ts";

const base = buildFamilySnapshot();
const context = { base: "main", diff: "", endedRuns: [] };

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
      ["viking-slow", "V7-Mono-Stag", "new"],
      ["viking-slow", "V7-Bi-Stag", "new"],
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
      id: "M7-Mono-Stag",
      reason: "renamed",
      causes: [{ input: "name", old: "N7-Mono-Stag", new: "M7-Mono-Stag" }],
    });
    expect(comparison.stacks[0]?.removed).toEqual([]);
  });
});

describe("a stack of the base", () => {
  it("is removed with all its objects if its file was deleted", () => {
    const comparison = compareSnapshots(base, emptySnapshot);
    expect(comparison.stacks).toMatchObject([{ status: "removed", removed: ["V7-Mono-Stag", "V7-Bi-Stag"] }]);
    expect(comparison.stacks[0]?.deleted).toHaveLength(base.manifests["viking"]?.length ?? 0);
    const comment = renderPullRequestComment(comparison, context);
    expect(comment).toContain("**1 stack would be removed after an approval.**");
    expect(comment).toMatch(/- the stack `viking`, after an approval \(\d+ objects deleted\): V7-Mono-Stag, V7-Bi/);
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
      ["viking", "V7-Mono-Stag", "moved"],
      ["viking", "V7-Bi-Stag", "moved"],
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

describe("a stack that breaks a rule of policies/", () => {
  it("is refused with the rule, the object and the place", () => {
    const images = { ...gpuCluster.images, evaluate: "registry.example.org/team/evaluate:latest" };
    const cluster = { images, code: upgradeTransformers("evaluate") };
    const [manifests = []] = Object.values(buildFamilySnapshot({}, cluster).manifests);
    const violation = explainViolations("viking", manifests) ?? "";
    expect(violation).toMatch(
      /^Pulumi\.viking\.yaml breaks rules of docs\/policies\.md:\n[^]* {2}pinned-images: JobSet\/eval-v7-\S+: spec\..* is not pinned/,
    );
    const comparison = compareSnapshots(base, buildStacksSnapshot({ viking: { cluster, facts: { violation } } }));
    expect(hasRuns(comparison)).toBe(false);
    expect(renderPullRequestComment(comparison, context)).toMatch(
      /- `up viking` is refused, and 3 rows below would run only without that; Pulumi\.viking\.yaml breaks rules/,
    );
  });
});

describe("a file that cannot be read", () => {
  it("is an error beside what the other files would run, and no removal", () => {
    const head = { ...emptySnapshot, problems: { "Pulumi.viking.yaml": { message: "bad", deployed: true } } };
    const comparison = compareSnapshots(base, head);
    expect(comparison.stacks).toEqual([]);
    expect(renderPullRequestComment(comparison, context)).toContain("Errors:\n\n- `Pulumi.viking.yaml`: bad");
    expect(hasEffects(comparison)).toBe(true);
  });

  it("is no new effect if the base has the same problem", () => {
    const buildBroken = (message: string) => ({
      ...emptySnapshot,
      problems: { "Pulumi.viking.yaml": { message, deployed: true } },
    });
    const broken = buildBroken("Pulumi.viking.yaml cannot be used:\n  a: b\n  c: d");
    const comparison = compareSnapshots(broken, broken);
    expect(hasEffects(comparison)).toBe(false);
    const comment = renderPullRequestComment(comparison, context);
    expect(comment).toContain("**1 file would be refused as before.**");
    expect(comment).toContain("- `Pulumi.viking.yaml`: as before: a: b and 1 more problem");
    expect(hasEffects(compareSnapshots(buildBroken("another"), broken))).toBe(true);
  });
});
