import { gpuCluster } from "./clusterOutputs.fixture.ts";
import { computeDeviceCores } from "./cpuShare.ts";

describe("the cores of a pod with devices", () => {
  it.each([
    [8, 8, 56],
    [1, 8, 7],
    [4, 4, 28],
    [16, 16, 56],
    [1, 16, 3],
    [64, 64, 56],
    [1, 64, 1],
  ])("for %p of a node's %p devices are %p", (devices, devicesPerNode, cores) => {
    expect(computeDeviceCores(devices, { ...gpuCluster.hardware, devicesPerNode })).toBe(cores);
  });
});
