import { heldSince } from "./heldSince.ts";

const at = (seconds: number): Date => new Date(1_800_000_000_000 + seconds * 1000);
const node = (seconds: number, status = "True") => ({ status: { conditions: [{ type: "Ready", status, lastTransitionTime: at(seconds) }] } });

describe("the moment at which all objects hold a condition", () => {
  it("is that of the last one", () => {
    expect(heldSince([node(5), node(9), node(7)], "Ready")).toEqual(at(9));
  });

  it("is not there while one does not hold it, or where there are no objects", () => {
    expect(heldSince([node(5), node(9, "False")], "Ready")).toBeUndefined();
    expect(heldSince([node(5), {}], "Ready")).toBeUndefined();
    expect(heldSince([], "Ready")).toBeUndefined();
  });
});
