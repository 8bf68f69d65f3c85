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

  it("shows the beginning of a long value, so that what is wrong stays readable", () => {
    const machines = Array.from({ length: 20 }, (_, number) => ({ name: `gpu-${String(number)}` }));
    const problem = { rule: "wrong-type", path: "machines", value: machines, message: "must be a map" } as const;
    const line = new ConfigError("f", [problem]).message.split("\n")[1] ?? "";
    expect(line).toMatch(/^ {2}machines = \[\{"name":"gpu-0"\},.*…: must be a map$/);
    expect(line.length).toBeLessThan(160);
  });
});
