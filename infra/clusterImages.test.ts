import { parseClusterConfig } from "./clusterConfig.ts";
import { completeImages, lacksStoreImage, selectSignedImages } from "./clusterImages.ts";
import { buildExistingClusterConfig } from "./existingCluster.fixture.ts";

const digest = `sha256:${"a".repeat(64)}`;
const images = { data: `data@${digest}`, llamaFactory: `train@${digest}`, evaluate: `evaluate@${digest}` };

function parseImages(declared: object | undefined) {
  return parseClusterConfig(
    { ...buildExistingClusterConfig("/kubeconfig"), images: declared },
    "infra/Pulumi.lab.yaml",
  );
}

describe("the images of a cluster's file", () => {
  it("may have a small one for pods that wait and publish", () => {
    const all = { ...images, store: `store@${digest}` };
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

  it("must be signed if the file names a public key, which is no image", () => {
    const config = parseImages({ ...images, publicKey: "keys/lab.pub" });
    const complete = { ...images, store: images.evaluate };
    expect(selectSignedImages(config)).toEqual({ images: complete, publicKey: "keys/lab.pub" });
    expect(completeImages({ ...images, publicKey: "keys/lab.pub" })).toEqual(complete);
    for (const unsigned of [parseImages(images), parseImages(undefined)])
      expect(selectSignedImages(unsigned)).toBeUndefined();
  });

  it("cannot be signed if setup built them", () => {
    const built = { ...images, data: "mixcpt.local/data:0123456789ab" };
    expect(() => parseImages({ ...built, publicKey: "keys/lab.pub" })).toThrow(
      /images\.data = "mixcpt\.local\/data:0123456789ab": must be an image with a digest, .* images\.publicKey/,
    );
    expect(selectSignedImages(parseImages(built))).toBeUndefined();
  });

  it("are refused without a digest", () => {
    expect(() => parseImages({ ...images, store: "registry.example/store:1" })).toThrow(
      /mixcpt-infra:cluster\.images\.store = "registry\.example\/store:1": must be an image with a digest/,
    );
  });
});
