/** The hand-over from the stacks of clusters to those of experiments. */
import { clusterOutputNames } from "../../stacks/clusterConnection.ts";

const outputs = { ...Object.fromEntries(clusterOutputNames.map((name) => [name, name])), kubeconfig: "kubeconfig" };

jest.mock("../../infra/clusterProgram.ts", () => ({ runClusterProgram: () => outputs }));

it("every output that experiments read is one of the cluster's program", async () => {
  expect({ ...(await import("../../infra/index.ts")) }).toEqual(outputs);
});
