/** The settings of a stack file that change run names: those that affect results. */
import * as fc from "fast-check";
import { buildExperiment, buildProvisionalExperiment, parseFamilyConfig } from "./index.ts";
import type { ClusterOutputs } from "../kube/clusterOutputs.ts";
import { gpuCluster, upgradeTransformers } from "../kube/clusterOutputs.fixture.ts";
import { buildFamilyConfig } from "./studyConfigs.fixture.ts";

const vikingValues = {
  "mixcpt:family": "viking",
  "mixcpt:protocol": "as-published",
  "mixcpt:axes": { data: ["Mono", "Bi+Code"], categories: ["Stag"] },
  "mixcpt:hardware": { gpu: "MI250X", devicesPerNode: 8 },
};
const bilingualCodeCell = "V7-Bi+Code-Stag";

function buildRunNames(
  values: Record<string, unknown> = {},
  { stack = "viking", cluster = gpuCluster }: { stack?: string; cluster?: ClusterOutputs } = {},
) {
  const config = parseFamilyConfig({ stack, file: `Pulumi.${stack}.yaml`, values: { ...vikingValues, ...values } });
  return Object.fromEntries(
    buildProvisionalExperiment(config, cluster).cells.map(({ cell: { id }, run }) => [id, run.name]),
  );
}

const unchangedNames = buildRunNames();

describe("run names", () => {
  it("do not depend on the stack name, price, queue, cluster and secret", () => {
    const word = fc.stringMatching(/^[a-z][a-z0-9]{0,9}$/);
    const price = fc.record({
      perGpuHour: fc.double({ min: 0, max: 99, noNaN: true }),
      currency: fc.constantFrom("EUR", "USD"),
    });
    fc.assert(
      fc.property(word, price, (name, cost) => {
        const operationalValues = {
          "mixcpt:queue": name,
          "mixcpt:price": cost,
          "mixcpt:cluster": name,
          "mixcpt:tokenSecret": name,
        };
        expect(buildRunNames(operationalValues, { stack: name })).toEqual(unchangedNames);
      }),
      { numRuns: 25 },
    );
  });

  it.each([
    ["the commit of the model", { "mixcpt:revisions": { "LumiOpen/Viking-7B": "1".repeat(40) } }],
    ["the protocol", { "mixcpt:protocol": "uniform" }],
    ["the sequence length", { "mixcpt:sequenceLength": 128 }],
    ["the number of devices, which changes the batch", { "mixcpt:hardware": { gpu: "MI250X", devicesPerNode: 4 } }],
  ])("all change with %s", (_, values) => {
    const changed = buildRunNames(values);
    expect(Object.keys(unchangedNames).filter((id) => changed[id] === unchangedNames[id])).toEqual([]);
  });

  it.each([[{ microBatch: 4 }], [{ zero: 2 }], [{ overlap: false }], [{ buckets: 2e8 }]])(
    "all change with the execution %j, because sums are added in another order",
    (execution) => {
      const changed = buildRunNames({ "mixcpt:execution": execution });
      expect(Object.keys(unchangedNames).filter((id) => changed[id] === unchangedNames[id])).toEqual([]);
    },
  );

  it("do not change with an execution that is the recipe's own", () => {
    const execution = { microBatch: 8, zero: 3, overlap: true };
    expect(buildRunNames({ "mixcpt:execution": execution })).toEqual(unchangedNames);
  });

  it("do not change with the network of the cluster", () => {
    const hardware = { ...gpuCluster.hardware, network: { preset: "tcp-25g" } } as const;
    expect(buildRunNames({}, { cluster: { ...gpuCluster, hardware } })).toEqual(unchangedNames);
  });

  it("change with a data revision only for the cells trained on that data", () => {
    const changed = buildRunNames({ "mixcpt:revisions": { "bigcode/the-stack-dedup": "1".repeat(40) } });
    expect(Object.keys(unchangedNames).filter((id) => changed[id] !== unchangedNames[id])).toEqual([bilingualCodeCell]);
  });

  it("change with the code that trains or makes tokens, but with no image and not with other code", () => {
    const listKeptNames = (changes: Partial<ClusterOutputs>) =>
      Object.values(buildRunNames({}, { cluster: { ...gpuCluster, ...changes } })).filter((name) =>
        Object.values(unchangedNames).includes(name),
      );
    const images = {
      data: "data:other",
      llamaFactory: "llama-factory:other",
      evaluate: "evaluate:other",
      store: "store:other",
    };
    expect(listKeptNames({ images, code: upgradeTransformers("model", "evaluate") })).toHaveLength(
      Object.keys(unchangedNames).length,
    );
    expect(listKeptNames({ code: upgradeTransformers("train") })).toEqual([]);
    expect(listKeptNames({ code: upgradeTransformers("tokenise") })).toEqual([]);
  });
});

describe("run names with overrides of one cell", () => {
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
