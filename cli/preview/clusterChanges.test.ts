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

  it("list machines that leave by their name, however many stay", () => {
    const machines = (...names: readonly string[]) =>
      Object.fromEntries(
        names.flatMap((name, index) => [
          [`machines.${String(index)} (${name}).name`, name],
          [`machines.${String(index)} (${name}).address`, `10.0.0.${name.slice(-1)}`],
        ]),
      );
    const [before, after] = [machines("gpu-1", "gpu-2", "gpu-3", "gpu-4", "gpu-5"), machines("gpu-1", "gpu-3")];
    const comparison = compareSnapshots(withCluster(before), withCluster(after));
    const comment = renderPullRequestComment(comparison, context);
    expect(comment).toContain("| lumi | changed | leave: gpu-2 (10.0.0.2), gpu-4 (10.0.0.4), gpu-5 (10.0.0.5) |");
    expect(comment).toContain("**3 nodes would leave: the deployment waits for an approval.**");
    expect(compareSnapshots(withCluster(before), withCluster(before)).clusters).toEqual([]);
    const elsewhere = { ...before, "machines.1 (gpu-2).address": "10.0.0.9" };
    expect(renderPullRequestComment(compareSnapshots(withCluster(before), withCluster(elsewhere)), context)).toContain(
      "| leave: gpu-2 (10.0.0.2); machines.gpu-2.address `10.0.0.2` → `10.0.0.9` |",
    );
    const moved = compareSnapshots(withCluster(machines("gpu-1", "gpu-2")), withCluster(machines("gpu-2", "gpu-1")));
    expect(renderPullRequestComment(moved, context)).toContain("| control plane `gpu-1` → `gpu-2` |");
  });

  it("are left out if no deployment touches them", () => {
    const [before, after] = [withCluster({ kueue: "v0.18.3" }, false), withCluster({ kueue: "v0.19.0" }, false)];
    expect(compareSnapshots(before, after).clusters).toEqual([]);
  });

  it("are removed after an approval if their file was deleted", () => {
    expect(compareSnapshots(withCluster({}), emptySnapshot).clusters).toMatchObject([{ status: "removed" }]);
  });
});
