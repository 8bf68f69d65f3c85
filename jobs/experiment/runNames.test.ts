/**
 * The settings of a stack file that change run names: those that affect results. Overrides are in
 * studyExperiment.test.ts.
 */
import * as fc from "fast-check";
import { buildProvisionalExperiment, parseFamilyConfig } from "./index.ts";
import type { ClusterOutputs } from "../kube/clusterOutputs.ts";
import { gpuCluster } from "../kube/clusterOutputs.fixture.ts";

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

  it("change with a data revision only for the cells trained on that data", () => {
    const changed = buildRunNames({ "mixcpt:revisions": { "bigcode/the-stack-dedup": "1".repeat(40) } });
    expect(Object.keys(unchangedNames).filter((id) => changed[id] !== unchangedNames[id])).toEqual([bilingualCodeCell]);
  });

  it("change with the training image, but not with the evaluation image", () => {
    const buildNamesWithImage = (image: Partial<ClusterOutputs["images"]>) =>
      buildRunNames({}, { cluster: { ...gpuCluster, images: { ...gpuCluster.images, ...image } } });
    expect(buildNamesWithImage({ evaluate: "mixcpt.local/evaluate:other" })).toEqual(unchangedNames);
    expect(
      Object.values(buildNamesWithImage({ llamaFactory: "mixcpt.local/llama-factory:other" })).filter((name) =>
        Object.values(unchangedNames).includes(name),
      ),
    ).toEqual([]);
  });
});
