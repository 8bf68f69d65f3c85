import { explain } from "./errors.ts";

const pulumiError = (stdout: string, stderr = "") => Object.assign(new Error("code: 255\nlong output"), { commandResult: { stdout, stderr } });

describe("what a person reads when a command fails", () => {
  it("is the message and no stack trace", () => {
    expect(explain(new Error("infra/Pulumi.dev.yaml cannot be used"))).toBe("infra/Pulumi.dev.yaml cannot be used");
  });

  it("is what Pulumi says is wrong, once, out of all that it printed", () => {
    const told = explain(pulumiError("  creating x\n    error: Pulumi.dev.yaml: family: allowed: tiny\n", "error: update failed\n    error: Pulumi.dev.yaml: family: allowed: tiny"));
    expect(told).toBe("error: Pulumi.dev.yaml: family: allowed: tiny");
  });

  it("is the end of Pulumi's output where that names no error", () => {
    expect(explain(pulumiError("first line\nlast line"))).toContain("last line");
  });
});
