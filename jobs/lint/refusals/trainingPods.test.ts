import { buildFamilyConfig } from "../../experiment/studyConfigs.fixture.ts";
import { emulatedCluster, gpuCluster } from "../../kube/clusterOutputs.fixture.ts";
import type { PodSettings } from "../../kube/podSettings.ts";
import { checkTrainingPods } from "./trainingPods.ts";

const config = buildFamilyConfig("llama-3.1");
const onFourNodes = { ...config, hardware: { ...config.hardware, nodesPerCell: 4 } };

function listProblems(training: PodSettings, { on = gpuCluster, of = config } = {}) {
  return checkTrainingPods(of, { ...on, pods: { training } });
}

describe("the pods of a cluster's trainings", () => {
  it("train on one node with the preset single-node", () => {
    expect(listProblems({ preset: "single-node" })).toEqual([]);
    expect(listProblems({ preset: "roce" }, { of: onFourNodes })).toEqual([]);
    expect(listProblems({ preset: "single-node" }, { of: onFourNodes })).toMatchObject([
      { path: "mixcpt:hardware.nodesPerCell", value: 4, message: expect.stringContaining("would train over TCP") },
    ]);
  });

  it("have the memory that a resumed training needs", () => {
    expect(listProblems({ memoryGiB: 400 })).toEqual([]);
    expect(listProblems({ memoryGiB: 100 })).toMatchObject([
      { rule: "does-not-fit", message: expect.stringMatching(/memoryGiB: 100, but a resumed training needs \d+ GiB/) },
    ]);
    expect(listProblems({ memoryGiB: 100 }, { on: emulatedCluster })).toEqual([]);
  });

  it("have memory for a large /dev/shm as well", () => {
    expect(listProblems({ memoryGiB: 400, sharedMemory: "350Gi" })).toMatchObject([{ rule: "does-not-fit" }]);
  });

  it("take whole nodes on the network of the node, where each of them has the same port", () => {
    const onHalfNodes = { ...config, hardware: { ...config.hardware, devicesPerNode: 4 } };
    expect(listProblems({ hostNetwork: true })).toEqual([]);
    expect(listProblems({}, { of: onHalfNodes })).toEqual([]);
    expect(listProblems({ hostNetwork: true }, { of: onHalfNodes })).toMatchObject([
      { path: "mixcpt:hardware.devicesPerNode", value: 4, message: expect.stringMatching(/port 29500; .* to 8/) },
    ]);
  });

  it("have no memory besides that of the devices on an MI300A, and are refused if both need too much", () => {
    const listOn = (gpu: "MI300A" | "MI300X", devicesPerNode: number, on = gpuCluster) =>
      listProblems({}, { on, of: { ...config, hardware: { gpu, devicesPerNode, nodesPerCell: 1 } } });
    expect(listOn("MI300A", 4)).toEqual([]);
    expect(listOn("MI300X", 2)).toEqual([]);
    expect(listOn("MI300A", 2, emulatedCluster)).toEqual([]);
    expect(listOn("MI300A", 2)).toMatchObject([
      {
        rule: "does-not-fit",
        path: "mixcpt:hardware",
        message: expect.stringMatching(/needs 263 GB of a node, .* 230 GB usable of 2 MI300A; use more devices/),
      },
    ]);
  });
});
