import { gpuCluster } from "./clusterOutputs.fixture.ts";
import { computeDeviceCores } from "./cpuShare.ts";

describe("the cores of a pod with devices", () => {
  it.each([
    [8, 8, 32],
    [1, 8, 4],
    [4, 4, 16],
    [16, 16, 32],
    [1, 16, 2],
    [64, 64, 32],
    [1, 64, 1],
  ])("for %p of a node's %p devices are %p", (devices, devicesPerNode, cores) => {
    expect(computeDeviceCores(devices, { ...gpuCluster.hardware, devicesPerNode })).toBe(cores);
  });

  it.each([8, 16, 64])(
    "leave room for a tokenization and daemons on a node of 64 cores with 8 reserved and %p devices",
    (devicesPerNode) => {
      const training = computeDeviceCores(devicesPerNode, { ...gpuCluster.hardware, devicesPerNode });
      const [tokenization, daemons] = [16, 4];
      expect(training + tokenization + daemons).toBeLessThanOrEqual(64 - 8);
    },
  );
});
