import { summarizeGpuNodes } from "./gpuNodes.ts";
import type { GpuNodeFields } from "./gpuNodes.ts";

function makeGpuNode(devices: string | null, labels: Record<string, string>): GpuNodeFields {
  return { metadata: { labels }, status: { capacity: devices === null ? {} : { "amd.com/gpu": devices } } };
}

const emulatedLabels = { "amd.com/gpu.device-id": "7408", "mixcpt.io/emulated-gpu": "true" };

describe("the GPUs of a cluster", () => {
  it("are counted over the nodes that have some, and marked as emulated", () => {
    expect(
      summarizeGpuNodes([
        makeGpuNode("2", emulatedLabels),
        makeGpuNode("2", emulatedLabels),
        makeGpuNode(null, {}),
        makeGpuNode("0", {}),
      ]),
    ).toEqual({ gpu: "MI250X", emulated: true, nodes: 2, devices: 4 });
  });

  it("are listed with every model; a model that is not in the catalog is shown by its device id", () => {
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

  it("are null if no node has any", () => {
    expect(summarizeGpuNodes([makeGpuNode(null, {})])).toBeNull();
  });
});
