import { compareSnapshots, hasEffects } from "./compareSnapshots.ts";
import { renderPullRequestComment } from "./pullRequestComment.ts";
import type { PreviewSnapshot } from "./snapshotSchema.ts";
import { emptySnapshot } from "./snapshots.fixture.ts";

const context = { base: "main", diff: "", endedRuns: [] };

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
