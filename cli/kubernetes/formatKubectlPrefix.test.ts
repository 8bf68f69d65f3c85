import { formatKubectlPrefix } from "./formatKubectlPrefix.ts";

describe("a kubectl command to type", () => {
  it("names the cluster and the namespace", () => {
    expect(formatKubectlPrefix("lumi")).toBe("./mixcpt kubectl --cluster lumi --namespace mixcpt");
  });

  it("leaves out the default cluster, dev", () => {
    expect(formatKubectlPrefix("dev")).toBe("./mixcpt kubectl --namespace mixcpt");
  });
});
