import { refuseEndingHosts, refuseEndingPlatform, refuseUncheckedRemoval } from "./refuseRemoval.ts";

const workloads = [{ kind: "TrainJob", namespace: "mixcpt", name: "t1" }];
const unavailable = 'cluster "dev" did not respond within 5 s';
const idle = { workloads: [], unavailable: undefined, mayWork: true, endRunning: false };

function catchRefusal(removal: Partial<typeof idle> | object, command = "down dev"): string {
  try {
    refuseEndingHosts(command, { ...idle, ...removal });
  } catch (error) {
    return (error as Error).message;
  }
  return "";
}

describe("shutting local hosts down", () => {
  it("is allowed if nothing is unfinished on them", () => {
    expect(catchRefusal({})).toBe("");
  });

  it("is refused with the unfinished work of anybody, and with what to do", () => {
    expect(catchRefusal({ workloads }).split("\n")).toEqual([
      "down dev would end unfinished work; nothing was changed",
      "  TrainJob in namespace mixcpt (1): t1",
      "what to do:",
      expect.stringMatching(/wait.*watch STACK/),
      "  ./mixcpt down dev --end-running ends it",
    ]);
  });

  it("is refused if hosts run and their cluster does not answer, but not if none runs", () => {
    expect(catchRefusal({ unavailable })).toMatch(/hosts that run.*\n {2}cluster "dev" did not respond/);
    expect(catchRefusal({ unavailable, mayWork: false })).toBe("");
  });

  it("is allowed with --end-running", () => {
    expect(catchRefusal({ workloads, endRunning: true })).toBe("");
    expect(catchRefusal({ unavailable, endRunning: true })).toBe("");
  });

  it("by a cluster up that replaces dead hosts sends to down", () => {
    expect(catchRefusal({ workloads }, "cluster up dev")).toMatch(
      /^cluster up dev would[^]*mixcpt down dev --end-running/,
    );
  });
});

describe("destroying a cluster that does not answer", () => {
  const removal = { unavailable, mayWork: true, unchecked: false };

  it("is refused with the ways to ask it, and with the flag that does not", () => {
    expect(() => refuseUncheckedRemoval("dev", removal)).toThrow(
      /cannot tell whether anything runs[^]*did not respond[^]*cluster up dev[^]*cluster destroy dev --unchecked/,
    );
  });

  it.each([{ unchecked: true }, { unavailable: undefined }, { mayWork: false }])("is allowed with %j", (more) => {
    expect(() => refuseUncheckedRemoval("dev", { ...removal, ...more })).not.toThrow();
  });
});

describe("a cluster up that would delete the kinds of controllers", () => {
  const deletedUrns = [
    "urn:pulumi:lab::mixcpt-infra::kubernetes:apiextensions.k8s.io/v1:CustomResourceDefinition::trainjobs",
    "urn:pulumi:lab::mixcpt-infra::kubernetes:apps/v1:Deployment::trainer",
  ];

  it("is refused while work is unfinished, with that work", () => {
    expect(() => refuseEndingPlatform("lab", { deletedUrns, workloads })).toThrow(
      /^cluster up lab would delete trainjobs and with these kinds.*\n {2}TrainJob in namespace mixcpt \(1\): t1\n/,
    );
  });

  it("is allowed if nothing is unfinished, or if the kinds stay", () => {
    expect(() => refuseEndingPlatform("lab", { deletedUrns, workloads: [] })).not.toThrow();
    expect(() => refuseEndingPlatform("lab", { deletedUrns: deletedUrns.slice(1), workloads })).not.toThrow();
  });
});
