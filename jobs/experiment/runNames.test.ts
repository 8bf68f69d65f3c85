import * as fc from "fast-check";
import { gpuCluster } from "../kube/clusterOutputs.fixture.ts";
import { buildExperiment } from "./index.ts";
import { buildFamilyConfig } from "./studyConfigs.fixture.ts";

describe("the run names of a family", () => {
  const buildNamesByCell = (changes: Record<string, unknown>) => {
    const overrides = { "V7-Mono-Alt": changes };
    const { cells } = buildExperiment({ ...buildFamilyConfig("viking"), overrides }, gpuCluster);
    return Object.fromEntries(cells.map(({ cell, run }) => [cell.id, run.name]));
  };
  const unchanged = buildNamesByCell({});

  const findChangedCells = (names: Record<string, string>) =>
    Object.keys(names).filter((id) => names[id] !== unchanged[id]);

  const resultChanges = fc.oneof(
    fc.record({ learning_rate: fc.double({ min: 1e-3, max: 1, noNaN: true }) }),
    fc.record({ seed: fc.integer({ min: 43, max: 9999 }) }),
    fc.record({ cutoff_len: fc.constantFrom(64, 128, 192) }),
    fc.record({ num_train_epochs: fc.integer({ min: 4, max: 9 }) }),
    fc.record({ val_size: fc.constantFrom(0.02, 0.05) }),
    fc.record({ warmup_ratio: fc.double({ min: 0.1, max: 1, noNaN: true }) }),
    fc.record({ template: fc.constantFrom("default", "empty") }),
    fc.record({ preprocessing_num_workers: fc.integer({ min: 1, max: 15 }) }),
  );

  const operationalChanges = fc.record({
    logging_steps: fc.integer({ min: 1, max: 50 }),
    ddp_timeout: fc.integer({ min: 60, max: 3600 }),
    dataloader_num_workers: fc.integer({ min: 0, max: 16 }),
  });

  it("change in one cell with every setting that affects its result", () => {
    fc.assert(
      fc.property(resultChanges, (changes) =>
        expect(findChangedCells(buildNamesByCell(changes))).toEqual(["V7-Mono-Alt"]),
      ),
      { numRuns: 30 },
    );
  });

  it("do not change with operational settings", () => {
    fc.assert(
      fc.property(operationalChanges, (changes) => expect(findChangedCells(buildNamesByCell(changes))).toEqual([])),
      { numRuns: 20 },
    );
  });
});
