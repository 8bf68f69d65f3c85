import { parseClusterConfig } from "./clusterConfig.ts";
import { completeImages, lacksStoreImage } from "./clusterImages.ts";
import { buildExistingClusterConfig } from "./existingCluster.fixture.ts";

const image = (name: string) => `${name}@sha256:${"a".repeat(64)}`;
const images = { data: image("data"), llamaFactory: image("train"), evaluate: image("evaluate") };

function parseImages(declared: object | undefined) {
  const { images: _, ...config } = buildExistingClusterConfig("/kubeconfig");
  return parseClusterConfig({ ...config, ...(declared && { images: declared }) }, "infra/Pulumi.lab.yaml");
}

describe("the images of a cluster's file", () => {
  it("may have a small one for pods that wait and publish", () => {
    const all = { ...images, store: image("store") };
    expect(completeImages(all)).toEqual(all);
    expect(lacksStoreImage(parseImages(all))).toBe(false);
  });

  it("let these pods run in evaluate if the file is from before that image", () => {
    expect(completeImages(images)).toEqual({ ...images, store: images.evaluate });
    expect(lacksStoreImage(parseImages(images))).toBe(true);
  });

  it("are those that setup built if the file names none", () => {
    expect(lacksStoreImage(parseImages(undefined))).toBe(false);
  });

  it("are refused without a digest", () => {
    expect(() => parseImages({ ...images, store: "registry.example/store:1" })).toThrow(
      /mixcpt-infra:cluster\.images\.store = "registry\.example\/store:1": must be an image with a digest/,
    );
  });
});
