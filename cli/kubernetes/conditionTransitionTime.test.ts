import { conditionTransitionTime } from "./conditionTransitionTime.ts";

function buildTime(seconds: number): Date {
  return new Date(1_800_000_000_000 + seconds * 1000);
}

function buildNode(seconds: number, status = "True") {
  return { status: { conditions: [{ type: "Ready", status, lastTransitionTime: buildTime(seconds) }] } };
}

describe("the moment at which all objects hold a condition", () => {
  it("is that of the last one", () => {
    expect(conditionTransitionTime([buildNode(5), buildNode(9), buildNode(7)], "Ready")).toEqual(buildTime(9));
  });

  it("is not there while one does not hold it, or where there are no objects", () => {
    expect(conditionTransitionTime([buildNode(5), buildNode(9, "False")], "Ready")).toBeUndefined();
    expect(conditionTransitionTime([buildNode(5), {}], "Ready")).toBeUndefined();
    expect(conditionTransitionTime([], "Ready")).toBeUndefined();
  });
});
