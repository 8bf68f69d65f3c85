import { conditionTransitionTime } from "./objectConditions.ts";

function buildTime(seconds: number): Date {
  return new Date(1_800_000_000_000 + seconds * 1000);
}

function buildNode(seconds: number, status = "True") {
  return { status: { conditions: [{ type: "Ready", status, lastTransitionTime: buildTime(seconds) }] } };
}

describe("the time at which a condition became true on all objects", () => {
  it("is that of the last object", () => {
    expect(conditionTransitionTime([buildNode(5), buildNode(9), buildNode(7)], "Ready")).toEqual(buildTime(9));
  });

  it("is undefined while the condition is not true on every object, and if there are no objects", () => {
    expect(conditionTransitionTime([buildNode(5), buildNode(9, "False")], "Ready")).toBeUndefined();
    expect(conditionTransitionTime([buildNode(5), {}], "Ready")).toBeUndefined();
    expect(conditionTransitionTime([], "Ready")).toBeUndefined();
  });
});
