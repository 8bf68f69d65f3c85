import { parse } from "yaml";
import { emulatedCluster } from "../kube/outputs.fixture.ts";
import type { Artifact } from "./artifact.ts";
import { benchmarks, corpus, untrainedModel } from "./artifacts.ts";
import { cellAt } from "../matrix/index.ts";
import { miniatureModel } from "./miniature.ts";
import { miniatureMixture } from "./mixture.ts";

const workshop = { cluster: emulatedCluster, stack: "dev" };
const mixture = miniatureMixture(cellAt({ family: "tiny", data: "Bi", category: "Alt" }));
const made = corpus(mixture, workshop);

const container = ({ job }: Artifact) => job.spec.template.spec?.containers[0];
const spec = (artifact: Artifact): unknown => parse(container(artifact)?.env?.find(({ name }) => name === "MIXCPT_SPEC")?.value ?? "");

describe("an artifact", () => {
  it("is written to the folder that its users are told", () => {
    expect(spec(made)).toMatchObject({ output: made.path });
    expect(made.path).toBe(`/store/corpora/bi-alt-${made.hash}`);
  });

  it("is made by a Job of the stack: another stack has another Job for the same folder", () => {
    const others = corpus(mixture, { ...workshop, stack: "other" });
    expect(made.job.metadata.name).toMatch(/^data-bi-alt-[0-9a-f]{8}$/);
    expect(others.job.metadata.name).not.toBe(made.job.metadata.name);
    expect(others.path).toBe(made.path);
  });

  it("has another hash with another seed, other sources or other code", () => {
    const image = { ...emulatedCluster, images: { ...emulatedCluster.images, data: "mixcpt.local/data:other" } };
    const others = [
      corpus({ ...mixture, seed: 43 }, workshop),
      corpus({ ...mixture, sources: [] }, workshop),
      corpus(mixture, { ...workshop, cluster: image }),
    ];
    expect(new Set([made, ...others].map(({ hash }) => hash)).size).toBe(4);
  });

  it("has the same hash for another stack and another image of another step", () => {
    const images = { ...emulatedCluster.images, evaluate: "mixcpt.local/evaluate:other" };
    expect(corpus(mixture, { cluster: { ...emulatedCluster, images }, stack: "other" }).hash).toBe(made.hash);
  });

  it("waits in the queue for processors", () => {
    expect(made.job.spec.template.metadata?.labels).toMatchObject({ "kueue.x-k8s.io/queue-name": "cpu" });
  });

  it("is submitted and not waited for", () => {
    expect(made.job.metadata.annotations).toMatchObject({ "pulumi.com/skipAwait": "true" });
  });
});

describe("the benchmarks and the base model", () => {
  it("do not depend on the order in which languages are listed", () => {
    const languages = ["zho_Hans", "eng_Latn"];
    expect(benchmarks(languages, workshop).hash).toBe(benchmarks([...languages].reverse(), workshop).hash);
  });

  it("are made by their verbs of mixcpt-data", () => {
    const model = untrainedModel(miniatureModel(), workshop);
    expect(container(benchmarks([], workshop))?.args).toEqual(["benchmarks"]);
    expect(container(model)?.args).toEqual(["model"]);
    expect(model.path).toBe(`/store/models/tiny-${model.hash}`);
  });
});
