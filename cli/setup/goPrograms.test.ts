import { goProgramSets, parsePinnedVersion, readPinnedVersion } from "./goPrograms.ts";
import type { GoSetName } from "./goPrograms.ts";

jest.mock("execa", () => ({ execa: jest.fn() }));

describe("the version of a set of Go programs", () => {
  it.each(Object.keys(goProgramSets) as GoSetName[])("is read from its go.mod: %s", (set) => {
    expect(readPinnedVersion(set)).toMatch(/^v\d+\.\d+\.\d+/);
  });

  it("is an error if go.mod does not require the module", () => {
    expect(() => parsePinnedVersion("module x\n\nrequire k8s.io/other v1.2.3\n", "kueue")).toThrow(
      "tools/controllers/go.mod does not require sigs.k8s.io/kueue",
    );
  });
});
