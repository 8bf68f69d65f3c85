import { defineGoTask, goProgramSets } from "./goPrograms.ts";
import type { GoSetName } from "./goPrograms.ts";
import { listTaskPhases } from "./setupScope.ts";
import type { SetupScope } from "./setupScope.ts";

jest.mock("execa", () => ({ execa: jest.fn() }));

const allSets = Object.keys(goProgramSets) as GoSetName[];

function listBuiltSets(scope: SetupScope) {
  const outputs = listTaskPhases(scope)
    .flat(2)
    .map(({ output }) => output);
  return allSets.filter((set) => outputs.includes(defineGoTask(set).output));
}

describe("the tasks of setup", () => {
  it("build every set of programs once", () => {
    expect(listBuiltSets("all")).toEqual(allSets);
    const outputs = listTaskPhases("all")
      .flat(2)
      .map(({ output }) => output);
    expect(new Set(outputs).size).toBe(outputs.length);
  });

  it("build only pulumi and kubectl for a client", () => {
    expect(listBuiltSets("client")).toEqual(["kubectl", "pulumi"]);
  });

  it("keep the sets of one Go module in one lane, so that no package compiles twice", () => {
    const [lanes = []] = listTaskPhases("all");
    const findLane = (set: GoSetName) =>
      lanes.findIndex((lane) => lane.some(({ output }) => output === defineGoTask(set).output));
    expect(findLane("kubectl")).toBe(findLane("kubernetes"));
    expect(new Set((["kueue", "jobset", "trainer"] as const).map(findLane)).size).toBe(1);
  });
});
