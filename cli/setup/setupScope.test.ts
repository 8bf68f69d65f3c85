import { goProgramSets, resolveSetOutput } from "./goPrograms.ts";
import type { GoSetName } from "./goPrograms.ts";
import type { ProgramWays } from "./programWays.ts";
import { estimateSpaceGB, listTaskPhases } from "./setupScope.ts";
import type { SetupChoices } from "./setupScope.ts";
import type { SetupScope } from "./scopeNeeds.ts";

jest.mock("execa", () => ({ execa: jest.fn() }));

const allSets = Object.keys(goProgramSets) as GoSetName[];

function listBuiltSets(scope: SetupScope) {
  const outputs = listTaskPhases(scope)
    .flat(2)
    .map(({ output }) => output);
  return allSets.filter((set) => outputs.includes(resolveSetOutput(set)));
}

describe("the tasks of setup", () => {
  it("build every set of programs once", () => {
    const signing: GoSetName[] = ["syft", "oras", "cosign"];
    expect(listBuiltSets("cilium")).toEqual(allSets.filter((set) => !signing.includes(set)));
    expect(listBuiltSets("all")).toEqual(allSets.filter((set) => !["cilium", ...signing].includes(set)));
    const outputs = listTaskPhases("all")
      .flat(2)
      .map(({ output }) => output);
    expect(new Set(outputs).size).toBe(outputs.length);
  });

  it("build neither kube-vip nor helm for the demo, whose cluster uses neither", () => {
    const demo = listBuiltSets("demo");
    expect(listBuiltSets("all").filter((set) => !demo.includes(set))).toEqual(["kube-vip", "helm"]);
    const titles = listTaskPhases("demo")
      .flat(2)
      .map(({ title }) => title);
    expect(titles).not.toEqual(expect.arrayContaining([expect.stringMatching(/kube-vip|Cilium/)]));
  });

  it("keep both lanes busy for about as long", () => {
    for (const scope of ["demo", "all"] as const) {
      const [lanes = []] = listTaskPhases(scope);
      const [first = 0, second = 0] = lanes.map((lane) => lane.reduce((sum, { minutes }) => sum + minutes, 0));
      expect(Math.abs(first - second)).toBeLessThanOrEqual(4);
    }
  });

  it("build only pulumi and kubectl for a client", () => {
    expect(listBuiltSets("client")).toEqual(["kubectl", "pulumi"]);
  });

  it("build what signs images only where it is asked for, and then nothing else", () => {
    expect(listBuiltSets("signing")).toEqual(["syft", "oras", "cosign"]);
    expect(listTaskPhases("signing").flat(2)).toHaveLength(3);
  });

  it("run side by side where an official release or PATH has the programs", () => {
    const ways: ProgramWays = new Map([
      ["kubernetes", { kind: "release" }],
      ["pulumi", { kind: "path", program: { path: "/usr/bin/pulumi", version: "v3.300.0" } }],
    ]);
    const [lanes = []] = listTaskPhases("all", { ways, pluginTasks: [] });
    for (const set of ["kubernetes", "pulumi"] as const)
      expect(lanes.filter((lane) => lane.some(({ output }) => output === resolveSetOutput(set)))).toHaveLength(1);
    expect(lanes.find((lane) => lane.some(({ output }) => output === resolveSetOutput("pulumi")))).toHaveLength(1);
  });

  it("need little disk where nothing large compiles", () => {
    const ways: ProgramWays = new Map(allSets.flatMap((set) => (set === "pause" ? [] : [[set, { kind: "release" }]])));
    const listTasks = (choices?: SetupChoices) => listTaskPhases("all", choices).flat(2);
    expect(estimateSpaceGB(listTasks(), "all")).toBe(25);
    expect(estimateSpaceGB(listTasks({ ways, pluginTasks: [] }), "all")).toBe(8);
    expect(estimateSpaceGB([], "all")).toBe(0);
  });

  it("keep the sets of one Go module in one lane, so that no package compiles twice", () => {
    const [lanes = []] = listTaskPhases("all");
    const findLane = (set: GoSetName) =>
      lanes.findIndex((lane) => lane.some(({ output }) => output === resolveSetOutput(set)));
    expect(findLane("kubectl")).toBe(findLane("kubernetes"));
    expect(new Set((["kueue", "jobset", "trainer"] as const).map(findLane)).size).toBe(1);
  });
});
