import { gpuCluster, sampleCode } from "../../jobs/kube/clusterOutputs.fixture.ts";
import { readRecordedOutputs } from "../engine/recordedOutputs.ts";
import { listOtherCode, listOtherImages, refuseOtherImages } from "./refuseOtherImages.ts";

jest.mock("execa", () => ({}));
jest.mock("../engine/recordedOutputs.ts");
jest.mock("../engine/stackDeclarations.ts", () => ({ readClusterName: () => "lab", listDeclaredStacks: () => [] }));

const images = { data: "data:1", llamaFactory: "llama-factory:1", evaluate: "evaluate:1", store: "store:1" };

describe("the images of a cluster", () => {
  it("are those of this commit if all are equal", () => {
    expect(listOtherImages(images, images)).toEqual([]);
  });

  it("are listed with both references where they differ", () => {
    expect(listOtherImages({ data: "data:1", evaluate: "evaluate:0", store: "store:1" }, images)).toEqual([
      "llamaFactory: none on the cluster, llama-factory:1 at this commit",
      "evaluate: evaluate:0 on the cluster, evaluate:1 at this commit",
    ]);
  });
});

describe("the code of a cluster", () => {
  it("is listed with both versions where it differs, although the images are the same", () => {
    const upgraded = { ...sampleCode, train: { version: 2, packages: { transformers: "5.6.1" } } };
    expect(listOtherCode(sampleCode, sampleCode)).toEqual([]);
    expect(listOtherCode(sampleCode, upgraded)).toEqual([
      "code of train: version 1, transformers 5.6.0 on the cluster, version 2, transformers 5.6.1 here",
    ]);
  });
});

describe("a cluster that infra/ does not declare", () => {
  const refuseOn = (outputs: object) => {
    jest.mocked(readRecordedOutputs).mockResolvedValue({ ...outputs });
    return refuseOtherImages("viking");
  };

  it("is refused before anything is deleted if its platform lacks objects that runs name", async () => {
    const { platformVersion, ...older } = gpuCluster;
    expect(platformVersion).toBeGreaterThan(0);
    await expect(refuseOn(older)).rejects.toThrow(/platformVersion\); run \.\/mixcpt cluster up lab first/);
  });

  it("is refused if it was brought up before pods that wait had an image of their own", async () => {
    const { data, llamaFactory, evaluate } = gpuCluster.images;
    await expect(refuseOn({ ...gpuCluster, images: { data, llamaFactory, evaluate } })).rejects.toThrow(
      /missing or outdated outputs: images\.store\); run \.\/mixcpt cluster up lab first/,
    );
  });

  it("keeps its own images", async () => {
    await expect(refuseOn(gpuCluster)).resolves.toBeUndefined();
  });
});
