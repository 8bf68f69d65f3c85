import { load } from "js-yaml";
import type { StackConfig } from "../../jobs/config/index.ts";
import { buildExperiment } from "../../jobs/experiment/index.ts";
import { buildFamilyConfig, corporaConfig } from "../../jobs/experiment/studyConfigs.fixture.ts";
import { emulatedCluster, gpuCluster } from "../../jobs/kube/clusterOutputs.fixture.ts";
import type { ExportFlags } from "./exportFlags.ts";
import { findExportedMixture, resolveDataExport } from "./resolveDataExport.ts";

const miniature = {
  ...buildFamilyConfig("tiny", "miniature", "dev"),
  hardware: { gpu: "MI250X", nodesPerCell: 1, devicesPerNode: 2 },
} as const;

interface DataExportOptions {
  readonly config?: StackConfig;
  readonly cluster?: typeof gpuCluster;
  readonly flags?: ExportFlags;
}

function resolveMixture(word: string, { config = corporaConfig, cluster = gpuCluster, flags = {} }: DataExportOptions) {
  const mixture = findExportedMixture(config, word);
  if (mixture === undefined) throw new Error("no mixture");
  const { manifest, folder } = resolveDataExport({
    config,
    cluster,
    experiment: buildExperiment(config, cluster),
    mixture,
    flags,
  });
  const container = manifest.spec.template.spec?.containers[0];
  const text = container?.env?.find(({ name }) => name === "MIXCPT_SPEC")?.value ?? "";
  return { name: manifest.metadata.name, folder, container, spec: load(text) as Record<string, unknown> };
}

it("exports a mixture of the corpora stack, with the commits and licenses of its sources in the card", () => {
  const { name, folder, container, spec } = resolveMixture("Mono+Code-Stag", {});
  expect(name).toMatch(/^export-mono-code-stag-[0-9a-f]{8}$/);
  expect([container?.command, container?.args]).toEqual([["mixcpt-export"], ["data"]]);
  expect(folder).toMatch(/^\/store\/exports\/mono-code-stag-[0-9a-f]{8}-[0-9a-f]{8}$/);
  expect(spec).toMatchObject({
    output: folder,
    corpus: expect.stringMatching(/^\/store\/corpora\/mono-code-stag-[0-9a-f]{8}$/),
    card: {
      mixture: "Mono+Code-Stag",
      stack: "corpora",
      languages: ["en", "th", "yo", "sn", "wo"],
      textLanguages: ["English", "Shona", "Thai", "Yoruba", "Wolof"],
      licenses: ["odc-by", "other"],
      sources: [
        { name: "madlad-400", repository: "allenai/MADLAD-400", revision: "1234567890".repeat(4), license: "odc-by" },
        { name: "the-stack", repository: "bigcode/the-stack-dedup", license: "other" },
      ],
    },
  });
});

it("exports the mixture that cells of a family read from the same folder as the corpora stack", () => {
  const config = buildFamilyConfig("viking");
  const { spec } = resolveMixture("bi-alt", { config });
  expect(spec["corpus"]).toBe(resolveMixture("Bi-Alt", {}).spec["corpus"]);
  expect(findExportedMixture(config, "V7-Bi-Alt")).toBeUndefined();
});

it("exports the text of a miniature, whose sources are in the image", () => {
  const { spec } = resolveMixture("Bi+Code-Stag", { config: miniature, cluster: emulatedCluster });
  expect(spec["card"]).toMatchObject({
    licenses: ["unknown"],
    sources: [{ name: "udhr-pairs" }, { name: "python-code" }],
  });
});

it("takes another license and uploads with the token's Secret, into the same folder as without an upload", () => {
  const { container, spec, folder } = resolveMixture("Bi-Alt", { flags: { license: "cc-by-4.0", push: "lab/bi-alt" } });
  expect(spec).toMatchObject({ card: { licenses: ["cc-by-4.0"] }, push: { repository: "lab/bi-alt", private: true } });
  expect(JSON.stringify(container?.env)).toContain('"secretKeyRef":{"name":"hub","key":"HF_TOKEN"}');
  expect(resolveMixture("Bi-Alt", { flags: { license: "cc-by-4.0" } }).folder).toBe(folder);
  expect(resolveMixture("Bi-Alt", {}).folder).not.toBe(folder);
});

it("names the mixtures of a corpora stack, and refuses the step of a checkpoint", () => {
  expect(() => findExportedMixture(corporaConfig, "Bi+Cod-Alt")).toThrow(
    /^mixture "Bi\+Cod-Alt": not in stack "corpora"; .*did you mean "Bi\+Code-Alt"\?$/,
  );
  expect(() => resolveMixture("Bi-Alt", { flags: { step: 500 } })).toThrow(
    "--step: 500 is not allowed for Bi-Alt, because a mixture has no steps",
  );
});
