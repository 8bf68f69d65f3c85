import { selectCellRates } from "./clusterRates.ts";

const storeWrites = [{ writers: 4, nodeMBs: 200 }];
const measured = { tflops: 140, inNodeGBs: 60, betweenNodesGBs: 9, storeWrites, since: "2026-11-28T12:00:00.000Z" };

describe("the measurements that hold for a cell", () => {
  it("are all of them if it uses whole nodes", () => {
    expect(selectCellRates(measured, { devicesPerNode: 8 }, { devicesPerNode: 8 })).toEqual(measured);
  });

  it("are not those of links and network, which all devices of a node shared, if it uses fewer devices", () => {
    const { tflops, since } = measured;
    expect(selectCellRates(measured, { devicesPerNode: 8 }, { devicesPerNode: 4 })).toEqual({
      tflops,
      storeWrites,
      since,
    });
  });
});
