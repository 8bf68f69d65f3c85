import { z } from "zod";
import { checkDevices, deviceFields } from "./deviceSchema.ts";
import { formatDeviceKind, getDevice } from "./gpuCatalog.ts";

const devicesSchema = checkDevices(z.strictObject(deviceFields));

function listProblems(devices: object): string[] {
  return (
    devicesSchema.safeParse(devices).error?.issues.map(({ path, message }) => `${path.join(".")}: ${message}`) ?? []
  );
}

describe("the devices of a partitioned card", () => {
  it.each([
    ["SPX", 192, 1],
    ["DPX", 96, 2],
    ["QPX", 48, 4],
    ["CPX", 24, 8],
  ] as const)("divide an MI300X in mode %s: %p GB, %p devices", (partition, memoryGB, devicesPerCard) => {
    const device = getDevice({ gpu: "MI300X", partition });
    expect(device).toMatchObject({ memoryGB, devicesPerCard });
    expect(device.bf16Tflops * devicesPerCard).toBe(1307);
    expect(device.memoryTBs * devicesPerCard).toBe(5.3);
  });

  it("are the two dies of every MI250X, with 64 GB each", () => {
    expect(getDevice({ gpu: "MI250X" })).toMatchObject({ memoryGB: 64, devicesPerCard: 2 });
  });

  it("are named with their mode, which is SPX if none is given", () => {
    expect([formatDeviceKind({ gpu: "MI300X", partition: "CPX" }), formatDeviceKind({ gpu: "MI300X" })]).toEqual([
      "MI300X (CPX)",
      formatDeviceKind({ gpu: "MI300X", partition: "SPX" }),
    ]);
  });
});

describe("the devices of a node", () => {
  it("are at most those of the model's cards in their mode", () => {
    const accepted = [
      { gpu: "MI210", devicesPerNode: 10 },
      { gpu: "MI250X", devicesPerNode: 16 },
      { gpu: "MI300X", devicesPerNode: 8 },
      { gpu: "MI300X", partition: "DPX", devicesPerNode: 16 },
      { gpu: "MI300X", partition: "CPX", devicesPerNode: 64 },
    ];
    expect(accepted.flatMap(listProblems)).toEqual([]);
    expect(listProblems({ gpu: "MI250X", devicesPerNode: 17 })).toEqual([
      "devicesPerNode: must be at most 16, the devices of 8 MI250X",
    ]);
    expect(listProblems({ gpu: "MI300X", devicesPerNode: 64 })).toEqual([
      "devicesPerNode: must be at most 8, the devices of 8 MI300X; " +
        "if the cards are partitioned, set partition to their mode",
    ]);
    expect(listProblems({ gpu: "MI300X", partition: "CPX", devicesPerNode: 65 })).toEqual([
      "devicesPerNode: must be at most 64, the devices of 8 MI300X (CPX)",
    ]);
  });

  it("are in a mode that the card has", () => {
    expect(listProblems({ gpu: "MI250X", partition: "CPX", devicesPerNode: 8 })).toEqual([
      "partition: an MI250X cannot be partitioned; remove this key",
    ]);
    expect(listProblems({ gpu: "MI300A", partition: "QPX", devicesPerNode: 8 })).toEqual([
      "partition: allowed: SPX, TPX, CPX",
    ]);
    expect(listProblems({ gpu: "MI300X", partition: "MPX", devicesPerNode: 8 })).toEqual([
      expect.stringMatching(/^partition: .*"SPX"\|"DPX"\|"TPX"\|"QPX"\|"CPX"/),
    ]);
    expect(listProblems({ gpu: "MI300X", partition: "TPX", devicesPerNode: 8 })).toEqual([
      "partition: allowed: SPX, DPX, QPX, CPX",
    ]);
  });

  it("are checked against each other as far as they are valid", () => {
    expect(listProblems({ gpu: "MI300X", partition: "CPX", devicesPerNode: 0 })).toHaveLength(1);
    expect(listProblems({ gpu: "MI300", partition: "CPX", devicesPerNode: 99 })).toHaveLength(1);
    expect(listProblems({ gpu: "MI250X", partition: "CPX", devicesPerNode: 0 })).toHaveLength(2);
  });
});
