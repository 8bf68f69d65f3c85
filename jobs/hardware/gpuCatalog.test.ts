import type { GpuModel } from "./gpuCatalog.ts";
import { findGpuModel, getDevice, gpuModels, gpus, isPartitionable } from "./gpuCatalog.ts";
import { storedPciIds } from "./pciIds.fixture.ts";

/** Compute units of one device, dense bf16 operations of a unit per clock, and the highest clock in GHz (AMD). */
const rates: Readonly<Record<GpuModel, readonly [units: number, operations: number, clock: number]>> = {
  MI210: [104, 1024, 1.7],
  MI250: [104, 1024, 1.7],
  MI250X: [110, 1024, 1.7],
  MI300A: [228, 2048, 2.1],
  MI300X: [304, 2048, 2.1],
  MI325X: [304, 2048, 2.1],
  MI350X: [256, 4096, 2.2],
  MI355X: [256, 4096, 2.4],
};

describe("the catalog of GPUs", () => {
  it("gives every stored PCI id to the model that its sources name, and to no other", () => {
    const found = storedPciIds.map(({ id }) => [id, findGpuModel(id)]);
    expect(found).toEqual(storedPciIds.map(({ id, model }) => [id, model]));
  });

  it("lists only ids with a stored source, each once", () => {
    const listed = gpuModels.flatMap((model) => gpus[model].deviceIds);
    const known = storedPciIds.flatMap(({ id, model }) => (model === undefined ? [] : [id]));
    expect([...listed].sort()).toEqual([...known].sort());
    expect(storedPciIds.filter(({ names }) => Object.keys(names).length === 0)).toEqual([]);
  });

  it("tells MI250X from MI250 by their compute units, although pci.ids gives 740c to both", () => {
    const seen = Object.fromEntries(storedPciIds.map(({ id, computeUnits }) => [id, computeUnits]));
    expect(gpus.MI250X.deviceIds.map((id) => seen[id])).toEqual([rates.MI250X[0]]);
    expect(gpus.MI250.deviceIds.map((id) => seen[id])).toEqual([rates.MI250[0]]);
  });

  it.each(gpuModels)("has the peak of an %s that follows from its units and its clock", (gpu) => {
    const [units, operations, clock] = rates[gpu];
    expect(getDevice({ gpu }).bf16Tflops).toBeCloseTo((units * operations * clock) / 1000, 0);
  });

  it("divides only the cards of the MI300 and MI350 series, by their compute dies", () => {
    expect(gpuModels.filter(isPartitionable)).toEqual(["MI300A", "MI300X", "MI325X", "MI350X", "MI355X"]);
    expect(gpus.MI300A.partitions).toEqual({ SPX: 1, TPX: 3, CPX: 6 });
    expect(gpus.MI355X.partitions).toEqual({ SPX: 1, DPX: 2, QPX: 4, CPX: 8 });
  });
});
