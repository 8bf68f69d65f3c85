import { listOtherImages } from "./refuseOtherImages.ts";

jest.mock("execa", () => ({}));

const images = { data: "data:1", llamaFactory: "llama-factory:1", evaluate: "evaluate:1" };

describe("the images of a cluster", () => {
  it("are those of this commit if all are equal", () => {
    expect(listOtherImages(images, images)).toEqual([]);
  });

  it("are listed with both references where they differ", () => {
    expect(listOtherImages({ data: "data:1", evaluate: "evaluate:0" }, images)).toEqual([
      "llamaFactory: none on the cluster, llama-factory:1 at this commit",
      "evaluate: evaluate:0 on the cluster, evaluate:1 at this commit",
    ]);
  });
});
