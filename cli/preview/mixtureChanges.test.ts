/** Compares two snapshots of a stack of corpora, alone and together with a model family. */
import { sampleCode } from "../../jobs/kube/clusterOutputs.fixture.ts";
import type { ClusterOutputs } from "../../jobs/kube/clusterOutputs.ts";
import { renderPullRequestComment } from "./pullRequestComment.ts";
import type { SnapshotComparison } from "./compareSnapshots.ts";
import { compareSnapshots, computeComparisonTotals, hasRuns } from "./compareSnapshots.ts";
import type { PreviewSnapshot } from "./snapshotSchema.ts";
import { previewSnapshotSchema } from "./snapshotSchema.ts";
import { buildStacksSnapshot, emptySnapshot, familyValues } from "./snapshots.fixture.ts";

const axes = { data: ["Mono", "Mono+Code"], categories: ["Stag"] };
const stacks: Readonly<Record<string, Record<string, unknown>>> = {
  corpora: { "mixcpt:kind": "corpora", "mixcpt:axes": axes },
  viking: { ...familyValues, "mixcpt:axes": axes },
};

function buildCorporaSnapshot(
  names: readonly string[],
  settings: Record<string, unknown> = {},
  cluster: Partial<ClusterOutputs> = {},
): PreviewSnapshot {
  const entries = names.map((stack) => [stack, { values: { ...stacks[stack] }, settings, cluster }] as const);
  return buildStacksSnapshot(Object.fromEntries(entries));
}

const base = buildCorporaSnapshot(["corpora"]);

function pinRevision(repository: string, commit: string) {
  return { "mixcpt:revisions": { [repository]: commit.repeat(40) } };
}

function listMixtures({ stacks }: SnapshotComparison) {
  return stacks.flatMap(({ mixtures }) => mixtures);
}

function listMixtureChanges(before: PreviewSnapshot, after: PreviewSnapshot) {
  return listMixtures(compareSnapshots(before, after)).map(({ mixture, reason, causes }) => [
    mixture.id,
    reason,
    causes.map(({ input }) => input),
  ]);
}

describe("the comparison of a stack of corpora", () => {
  it("finds nothing to run if it is unchanged", () => {
    expect(hasRuns(compareSnapshots(base, buildCorporaSnapshot(["corpora"])))).toBe(false);
  });

  it("counts every mixture of a new stack once, with its disk space", () => {
    const comparison = compareSnapshots(emptySnapshot, base);
    expect(listMixtures(comparison).map(({ mixture, reason }) => [mixture.id, reason])).toEqual([
      ["Mono+Code-Stag", "new"],
      ["Mono-Stag", "new"],
    ]);
    expect(comparison.stacks.flatMap(({ otherSteps }) => otherSteps)).toEqual([
      expect.stringMatching(/^model-viking-7b-/),
      expect.stringMatching(/^model-glotlid-/),
    ]);
    const { diskGB, gpuHours } = computeComparisonTotals(comparison);
    expect(diskGB).toBeCloseTo(5.52, 1);
    expect(gpuHours).toEqual({ low: 0, high: 0 });
  });

  it("rebuilds only the mixture that reads a repository with a new commit", () => {
    expect(
      listMixtureChanges(base, buildCorporaSnapshot(["corpora"], pinRevision("bigcode/the-stack-dedup", "7"))),
    ).toEqual([
      [
        "Mono+Code-Stag",
        "rebuilt",
        expect.arrayContaining([expect.stringMatching(/^sources\.\d+ \(the-stack\)\.revision$/)]),
      ],
    ]);
  });

  it("traces a new commit of the tokenizer to the step that downloads it, and gives both commits", () => {
    const mixtures = listMixtures(
      compareSnapshots(base, buildCorporaSnapshot(["corpora"], pinRevision("LumiOpen/Viking-7B", "7"))),
    );
    expect(mixtures.map(({ causes }) => causes)).toEqual(
      Array.from({ length: 2 }, () => [{ input: "tokenizer: revision", old: "0".repeat(40), new: "7".repeat(40) }]),
    );
  });

  it("rebuilds all mixtures if a package that makes them is new, and names both versions", () => {
    const code = { ...sampleCode, mixture: { version: 1, packages: { pyarrow: "27.0.0" } } };
    const mixtures = listMixtures(compareSnapshots(base, buildCorporaSnapshot(["corpora"], {}, { code })));
    expect(mixtures).toHaveLength(2);
    expect(mixtures[0]?.causes).toContainEqual({ input: "pyarrow", old: "26.0.1", new: "27.0.0" });
  });

  it("lists removed mixtures", () => {
    const fewer = buildCorporaSnapshot(["corpora"], { "mixcpt:axes": { data: ["Mono"], categories: ["Stag"] } });
    expect(compareSnapshots(base, fewer).stacks).toMatchObject([{ mixtures: [], removed: ["Mono+Code-Stag"] }]);
  });

  it("lists open settings of new mixtures", () => {
    const listFindings = ({ stacks }: SnapshotComparison) => stacks.flatMap(({ findings }) => findings);
    expect(listFindings(compareSnapshots(emptySnapshot, base)).map(({ rule, cells }) => [rule, cells])).toContainEqual([
      "not-pinned",
      ["Mono+Code-Stag", "Mono-Stag"],
    ]);
    expect(listFindings(compareSnapshots(base, base))).toEqual([]);
  });
});

describe("the comparison of corpora and a family that reads them", () => {
  const [before, after] = [
    buildCorporaSnapshot(["corpora", "viking"]),
    buildCorporaSnapshot(["corpora", "viking"], pinRevision("bigcode/the-stack-dedup", "7")),
  ];

  it("names the commit that causes a cell to be retrained", () => {
    const comparison = compareSnapshots(before, after);
    const changes = comparison.stacks.flatMap((stack) => stack.changes);
    expect(listMixtures(comparison).map(({ mixture }) => mixture.id)).toEqual(["Mono+Code-Stag"]);
    expect(
      changes.map(({ id, causes }) => [
        id,
        causes.some(({ old, new: now }) => old === "0".repeat(40) && now === "7".repeat(40)),
      ]),
    ).toEqual([["V7-Mono+Code-Stag", true]]);
  });

  it("accepts plans of older commits, which have no mixtures", () => {
    const { plan, manifests } = buildCorporaSnapshot(["viking"]);
    const old = previewSnapshotSchema.parse(JSON.parse(JSON.stringify({ plan, manifests })));
    expect(old.plan.stacks.every((stack) => !("mixtures" in stack))).toBe(true);
    expect(compareSnapshots(old, before).stacks).toMatchObject([
      { stack: "corpora", mixtures: [{ reason: "new" }, { reason: "new" }] },
      { stack: "viking", changes: [] },
    ]);
  });
});

describe("the comment on corpora", () => {
  it("has a row per mixture with inputs, tokens and disk, and no table of cells", () => {
    const text = renderPullRequestComment(
      compareSnapshots(base, buildCorporaSnapshot(["corpora"], pinRevision("bigcode/the-stack-dedup", "7"))),
      { base: "main", diff: "", endedRuns: [] },
    );
    expect(text).toContain("**1 mixture would run: 3.01 GB of disk more than main.**");
    expect(text).toMatch(
      new RegExp(
        /\| stack \| mixture \| change \| cause \| tokens \| disk \| job \|\n.*\n/.source +
          /\| corpora \| Mono\+Code-Stag \| rebuilt \| /.source +
          /sources\.5 \(the-stack\)\.revision and 31 others `0{40}` → `7{40}` /.source +
          /\| 301 M \| 3\.01 GB \| `data-mono-code-stag-[0-9a-f]{8}` \|/.source,
      ),
    );
    expect(text).not.toContain("| cell | change");
  });

  it("counts mixtures, the steps before them, and their disk space", () => {
    expect(
      renderPullRequestComment(compareSnapshots(emptySnapshot, base), { base: "main", diff: "", endedRuns: [] }),
    ).toContain("**2 mixtures and 2 other steps would run: 5.52 GB of disk more than main.**");
  });
});
