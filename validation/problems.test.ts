import { ConfigError } from "./problems.ts";

describe("a configuration error", () => {
  it("names the file once, then prints each problem on a line with its path and value", () => {
    const problem = { rule: "not-allowed", path: "mixcpt:family", value: "tny", message: "allowed: tiny" } as const;
    const { message } = new ConfigError("Pulumi.dev.yaml", [
      problem,
      { ...problem, path: "mixcpt:cluster", value: undefined },
    ]);
    expect(message.split("\n")).toEqual([
      "Pulumi.dev.yaml cannot be used:",
      '  mixcpt:family = "tny": allowed: tiny',
      "  mixcpt:cluster: allowed: tiny",
    ]);
  });
});
