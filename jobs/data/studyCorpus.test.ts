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
  const [waits] = buildStudyCorpus(buildCell({ family: "viking", data, category: "Alt" }), preparationInputs).job.spec
    .replicatedJobs;
  return waits?.template.spec.template.spec?.containers[0]?.args;
}

describe("a mixture of the study", () => {
  it("waits for the models and the texts of the evaluation that it is made with", () => {
    expect(listAwaitedPaths("Mono")).toEqual([
      preparationInputs.tokenizer.path,
      preparationInputs.languageModel.path,
      ...preparationInputs.benchmarks,
    ]);
  });

  it.each(["Bi", "Bi+Code"] as const)(
    "waits for the copy of the parallel text to be whole where it reads some: %s",
    (data) => {
      expect(listAwaitedPaths(data)).toContain("/store/inputs/nllb");
    },
  );

  it("does not wait for parallel text that it does not read", () => {
    expect(listAwaitedPaths("Mono+Code")).not.toContain("/store/inputs/nllb");
  });
});
