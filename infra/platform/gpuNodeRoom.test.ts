import { gpuCluster } from "../../jobs/kube/clusterOutputs.fixture.ts";
import type { PodSettings } from "../../jobs/kube/podSettings.ts";
import { checkRoom } from "./gpuNodeRoom.ts";

const hardware = { ...gpuCluster.hardware, devicesPerNode: 8 };

function explain(cpu: string, training: PodSettings = {}): string | undefined {
  return checkRoom({ allocatable: { cpu, memory: "503Gi", "amd.com/gpu": "8" } }, { hardware, pods: { training } })
    ?.reason;
}

describe("the room of a GPU node for a training", () => {
  it.each(["56", "55500m"])("suffices on a node of 64 cores of which %s are allocatable", (cpu) => {
    expect(explain(cpu)).toBeUndefined();
  });

  it("is compared with what the training requests of each resource", () => {
    expect(explain("24")).toBe(
      "offers less than a training on all of its devices requests (cpu 24 of 32); " +
        "lower cpus, memoryGiB or resources of training in the file",
    );
    expect(explain("56", { cpus: 64 })).toContain("(cpu 56 of 64)");
    expect(explain("56", { memoryGiB: 512, resources: { "rdma/hca": "1" } })).toContain(
      "(memory 503Gi of 512Gi, rdma/hca 0 of 1)",
    );
  });
});
