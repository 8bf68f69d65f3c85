/** What a stack's file changes in the names of its runs: what changes a result. Overrides of settings are in study.test.ts. */
import * as fc from "fast-check";
import { sketchExperiment, stackConfig } from "./experiment.ts";
import type { ClusterOutputs } from "./kube/outputs.ts";
import { gpuCluster } from "./kube/outputs.fixture.ts";

const base = {
  "mixcpt:family": "viking",
  "mixcpt:protocol": "as-published",
  "mixcpt:axes": { data: ["Mono", "Bi+Code"], categories: ["Stag"] },
  "mixcpt:hardware": { gpu: "MI250X", devicesPerNode: 8 },
  "mixcpt:sequenceLength": 256,
};
const cell = "V7-Bi+Code-Stag";

const namesOf = (values: Record<string, unknown> = {}, { stack = "viking", cluster = gpuCluster }: { stack?: string; cluster?: ClusterOutputs } = {}) => {
  const config = stackConfig({ stack, file: `Pulumi.${stack}.yaml`, values: { ...base, ...values } });
  return Object.fromEntries(sketchExperiment(config, cluster).cells.map(({ cell: { id }, run }) => [id, run.name]));
};
const names = namesOf();

describe("the names of a stack's runs", () => {
  it("stay with every name, price, queue, cluster and secret", () => {
    const word = fc.stringMatching(/^[a-z][a-z0-9]{0,9}$/);
    const price = fc.record({ perGpuHour: fc.double({ min: 0, max: 99, noNaN: true }), currency: fc.constantFrom("EUR", "USD") });
    fc.assert(
      fc.property(word, price, (name, cost) => {
        const carried = { "mixcpt:queue": name, "mixcpt:price": cost, "mixcpt:cluster": name, "mixcpt:tokenSecret": name };
        expect(namesOf(carried, { stack: name })).toEqual(names);
      }),
      { numRuns: 25 },
    );
  });

  it.each([
    ["the commit of the model", { "mixcpt:revisions": { "LumiOpen/Viking-7B": "1".repeat(40) } }],
    ["the protocol", { "mixcpt:protocol": "uniform" }],
    ["the length of a sequence", { "mixcpt:sequenceLength": 128 }],
    ["the number of devices, and so the batch", { "mixcpt:hardware": { gpu: "MI250X", devicesPerNode: 4 } }],
  ])("all change with %s", (_, values) => {
    const changed = namesOf(values);
    expect(Object.keys(names).filter((id) => changed[id] === names[id])).toEqual([]);
  });

  it("change with the data alone where they are trained on it", () => {
    const changed = namesOf({ "mixcpt:revisions": { "bigcode/the-stack-dedup": "1".repeat(40) } });
    expect(Object.keys(names).filter((id) => changed[id] !== names[id])).toEqual([cell]);
  });

  it("change with the image that trains, and stay with the one that evaluates", () => {
    const withImage = (image: Partial<ClusterOutputs["images"]>) => namesOf({}, { cluster: { ...gpuCluster, images: { ...gpuCluster.images, ...image } } });
    expect(withImage({ evaluate: "mixcpt.local/evaluate:other" })).toEqual(names);
    expect(Object.values(withImage({ llamaFactory: "mixcpt.local/llama-factory:other" })).filter((name) => Object.values(names).includes(name))).toEqual([]);
  });
});
