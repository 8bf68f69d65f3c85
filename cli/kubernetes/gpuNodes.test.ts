import { summarizeGpuNodes } from "./gpuNodes.ts";
import type { GpuNodeFields } from "./gpuNodes.ts";

function makeGpuNode(devices: string | null, labels: Record<string, string>): GpuNodeFields {
  return { metadata: { labels }, status: { capacity: devices === null ? {} : { "amd.com/gpu": devices } } };
}

const emulated = { "amd.com/gpu.device-id": "740c", "mixcpt.io/emulated-gpu": "true" };

it("counts the devices of the nodes that have some, and says that they are emulated", () => {
  expect(
    summarizeGpuNodes([
      makeGpuNode("2", emulated),
      makeGpuNode("2", emulated),
      makeGpuNode(null, {}),
      makeGpuNode("0", {}),
    ]),
  ).toEqual({ gpu: "MI250X", emulated: true, nodes: 2, devices: 4 });
});

it("names every model, and one that is not in the catalogue by its device id", () => {
  const nodes = [
    makeGpuNode("8", { "amd.com/gpu.device-id": "74a1" }),
    makeGpuNode("8", { "amd.com/gpu.device-id": "ffff" }),
    makeGpuNode("4", {}),
  ];
  expect(summarizeGpuNodes(nodes)).toMatchObject({
    gpu: "AMD GPU and AMD GPU ffff and MI300X",
    emulated: false,
    devices: 20,
  });
});

it("knows nothing of a cluster without GPUs", () => {
  expect(summarizeGpuNodes([makeGpuNode(null, {})])).toBeNull();
});
