import { goPrograms, pinned, versionOf } from "./goPrograms.ts";
import type { GoSet } from "./goPrograms.ts";

jest.mock("execa", () => ({ execa: jest.fn() }));

describe("the version of a set of Go programs", () => {
  it.each(Object.keys(goPrograms) as GoSet[])("is in its go.mod: %s", (set) => {
    expect(versionOf(set)).toMatch(/^v\d+\.\d+\.\d+/);
  });

  it("is never guessed where go.mod does not name the module", () => {
    expect(() => pinned("module x\n\nrequire k8s.io/other v1.2.3\n", "kueue")).toThrow("tools/kueue/go.mod does not require sigs.k8s.io/kueue");
  });
});
