import type { FamilyConfig } from "../../config/index.ts";
import type { DeviceKind } from "../../hardware/gpuCatalog.ts";
import { gpuCluster } from "../../kube/clusterOutputs.fixture.ts";
import { parseFamilyConfig } from "../../experiment/index.ts";
import { checkClusterHardware, checkDeviceMemory, checkEvaluationMemory } from "./hardwareFit.ts";

function parseFamilyOn(
  hardware: DeviceKind & { devicesPerNode: number },
  values: Record<string, unknown> = {},
): FamilyConfig {
  const file = "Pulumi.llama-3.1.yaml";
  const required = { "mixcpt:family": "llama-3.1", "mixcpt:protocol": "uniform", "mixcpt:hardware": hardware };
  return parseFamilyConfig({ stack: "llama-3.1", file, values: { ...required, ...values } });
}

const cpx = { gpu: "MI300X", partition: "CPX", devicesPerNode: 64 } as const;

describe("the memory of partitioned devices", () => {
  it("is a share of the card's, so that a training of whole cards may not fit", () => {
    expect(checkDeviceMemory(parseFamilyOn({ gpu: "MI300X", devicesPerNode: 8 }))).toEqual([]);
    expect(checkDeviceMemory(parseFamilyOn(cpx, { "mixcpt:sequenceLength": 2048 }))).toMatchObject([
      {
        rule: "does-not-fit",
        path: "mixcpt:hardware",
        message: expect.stringContaining("but only 21.6 GB of an MI300X (CPX) device are usable"),
      },
    ]);
    expect(checkDeviceMemory(parseFamilyOn(cpx, { "mixcpt:sequenceLength": 512 }))).toEqual([]);
  });

  it("must hold all weights of an evaluated model", () => {
    expect(checkEvaluationMemory(parseFamilyOn(cpx))).toEqual([]);
    const config = parseFamilyOn(cpx);
    const { "llama-3.1": family } = config.matrix.families;
    if (family === undefined) throw new Error("expected the family");
    const larger = { ...family, shape: { ...family.shape, parameters: 13e9 } };
    const families = { ...config.matrix.families, "llama-3.1": larger };
    expect(checkEvaluationMemory({ ...config, matrix: { ...config.matrix, families } })).toMatchObject([
      { rule: "does-not-fit", message: expect.stringMatching(/ holds 26\.0 GB of weights on one device, .*21\.6 GB/) },
    ]);
  });
});

describe("the hardware of a cluster", () => {
  const hardware = { ...gpuCluster.hardware, gpu: "MI300X", devicesPerNode: 64, partition: "CPX" } as const;

  it("must be partitioned as the stack states", () => {
    expect(checkClusterHardware(parseFamilyOn(cpx), { ...gpuCluster, hardware })).toEqual([]);
    expect(
      checkClusterHardware(parseFamilyOn({ gpu: "MI300X", devicesPerNode: 8 }), { ...gpuCluster, hardware }),
    ).toMatchObject([
      {
        rule: "another-gpu",
        path: "mixcpt:hardware.partition",
        message: "the cards of the cluster are in mode CPX; set partition to CPX",
      },
    ]);
  });

  it("is not partitioned in mode SPX", () => {
    const whole = { ...gpuCluster.hardware, gpu: "MI300X", devicesPerNode: 8 } as const;
    const spx = parseFamilyOn({ gpu: "MI300X", partition: "SPX", devicesPerNode: 8 });
    expect(checkClusterHardware(spx, { ...gpuCluster, hardware: whole })).toEqual([]);
  });
});
