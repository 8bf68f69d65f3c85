import { formatKubectlPrefix } from "./formatKubectlPrefix.ts";

describe("a command to type next", () => {
  it("goes to the cluster of the stack that it is about", () => {
    expect(formatKubectlPrefix("lumi")).toBe("./mixcpt kubectl --cluster lumi --namespace mixcpt");
  });

  it("names no cluster where the usual one is meant", () => {
    expect(formatKubectlPrefix("dev")).toBe("./mixcpt kubectl --namespace mixcpt");
  });
});
