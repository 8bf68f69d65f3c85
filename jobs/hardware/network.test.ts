import { resolveNetworkRates } from "./network.ts";

const mi250x = { gpu: "MI250X", devicesPerNode: 8 } as const;

describe("the rates of a network", () => {
  it("are those of the pod network and of the catalog's links if nothing is configured", () => {
    expect(resolveNetworkRates(undefined, mi250x)).toEqual({
      inNodeGBs: 37.5,
      betweenNodesGBs: 2.5,
      name: "tcp-25g, assumed",
    });
  });

  it("use all links of a card to its neighbors: 336 GB/s of eight MI300X, as AMD measured per link", () => {
    expect(resolveNetworkRates({}, { gpu: "MI300X", devicesPerNode: 8 }).inNodeGBs).toBe(7 * 48);
    expect(resolveNetworkRates({}, { gpu: "MI300X", devicesPerNode: 2 }).inNodeGBs).toBe(48);
    expect(resolveNetworkRates({}, { gpu: "MI300X", partition: "CPX", devicesPerNode: 64 }).inNodeGBs).toBe(7 * 48);
  });

  it("prefer configured figures to a preset", () => {
    const settings = { preset: "roce-100g", betweenNodesGBs: 22, inNodeGBs: 80 } as const;
    expect(resolveNetworkRates(settings, mi250x)).toEqual({
      inNodeGBs: 80,
      betweenNodesGBs: 22,
      name: "as configured",
    });
    expect(resolveNetworkRates({ preset: "roce-100g" }, mi250x)).toMatchObject({
      betweenNodesGBs: 11,
      name: "roce-100g",
    });
  });
});
