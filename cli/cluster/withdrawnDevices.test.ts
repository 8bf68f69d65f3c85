import { buildExistingClusterConfig } from "../../infra/existingCluster.fixture.ts";
import { parseClusterConfig } from "../../infra/clusterConfig.ts";
import { formatWithdrawnNodes, listWithdrawnNodes } from "./withdrawnDevices.ts";

function record(name: string) {
  const type = "command:local:Command";
  return { urn: `urn:pulumi:lab::mixcpt-infra::${type}::${name}`, type };
}

const resources = [record("emulator-owner"), record("emulated-gpus-node-1"), record("emulated-gpus-node-2.lab")];

function listWithdrawn(emulated: boolean | string[]): string[] {
  const nodes = Array.isArray(emulated) ? emulated.length : 2;
  const devices = { gpu: "MI250X", devicesPerNode: 2, emulated };
  const cluster = { ...buildExistingClusterConfig("/k"), nodes, devices };
  return listWithdrawnNodes(resources, parseClusterConfig(cluster, "infra/Pulumi.lab.yaml"));
}

describe("the nodes whose emulated devices a cluster up takes back", () => {
  it("are those that the state has and the list does not", () => {
    expect(listWithdrawn(["node-1", "node-2.lab", "node-3"])).toEqual([]);
    expect(listWithdrawn(["node-1"])).toEqual(["node-2.lab"]);
  });

  it.each([true, false])("are all of them where the list has become %s", (emulated) => {
    expect(listWithdrawn(emulated)).toEqual(["node-1", "node-2.lab"]);
  });

  it("are printed with the pods that use the devices", () => {
    const nodes = [["mixcpt/train-0"], [], { unavailable: "no answer" }].map((pods) => ({ name: "node-2", pods }));
    const line = "  node-2, which devices.emulated in infra/Pulumi.lab.yaml no longer lists: the node stays";
    expect(formatWithdrawnNodes("lab", nodes)).toEqual([
      "cluster up lab takes back the emulated devices of",
      line,
      "    these pods use them: mixcpt/train-0",
      line,
      "    no pods use them",
      line,
      "    unknown which pods use them: no answer",
    ]);
    expect(formatWithdrawnNodes("lab", [])).toEqual([]);
  });
});
