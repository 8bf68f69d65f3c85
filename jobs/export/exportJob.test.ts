import { load } from "js-yaml";
import type { FamilyConfig } from "../config/index.ts";
import { buildExperiment } from "../experiment/index.ts";
import { buildFamilyConfig } from "../experiment/studyConfigs.fixture.ts";
import type { ClusterOutputs } from "../kube/clusterOutputs.ts";
import { emulatedCluster, gpuCluster } from "../kube/clusterOutputs.fixture.ts";
import type { ExportJobInput } from "./exportJob.ts";
import { buildExportJob, locateExport } from "./exportJob.ts";
import { buildExportSpec, selectExportedCheckpoint } from "./exportSpec.ts";

interface ExportOptions {
  readonly config?: FamilyConfig;
  readonly cluster?: ClusterOutputs;
  readonly step?: number;
  readonly push?: ExportJobInput["push"];
  readonly license?: string;
}

const family = buildFamilyConfig("llama-3.1");

function buildInput({ config = family, cluster = gpuCluster, step, push, license }: ExportOptions = {}) {
  const [cell] = buildExperiment(config, cluster).cells.filter((one) => one.cell.id.endsWith("-Bi+Code-Stag"));
  if (cell === undefined) throw new Error("no cell");
  return { config, cluster, run: cell.run, checkpoint: selectExportedCheckpoint(cell, step), push, license };
}

function readContainer(options?: ExportOptions) {
  const container = buildExportJob(buildInput(options)).spec.template.spec?.containers[0];
  const text = container?.env?.find(({ name }) => name === "MIXCPT_SPEC")?.value ?? "";
  return { container, spec: load(text) as Record<string, unknown> };
}

it("exports the checkpoint with the cell's score, and the card tells base, data and scores", () => {
  const { container, spec } = readContainer();
  expect([container?.image, container?.command, container?.args]).toEqual([
    "mixcpt.local/llama-factory:11af",
    ["mixcpt-export"],
    ["model"],
  ]);
  expect(spec).toMatchObject({
    checkpoint: expect.stringMatching(/^\/store\/runs\/l3-bi-code-stag-[0-9a-f]{8}\/checkpoint-3500$/),
    output: expect.stringMatching(/^\/store\/exports\/l3-bi-code-stag-[0-9a-f]{8}-3500-[0-9a-f]{8}$/),
    scores: [expect.stringContaining("/sib200-"), expect.stringContaining("/flores200-")],
    card: {
      cell: "L3-Bi+Code-Stag",
      license: "llama3.1",
      base: { repository: "meta-llama/Meta-Llama-3.1-8B", revision: "1234567890".repeat(4) },
      languages: ["en", "th", "yo", "sn", "wo"],
      sources: [
        { name: "nllb" },
        {
          name: "the-stack",
          repository: "bigcode/the-stack-dedup",
          revision: "1234567890".repeat(4),
          license: "other",
        },
      ],
    },
  });
});

it("tells the sources that the stack adds, with their licenses, and the languages of all shares", () => {
  const { run, ...input } = buildInput();
  const source = { files: ["{code}/*"], format: "parquet", words: {} } as const;
  const wiki = { ...source, repository: "wikimedia/wikipedia", revision: "0".repeat(40), license: "cc-by-sa-4.0" };
  const weights = {
    shares: { code: 0.2, wiki: 0.5, letters: 0.3 },
    unit: "tokens",
    amount: 1000,
    temperature: 1,
    repeat: 1,
    sources: {
      wiki: { ...wiki, languages: ["eng_Latn", "tha_Thai"] },
      letters: { ...source, directory: "inputs/letters", languages: ["wol_Latn"] },
    },
  } as const;
  const cell = { ...run.cell, parts: { ...run.cell.parts, ingredients: ["code"] as const, weights } };
  expect(buildExportSpec({ ...input, run: { ...run, cell } })).toMatchObject({
    card: {
      languages: ["wo", "en", "th"],
      sources: [
        expect.objectContaining({ name: "the-stack" }),
        { name: "wiki", repository: "wikimedia/wikipedia", revision: "0".repeat(40), license: "cc-by-sa-4.0" },
        { name: "letters" },
      ],
    },
  });
});

it("requests memory for one file of weights, on a node without devices if there is one", () => {
  const { container } = readContainer();
  expect(container?.resources?.limits).toEqual({ memory: "9Gi" });
  expect(JSON.stringify(buildExportJob(buildInput()))).not.toContain('"amd.com/gpu":');
});

it("names the folder by everything that decides its files, whether or not it is uploaded", () => {
  const push = { repository: "lab/model", private: true };
  expect(locateExport(buildInput({ push }))).toBe(locateExport(buildInput()));
  expect(locateExport(buildInput({ license: "other" }))).not.toBe(locateExport(buildInput()));
  const names = [buildInput(), buildInput({ push })].map((input) => buildExportJob(input).metadata.name);
  expect(new Set(names).size).toBe(2);
});

it("passes the token by its Secret, and only to an upload", () => {
  const push = { repository: "lab/model", private: true };
  const secret = { name: "HF_TOKEN", valueFrom: { secretKeyRef: { name: "hub", key: "HF_TOKEN" } } };
  expect(readContainer({ push }).container?.env).toContainEqual(secret);
  expect(JSON.stringify(readContainer().container)).not.toContain("HF_TOKEN");
});

it("passes the hub of the cluster's settings, with the memory of an export", () => {
  const data = { env: { HF_ENDPOINT: "https://hub.lab" }, memoryGiB: 500, cpus: 64 };
  const { container } = readContainer({ cluster: { ...gpuCluster, pods: { data } } });
  expect(container?.env).toContainEqual({ name: "HF_ENDPOINT", value: "https://hub.lab" });
  expect(container?.resources?.requests).toEqual({ cpu: "1", memory: "9Gi" });
});

it("takes another checkpoint by its step, with the scores of that one", () => {
  const config = { ...family, checkpoints: { ...family.checkpoints, evaluate: [1000, "study" as const] } };
  const { spec } = readContainer({ config, step: 1000 });
  expect(spec["checkpoint"]).toMatch(/checkpoint-1000$/);
  expect(spec["scores"]).not.toEqual(readContainer({ config }).spec["scores"]);
});

it("refuses a step that is not kept and names those that are; any step is allowed if all weights are kept", () => {
  expect(() => buildInput({ step: 7 })).toThrow(
    "--step: 7 is not a checkpoint that L3-Bi+Code-Stag keeps; allowed: 3500, or any saved one with",
  );
  const config = { ...family, checkpoints: { ...family.checkpoints, keep: "weights" as const } };
  expect(readContainer({ config, step: 7 }).spec["scores"]).toEqual([]);
});

it("says that license and commits of a miniature are unknown", () => {
  const hardware = { gpu: "MI250X", nodesPerCell: 1, devicesPerNode: 2 } as const;
  const config = { ...buildFamilyConfig("tiny", "miniature", "dev"), hardware };
  const { spec } = readContainer({ config, cluster: emulatedCluster });
  expect(spec["card"]).toMatchObject({
    base: { title: "Tiny Llama" },
    license: "unknown",
    sources: [{ name: "udhr-pairs" }, { name: "python-code" }],
  });
  expect(spec["checkpoint"]).toMatch(/checkpoint-(last|\d+)$/);
});
