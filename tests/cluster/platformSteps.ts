/** The steps of `cells.test.ts` that need the platform and no cell. */
import { runMixcpt, runMixcptSuccessfully } from "../support/mixcptCommand.ts";
import { runPreflight } from "../support/preflightTable.ts";
import { listRocmDaemonSets } from "../support/rocmDaemonSets.ts";
import type { ObjectWithConditions } from "../support/testCluster.ts";
import { listClusterObjects, platformStack, resourceChangePattern } from "../support/testCluster.ts";

const minuteMs = 60_000;

/** What the table shows of a node whose devices are emulated: nothing depends on how fast this machine is. */
const nodeRows = [
  "devices skipped",
  "shared-memory pass",
  "network-devices skipped",
  ...["store-write", "store-read", "gemm", "all-reduce", "optimizer-step", "prompts"].map((name) => `${name} pass`),
];

/** Declares the tests, in their order. */
export function describePlatform(): void {
  describe("the platform on an existing cluster", () => {
    it(
      "does not change on a second up",
      async () => {
        expect(await runMixcptSuccessfully("cluster", "up", platformStack)).not.toMatch(resourceChangePattern);
      },
      10 * minuteMs,
    );

    it(
      "has AMD's device plugin and node labeller, with digests, for nodes with AMD devices",
      async () => {
        const items = await listRocmDaemonSets();
        expect(items.map(({ metadata }) => metadata.name)).toEqual(["device-plugin", "node-labeller"]);
        for (const { spec, status } of items) {
          expect(spec.template.spec.containers.every(({ image }) => /@sha256:[0-9a-f]{64}$/.test(image))).toBe(true);
          expect(spec.template.spec.nodeSelector).toEqual({ "feature.node.kubernetes.io/amd-gpu": "true" });
          expect(status.desiredNumberScheduled).toBe(0); // the devices of these hosts are emulated
        }
      },
      10 * minuteMs,
    );

    it(
      "names an unknown cluster in its error message",
      async () => {
        const { exitCode, output } = await runMixcpt("kubectl", "--cluster", "no-such-cluster", "get", "nodes");
        expect(exitCode).not.toBe(0);
        expect(output).toContain("no-such-cluster");
      },
      10 * minuteMs,
    );

    it(
      "passes preflight on each node and between them, which shows all its checks and leaves no Job",
      async () => {
        const { rows, summary } = await runPreflight(platformStack);
        const nodes = (await listClusterObjects<ObjectWithConditions>("nodes"))
          .map(({ metadata }) => metadata.name)
          .sort();
        expect([...rows.keys()]).toEqual([...nodes, nodes.join(" and ")]);
        expect([...rows.values()]).toEqual([nodeRows, nodeRows, ["all-reduce-between pass", "clock pass"]]);
        expect(summary).toBe("2 nodes, 1 pair: 16 pass, 0 warn, 0 fail, 4 skipped");
        expect(await listClusterObjects("jobs,jobsets", "-l", "mixcpt.io/preflight")).toEqual([]);
      },
      10 * minuteMs,
    );
  });
}
