import { resolveNetworkRates } from "./network.ts";

const mi250x = { gpu: "MI250X", devicesPerNode: 8 } as const;

describe("the rates of a network", () => {
  it("are those of the pod network and of the catalog's links if nothing is configured", () => {
    expect(resolveNetworkRates(undefined, mi250x)).toEqual({
      inNodeGBs: { value: 37.5, from: "assumed" },
      betweenNodesGBs: { value: 2.5, from: "assumed" },
      name: "tcp-25g, assumed",
    });
  });

  it("use all links of a card to its neighbors: 336 GB/s of eight MI300X, as AMD measured per link", () => {
    expect(resolveNetworkRates({}, { gpu: "MI300X", devicesPerNode: 8 }).inNodeGBs.value).toBe(7 * 48);
    expect(resolveNetworkRates({}, { gpu: "MI300X", devicesPerNode: 2 }).inNodeGBs.value).toBe(48);
    const partitioned = { gpu: "MI300X", partition: "CPX", devicesPerNode: 64 } as const;
    expect(resolveNetworkRates({}, partitioned).inNodeGBs.value).toBe(7 * 48);
  });

  it("say that TCP is assumed against a training preset of another network", () => {
    const nameNetwork = (trainingPreset: string) => resolveNetworkRates({}, mi250x, { trainingPreset }).name;
    expect(nameNetwork("roce")).toBe(
      "tcp-25g, assumed although training.preset is roce: the cluster's file has no network",
    );
    expect(nameNetwork("single-node")).toBe("tcp-25g, assumed");
    expect(resolveNetworkRates({ preset: "roce-100g" }, mi250x, { trainingPreset: "roce" }).name).toBe("roce-100g");
  });

  it("prefer the figures of the cluster's file to measured ones, and those to a preset", () => {
    const measured = { betweenNodesGBs: 9, inNodeGBs: 60, since: "2026-11-28T12:00:00.000Z" };
    const settings = { preset: "roce-100g", betweenNodesGBs: 22, inNodeGBs: 80 } as const;
    expect(resolveNetworkRates(settings, mi250x, { measured })).toEqual({
      inNodeGBs: { value: 80, from: "configured" },
      betweenNodesGBs: { value: 22, from: "configured" },
      name: "as configured",
    });
    const { since } = measured;
    expect(resolveNetworkRates({ preset: "roce-100g" }, mi250x, { measured })).toEqual({
      inNodeGBs: { value: 60, from: "measured", since, replaced: 37.5 },
      betweenNodesGBs: { value: 9, from: "measured", since, replaced: 11 },
      name: "measured by preflight",
    });
    expect(resolveNetworkRates({ preset: "roce-100g" }, mi250x)).toMatchObject({
      betweenNodesGBs: { value: 11, from: "preset" },
      name: "roce-100g",
    });
  });

  it("are measured where they were measured, and those of the preset elsewhere", () => {
    const { inNodeGBs, betweenNodesGBs } = resolveNetworkRates({ preset: "roce-100g" }, mi250x, {
      measured: { inNodeGBs: 60, since: "2026-11-28T12:00:00.000Z" },
    });
    expect([inNodeGBs.from, betweenNodesGBs.from]).toEqual(["measured", "preset"]);
  });
});
