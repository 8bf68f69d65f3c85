import { load } from "js-yaml";
import { emulatedCluster, sampleCode, upgradeTransformers } from "../kube/clusterOutputs.fixture.ts";
import { buildCell } from "../matrix/index.ts";
import type { Artifact } from "./artifact.ts";
import {
  buildMiniatureBenchmarks,
  buildMiniatureCorpus,
  buildUntrainedModel,
  describeMiniatureModel,
} from "./miniatureArtifacts.ts";
import { buildMiniatureMixture } from "./miniatureMixture.ts";

const artifactContext = { cluster: emulatedCluster, stack: "dev" };
const bilingualMixture = buildMiniatureMixture(buildCell({ family: "tiny", data: "Bi", category: "Alt" }));
const corpusArtifact = buildMiniatureCorpus(bilingualMixture, artifactContext);

function getContainer({ job }: Artifact) {
  return job.spec.template.spec?.containers[0];
}

function parseArtifactSpec(artifact: Artifact): unknown {
  return load(getContainer(artifact)?.env?.find(({ name }) => name === "MIXCPT_SPEC")?.value ?? "");
}

describe("an artifact", () => {
  it("is written to the folder that its consumers read", () => {
    expect(parseArtifactSpec(corpusArtifact)).toMatchObject({ output: corpusArtifact.path });
    expect(corpusArtifact.path).toBe(`/store/corpora/bi-alt-${corpusArtifact.hash}`);
  });

  it("is built by a Job of the stack; another stack has another Job for the same folder", () => {
    const otherCorpus = buildMiniatureCorpus(bilingualMixture, { ...artifactContext, stack: "other" });
    expect(corpusArtifact.job.metadata.name).toMatch(/^data-bi-alt-[0-9a-f]{8}$/);
    expect(otherCorpus.job.metadata.name).not.toBe(corpusArtifact.job.metadata.name);
    expect(otherCorpus.path).toBe(corpusArtifact.path);
  });

  it("has another hash with another seed, other sources or other code", () => {
    const code = { ...sampleCode, mixture: { ...sampleCode.mixture, version: 2 } };
    const others = [
      buildMiniatureCorpus({ ...bilingualMixture, seed: 43 }, artifactContext),
      buildMiniatureCorpus({ ...bilingualMixture, sources: [] }, artifactContext),
      buildMiniatureCorpus(bilingualMixture, { ...artifactContext, cluster: { ...emulatedCluster, code } }),
    ];
    expect(new Set([corpusArtifact, ...others].map(({ hash }) => hash)).size).toBe(4);
  });

  it("keeps its hash for another stack, another image and other code of evaluations", () => {
    const images = { ...emulatedCluster.images, data: "mixcpt.local/data:other" };
    const cluster = { ...emulatedCluster, images, code: upgradeTransformers("evaluate") };
    expect(buildMiniatureCorpus(bilingualMixture, { cluster, stack: "other" }).hash).toBe(corpusArtifact.hash);
  });

  it("waits in the CPU queue", () => {
    expect(corpusArtifact.job.spec.template.metadata?.labels).toMatchObject({ "kueue.x-k8s.io/queue-name": "cpu" });
  });

  it("is submitted without waiting", () => {
    expect(corpusArtifact.job.metadata.annotations).toMatchObject({ "pulumi.com/skipAwait": "true" });
  });
});

describe("the benchmarks and the base model", () => {
  it("do not depend on the order in which languages are listed", () => {
    const languages = ["zho_Hans", "eng_Latn"];
    expect(buildMiniatureBenchmarks(languages, artifactContext).hash).toBe(
      buildMiniatureBenchmarks([...languages].reverse(), artifactContext).hash,
    );
  });

  it("are built by the matching mixcpt-data commands", () => {
    const model = buildUntrainedModel(describeMiniatureModel(), artifactContext);
    expect(getContainer(buildMiniatureBenchmarks([], artifactContext))?.args).toEqual(["benchmarks"]);
    expect(getContainer(model)?.args).toEqual(["model"]);
    expect(model.path).toBe(`/store/models/tiny-${model.hash}`);
  });
});
