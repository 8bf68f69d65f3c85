import * as fc from "fast-check";
import { parseStackConfig, listRunManifests, buildProvisionalExperiment } from "../experiment/index.ts";
import { gpuCluster } from "../kube/clusterOutputs.fixture.ts";
import { categoryNames, dataKinds } from "../matrix/index.ts";
import { buildPlanDocument, buildMixturePlan, planDocumentSchema, buildStackPlan } from "./index.ts";

function parseCorporaConfig(more: Record<string, unknown> = {}) {
  const config = parseStackConfig({
    stack: "corpora",
    file: "Pulumi.corpora.yaml",
    values: { "mixcpt:kind": "corpora", ...more },
  });
  if (config.kind !== "corpora") throw new Error("the stack is not one of corpora");
  return config;
}

function buildMixturePlans(more?: Record<string, unknown>) {
  return buildProvisionalExperiment(parseCorporaConfig(more), gpuCluster).mixtures.map(buildMixturePlan);
}

const mixtures = buildMixturePlans();
const plan = buildStackPlan({
  stack: "corpora",
  product: { kind: "mixtures" },
  nodes: 4,
  cells: [],
  bases: [],
  openFindings: [],
  mixtures,
});

function findMixture(id: string) {
  return mixtures.find((one) => one.id === id);
}

const axes = fc.record({
  data: fc.subarray([...dataKinds], { minLength: 1 }),
  categories: fc.subarray([...categoryNames], { minLength: 1 }),
});

describe("the plan of a mixture", () => {
  it("exists for each of the twelve, named as in the ids of cells", () => {
    expect(mixtures.map(({ id }) => id).sort()).toEqual(
      dataKinds.flatMap((data) => categoryNames.map((category) => `${data}-${category}`)).sort(),
    );
    expect(new Set(mixtures.map(({ slug }) => slug)).size).toBe(12);
  });

  it("has its tokens by source with the tokenizer that counts them, and its languages including English", () => {
    expect(findMixture("Bi+Code-Stag")).toMatchObject({
      slug: "bi-code-stag",
      tokens: { from: "words", bySource: { code: 50_000_000 } },
      request: { cpu: "8", memory: "16Gi" },
    });
    expect([...(findMixture("Bi+Code-Stag")?.languages ?? [])].sort()).toEqual([
      "eng_Latn",
      "sna_Latn",
      "tha_Thai",
      "wol_Latn",
      "yor_Latn",
    ]);
  });

  it("keeps five bytes per token, and needs twice that during preparation", () => {
    const { tokens, diskBytes } = findMixture("Mono-Alt") ?? {};
    expect(diskBytes).toEqual({ kept: 5 * (tokens?.total ?? NaN), peak: 10 * (tokens?.total ?? NaN) });
  });

  it("names the job that the stack submits, with any axes", () => {
    fc.assert(
      fc.property(axes, (selectedAxes) => {
        const more = { "mixcpt:axes": selectedAxes };
        const submitted = listRunManifests(buildProvisionalExperiment(parseCorporaConfig(more), gpuCluster)).map(
          ({ metadata }) => metadata.name,
        );
        const jobs = buildMixturePlans(more).map(({ job }) => job);
        expect(jobs).toHaveLength(selectedAxes.data.length * selectedAxes.categories.length);
        expect(submitted).toEqual(expect.arrayContaining(jobs));
      }),
      { numRuns: 10 },
    );
  });
});

describe("the plan of a stack of corpora", () => {
  it("has no GPU-hours, and the disk space of all mixtures side by side and of the language filter", () => {
    expect(plan.totals).toMatchObject({
      gpuHours: { low: 0, high: 0 },
      evaluationGpuHours: 0,
      makespanHours: 0,
      lowerBoundHours: 0,
    });
    expect(plan.totals.diskBytes).toBe(mixtures.reduce((sum, { diskBytes }) => sum + diskBytes.peak, 1.7e9));
  });

  it("becomes a document without cells whose mixtures match the schema", () => {
    const document = buildPlanDocument([plan]);
    expect(planDocumentSchema.parse(JSON.parse(JSON.stringify(document)))).toEqual(document);
    expect(document.stacks[0]).toMatchObject({
      family: "none",
      protocol: "none",
      cells: [],
      totals: { cost: null, makespanHours: 0 },
    });
    expect(document.stacks[0]?.mixtures).toHaveLength(12);
    expect(document.stacks[0]?.mixtures?.[0]).toMatchObject({
      id: "Bi+Code-Alt",
      slug: "bi-code-alt",
      job: expect.stringMatching(/^data-bi-code-alt-[0-9a-f]{8}$/),
      corpusGB: 1.85149,
      diskGB: 3.70297,
    });
  });

  it("adds no key to the document of a family", () => {
    const [family] = buildPlanDocument([
      buildStackPlan({
        stack: "viking",
        product: { kind: "cells", family: "viking", protocol: "uniform" },
        mixtures: [],
        nodes: 4,
        cells: [],
        bases: [],
        openFindings: [],
      }),
    ]).stacks;
    expect(Object.keys(family ?? {})).toEqual(["stack", "family", "protocol", "cells", "totals"]);
  });
});
