import { refuseMovedStack } from "./movedStack.ts";

const runs = [{ name: "t1" }] as never[];

describe("retrying a stack whose file names another cluster", () => {
  it("is refused, because its runs failed on the recorded one", () => {
    expect(() => refuseMovedStack([{ name: "lab", runs }], { verb: "retry", stack: "mini", target: "site" })).toThrow(
      'Pulumi.mini.yaml names cluster "site" (mixcpt:cluster), but the state records runs on "lab"',
    );
  });

  it("is allowed if nothing is recorded elsewhere", () => {
    const clusters = [
      { name: "lab", runs: [] },
      { name: "site", runs },
    ];
    expect(() => refuseMovedStack(clusters, { verb: "retry", stack: "mini", target: "site" })).not.toThrow();
  });
});
