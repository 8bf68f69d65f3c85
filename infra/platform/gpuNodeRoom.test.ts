import { gpuCluster } from "../../jobs/kube/clusterOutputs.fixture.ts";
import type { PodSettings } from "../../jobs/kube/podSettings.ts";
import { listRoomProblems } from "./gpuNodeRoom.ts";

function buildNode(name: string, cpu: string, memory = "503Gi") {
  return { name, labels: {}, devices: 8, allocatable: { cpu, memory, "amd.com/gpu": "8" } };
}

const hardware = { ...gpuCluster.hardware, devicesPerNode: 8, nodes: 2 };

function listProblems(cores: readonly string[], training: PodSettings = {}): string[] {
  const nodes = cores.map((cpu, index) => buildNode(`gpu-${String(index + 1)}`, cpu));
  return listRoomProblems(nodes, hardware, { training });
}

describe("the room of GPU nodes for trainings", () => {
  it("suffices on nodes of 64 cores of which some are reserved", () => {
    expect(listProblems(["56", "55500m"])).toEqual([]);
  });

  it("is named with what is requested if too few nodes have it", () => {
    expect(listProblems(["56", "56"], { cpus: 64 })).toEqual([
      "node gpu-1 (1 other likewise): offers less than a training on all of its devices requests (cpu 56 of 64), " +
        "which therefore never starts there; lower cpus, memoryGiB or resources of training in the file",
    ]);
    expect(listProblems(["56", "56"], { memoryGiB: 512 })).toEqual([expect.stringContaining("memory 503Gi of 512Gi")]);
    expect(listProblems(["56", "56"], { resources: { "rdma/hca": "1" } })).toEqual([
      expect.stringContaining("rdma/hca 0 of 1"),
    ]);
  });

  it("does not matter on nodes beyond those that the file declares", () => {
    expect(listProblems(["56", "56", "16"])).toEqual([]);
    expect(listProblems(["56", "16"])).toEqual([expect.stringMatching(/^node gpu-2: .*cpu 16 of 32/)]);
  });
});
