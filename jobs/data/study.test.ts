import { gpuCluster } from "../kube/outputs.fixture.ts";
import type { DataKind } from "../matrix/index.ts";
import { cellAt, repositories } from "../matrix/index.ts";
import { studyCorpus, suppliesAt } from "./study.ts";

const revisions = Object.fromEntries(repositories.map((name) => [name, "a".repeat(40)]));
const supplies = suppliesAt({ cluster: gpuCluster, stack: "corpora", revisions, tokenSecret: "hub" });

function awaited(data: DataKind): readonly string[] | undefined {
  const [waits] = studyCorpus(cellAt({ family: "viking", data, category: "Alt" }), supplies).job.spec.replicatedJobs;
  return waits?.template.spec.template.spec?.containers[0]?.args;
}

describe("a mixture of the study", () => {
  it("waits for the models and the texts of the evaluation that it is made with", () => {
    expect(awaited("Mono")).toEqual([supplies.tokenizer.path, supplies.languageModel.path, ...supplies.benchmarks]);
  });

  it.each(["Bi", "Bi+Code"] as const)("waits for the copy of the parallel text to be whole where it reads some: %s", (data) => {
    expect(awaited(data)).toContain("/store/inputs/nllb");
  });

  it("does not wait for parallel text that it does not read", () => {
    expect(awaited("Mono+Code")).not.toContain("/store/inputs/nllb");
  });
});
