import { explainError } from "./explainError.ts";

function buildPulumiError(stdout: string, stderr = "") {
  return Object.assign(new Error("code: 255\nlong output"), { commandResult: { stdout, stderr } });
}

describe("what a person reads when a command fails", () => {
  it("is the message and no stack trace", () => {
    expect(explainError(new Error("infra/Pulumi.dev.yaml cannot be used"))).toBe(
      "infra/Pulumi.dev.yaml cannot be used",
    );
  });

  it("is Pulumi's section of diagnostics, with every line of it", () => {
    const output =
      "  + creating x error: half a line\nDiagnostics:\n  pulumi:pulumi:Stack (mixcpt-dev):\n    error: Pulumi.dev.yaml cannot be used:\n      mixcpt:family: allowed: tiny\n\nResources:\n    1 unchanged";
    const told = explainError(buildPulumiError(output));
    expect(told).toContain("mixcpt:family: allowed: tiny");
    expect(told).not.toContain("Resources");
    expect(told).not.toContain("half a line");
  });

  it("is found on either stream, and what is told twice is shown once", () => {
    const error = "    error: Pulumi.dev.yaml cannot be used:\n      mixcpt:family: allowed: tiny\n";
    const told = explainError(
      buildPulumiError(
        "",
        `Updating (dev):\nDiagnostics:\n  pulumi:pulumi:Stack (mixcpt-dev):\n${error}${error}\nResources:\n    1 errored`,
      ),
    );
    expect(told.match(/mixcpt:family: allowed: tiny/g)).toHaveLength(1);
  });

  it("is its errors, each once, where there is no such section", () => {
    expect(explainError(buildPulumiError("", "error: no passphrase\nerror: no passphrase"))).toBe(
      "error: no passphrase",
    );
  });

  it("is the end of Pulumi's output where that names no error", () => {
    expect(explainError(buildPulumiError("first line\nlast line"))).toContain("last line");
  });
});
