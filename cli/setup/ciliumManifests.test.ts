import { publishedDigests } from "./ciliumManifests.ts";
import { readPinnedVersion } from "./goPrograms.ts";

jest.mock("execa", () => ({ execa: jest.fn() }));

describe("the digests of Cilium's published images", () => {
  it("are those of the pinned version: a new one needs those of its release notes", () => {
    expect(publishedDigests.version).toBe(readPinnedVersion("cilium"));
  });
});
