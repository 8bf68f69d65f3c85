import { gpuCluster } from "../kube/clusterOutputs.fixture.ts";
import type { DataKind } from "../matrix/index.ts";
import { buildCell, hubRepositories } from "../matrix/index.ts";
import { buildStudyCorpus, buildPreparationInputs } from "./studyCorpus.ts";

const revisions = Object.fromEntries(hubRepositories.map((name) => [name, "a".repeat(40)]));
const preparationInputs = buildPreparationInputs({
  cluster: gpuCluster,
  stack: "corpora",
  revisions,
  tokenSecret: "hub",
});

function listAwaitedPaths(data: DataKind): readonly string[] | undefined {
  const [awaitJob] = buildStudyCorpus(buildCell({ family: "viking", data, category: "Alt" }), preparationInputs).job
    .spec.replicatedJobs;
  return awaitJob?.template.spec.template.spec?.containers[0]?.args;
}

describe("a mixture of the study", () => {
  it("waits for the models and evaluation texts that it is made with", () => {
    expect(listAwaitedPaths("Mono")).toEqual([
      preparationInputs.tokenizer.path,
      preparationInputs.languageModel.path,
      ...preparationInputs.benchmarks,
    ]);
  });

  it.each(["Bi", "Bi+Code"] as const)("waits until the parallel text that it reads is complete: %s", (data) => {
    expect(listAwaitedPaths(data)).toContain("/store/inputs/nllb");
  });

  it("does not wait for parallel text that it does not read", () => {
    expect(listAwaitedPaths("Mono+Code")).not.toContain("/store/inputs/nllb");
  });
});
