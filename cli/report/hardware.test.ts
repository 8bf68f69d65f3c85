import { hardwareOf, type Node } from "./hardware.ts";

const node = (devices: string | null, labels: Record<string, string>): Node => ({ metadata: { labels }, status: { capacity: devices === null ? {} : { "amd.com/gpu": devices } } });

const emulated = { "amd.com/gpu.device-id": "740c", "mixcpt.io/emulated-gpu": "true" };

it("counts the devices of the nodes that have some, and says that they are emulated", () => {
  expect(hardwareOf([node("2", emulated), node("2", emulated), node(null, {}), node("0", {})])).toEqual({ gpu: "MI250X", emulated: true, nodes: 2, devices: 4 });
});

it("names every model, and one that is not in the catalogue by its device id", () => {
  const nodes = [node("8", { "amd.com/gpu.device-id": "74a1" }), node("8", { "amd.com/gpu.device-id": "ffff" }), node("4", {})];
  expect(hardwareOf(nodes)).toMatchObject({ gpu: "AMD GPU and AMD GPU ffff and MI300X", emulated: false, devices: 20 });
});

it("knows nothing of a cluster without GPUs", () => {
  expect(hardwareOf([node(null, {})])).toBeNull();
});
