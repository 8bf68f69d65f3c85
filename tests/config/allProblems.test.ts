/** No bad value hides another one, whichever fields of a stack's file or of a cluster's file they are in. */
import { readFileSync } from "node:fs";
import * as fc from "fast-check";
import { load } from "js-yaml";
import { parseClusterConfig } from "../../infra/clusterConfig.ts";
import { buildMachine } from "../../infra/machines.fixture.ts";
import { parseStackConfig } from "../../jobs/experiment/index.ts";
import type { BrokenValue } from "../support/brokenValues.ts";
import { areApart, listWrongTypes, replaceAt } from "../support/brokenValues.ts";
import { catchProblems } from "../support/configErrors.ts";

type ConfigValues = Record<string, unknown>;

function readValidConfig(name: string): ConfigValues {
  return (load(readFileSync(`tests/config/valid/${name}.yaml`, "utf8")) as { config: ConfigValues }).config;
}

/** A stack with nearly all keys. */
const stackValues: ConfigValues = {
  ...readValidConfig("study"),
  ...readValidConfig("extended"),
  "mixcpt:kind": "family",
  "mixcpt:cluster": "lumi",
  "mixcpt:axes": { data: ["Mono"], categories: ["Nguni"], seed: [1, 2], lr_scheduler_type: ["cosine", "linear"] },
  "mixcpt:overrides": { "Q25-*": { learning_rate: 0.001 }, "Q25-Mono-Nguni-sched-cosine-seed1": { save_steps: 100 } },
  "mixcpt:benchmarks": {
    sib200: { shots: 1 },
    taxi: { kind: "classification", labels: ["a", "b"], items: 3, example: "{text} is {label}" },
    ntrex: { kind: "translation", items: 5, directions: ["xx-eng"], languages: ["zul_Latn"] },
  },
};

const addedFamily = (readValidConfig("extended")["mixcpt:families"] as Record<string, object>)["qwen-2.5"];

/** Values that are refused for other reasons than their type. */
const refusedStackValues: BrokenValue[] = [
  { path: ["mixcpt:kind"], value: "famly" },
  { path: ["mixcpt:family"], value: "qwen-3" },
  { path: ["mixcpt:protocol"], value: "uniforn" },
  { path: ["mixcpt:axes", "data"], value: ["Mono", "Mono"] },
  { path: ["mixcpt:axes", "data"], value: ["Mono", "Mono", "Nono"] },
  { path: ["mixcpt:benchmarks", "Taxi-1500"], value: { kind: "translation", items: 1 } },
  { path: ["mixcpt:benchmarks", "taxi", "kind"], value: "clasification" },
  { path: ["mixcpt:benchmarks", "ntrex", "kind"], value: "summarization" },
  { path: ["mixcpt:families", "no name"], value: { ...addedFamily, prefix: "N1" } },
  { path: ["mixcpt:families", "no shape", "title"], value: 3 },
  { path: ["mixcpt:families", "viking"], value: { ...addedFamily, prefix: "V2" } },
  { path: ["mixcpt:categories", "Alt"], value: { title: "Alt", training: ["zul_Latn"] } },
  { path: ["mixcpt:categories", "Empty"], value: { title: "Empty", training: [] } },
  { path: ["mixcpt:categories", "Nguni", "related"], value: ["ssw_Latn", "ssw_Latn"] },
  { path: ["mixcpt:mixtures", "base"], value: ["code"] },
  { path: ["mixcpt:axes", "seed"], value: [1, 1] },
  { path: ["mixcpt:axes", "logging_steps"], value: [1] },
  { path: ["mixcpt:overrides", "Q25-*", "stage"], value: "pt" },
  { path: ["mixcpt:overrides", "Q25-*", "seed"], value: 3 },
];

function listStackProblems(values: unknown): string[] {
  return catchProblems(() =>
    parseStackConfig({ stack: "lab", file: "Pulumi.lab.yaml", values: values as ConfigValues }),
  ).map(({ path, rule }) => `${path} ${rule}`);
}

const image = `registry.example/image@sha256:${"a".repeat(64)}`;
const images = { data: image, llamaFactory: image, evaluate: image };
const devices = { gpu: "MI250X", devicesPerNode: 8, deviceId: "7408", deviceGroups: [44] };
const rocm = { devicePlugin: image, nodeLabeller: image };

const clusterConfigs = {
  local: { kind: "local", platform: "here", hosts: 2, emulated: devices },
  hosts: {
    kind: "hosts",
    platform: "here",
    machines: [buildMachine(1), buildMachine(2)],
    privateKeyFile: "/k",
    devices,
    store: { kind: "path", path: "/lustre" },
    images,
    queue: { quota: 16, cohort: "gpus", borrowingLimit: 8, weight: 2 },
    rocm,
  },
  existing: {
    kind: "existing",
    kubeconfigFile: "/k",
    context: "lab",
    nodes: 4,
    devices: { ...devices, emulated: false },
    store: { kind: "storageClass", name: "lustre", size: "5Ti" },
    images,
    controllers: "installed",
    namespace: "team-a",
    queue: { quota: 16, cohort: "gpus", borrowingLimit: 8, weight: 2, flavor: "mi250x" },
    rocm: { ...rocm, nodeLabels: { "amd.example/gpu": "yes" } },
  },
  tenant: {
    kind: "tenant",
    kubeconfigFile: "/k",
    context: "lab",
    namespace: "team-a",
    queue: "gpus",
    dataQueue: "cpus",
    claim: "store",
    runtime: { kind: "ClusterTrainingRuntime", name: "llama-factory" },
    account: "scores",
    priorityClasses: "mixcpt",
    nodes: 4,
    devices: { ...devices, emulated: false },
    images,
  },
};

const refusedClusterValues: Record<keyof typeof clusterConfigs, BrokenValue[]> = {
  local: [
    { path: ["kind"], value: "locl" },
    { path: ["hosts"], value: 9 },
  ],
  hosts: [
    { path: ["kind"], value: "host" },
    // repeats something of two machines, so that a broken field of one of them does not undo it
    { path: ["machines", 2], value: { ...buildMachine(3), number: 1, name: buildMachine(2).name } },
    { path: ["machines", 1, "address"], value: "127.0.0.1" },
    { path: ["queue", "quota"], value: -1 },
  ],
  existing: [
    { path: ["kind"], value: "exists" },
    { path: ["store", "kind"], value: "storageclass" },
    { path: ["store", "size"], value: "5TB" },
    { path: ["devices", "deviceId"], value: "0x7408" },
    { path: ["queue", "quota"], value: -1 },
    { path: ["namespace"], value: "Team" },
  ],
  tenant: [
    { path: ["kind"], value: "tennant" },
    { path: ["namespace"], value: "team.a" },
    { path: ["claim"], value: "Store" },
  ],
};

function listClusterProblems(value: unknown): string[] {
  return catchProblems(() => parseClusterConfig(value, "infra/Pulumi.lab.yaml")).map(
    ({ path, rule }) => `${path} ${rule}`,
  );
}

interface CheckedFile {
  readonly valid: object;
  readonly refused: readonly BrokenValue[];
  readonly listProblems: (value: unknown) => string[];
}

/** Breaks two fields at a time. A problem is hidden if neither of a field's own problems is in the joint report. */
function expectNothingHidden({ valid, refused, listProblems }: CheckedFile, numRuns: number): void {
  expect(listProblems(valid)).toEqual([]);
  const brokenValue = fc.constantFrom(...listWrongTypes(valid), ...refused);
  fc.assert(
    fc.property(brokenValue, brokenValue, (one, other) => {
      fc.pre(areApart(one, other));
      const reported = listProblems(replaceAt(replaceAt(valid, one.path, one.value), other.path, other.value));
      for (const { path, value } of [one, other]) {
        const alone = listProblems(replaceAt(valid, path, value));
        expect(reported.filter((problem) => alone.includes(problem))).not.toEqual([]);
      }
    }),
    { numRuns },
  );
}

describe("two bad values", () => {
  it("are both reported in any two fields of a stack's file", () => {
    expectNothingHidden({ valid: stackValues, refused: refusedStackValues, listProblems: listStackProblems }, 60);
  });

  it.each(["local", "hosts", "existing", "tenant"] as const)(
    "are both reported in the file of a cluster of kind %s",
    (kind) => {
      const file = { valid: clusterConfigs[kind], refused: refusedClusterValues[kind] };
      expectNothingHidden({ ...file, listProblems: listClusterProblems }, 300);
    },
  );

  it("are both reported for the kind and the name of an added benchmark", () => {
    const value = { kind: "clasification", items: 0, labels: ["a", "b"], example: "{text} is {label}" };
    expect(listStackProblems(replaceAt(stackValues, ["mixcpt:benchmarks", "Taxi-1500"], value))).toEqual([
      "mixcpt:benchmarks.Taxi-1500.kind not-allowed",
      "mixcpt:benchmarks.Taxi-1500.items out-of-range",
      "mixcpt:benchmarks.Taxi-1500 not-a-name",
    ]);
  });
});
