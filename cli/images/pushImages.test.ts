import { pushImages } from "./pushImages.ts";

jest.mock("execa", () => ({ execa: jest.fn() }));
jest.mock("../terminal/printLine.ts", () => ({ printLine: () => undefined }));
jest.mock("../setup/workImageRefs.ts", () => ({
  resolveImageCache: () => "/cache",
  readImageRefs: (target: string) => ({
    data: "mixcpt.local/data:1",
    llamaFactory: `mixcpt.local/llama-factory:${target}-2`,
    evaluate: `mixcpt.local/evaluate:${target}-3`,
    store: "mixcpt.local/store:4",
  }),
}));

/** A registry that holds the given images. */
function buildRegistry(held: string[]) {
  const delivered: string[] = [];
  const findImage = (reference: string) =>
    Promise.resolve(held.includes(reference) ? `registry.example/${reference}@sha256:0` : undefined);
  const deliverImage = (reference: string, source: string) => {
    held.push(reference);
    delivered.push(source);
    return Promise.resolve();
  };
  return { delivered, delivery: { findImage, deliverImage } };
}

it("pushes the images that the registry lacks, and returns all of them with digests", async () => {
  const { delivered, delivery } = buildRegistry(["mixcpt.local/data:1", "mixcpt.local/store:4"]);
  expect(await pushImages("rocm", delivery)).toEqual({
    data: "registry.example/mixcpt.local/data:1@sha256:0",
    llamaFactory: "registry.example/mixcpt.local/llama-factory:rocm-2@sha256:0",
    evaluate: "registry.example/mixcpt.local/evaluate:rocm-3@sha256:0",
    store: "registry.example/mixcpt.local/store:4@sha256:0",
  });
  expect(delivered).toEqual([
    "containers-storage:[overlay@/cache/storage+/cache/run]mixcpt.local/llama-factory:rocm-2",
    "containers-storage:[overlay@/cache/storage+/cache/run]mixcpt.local/evaluate:rocm-3",
  ]);
});

it("fails if the registry does not return an image after its push", async () => {
  const delivery = { findImage: () => Promise.resolve(undefined), deliverImage: () => Promise.resolve() };
  await expect(pushImages("cpu", delivery)).rejects.toThrow(
    "image mixcpt.local/data:1: not found in the registry after it was pushed",
  );
});
