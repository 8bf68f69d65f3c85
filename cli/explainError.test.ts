import { explainError } from "./explainError.ts";

function buildPulumiError(stdout: string, stderr = "") {
  return Object.assign(new Error("code: 255\nlong output"), { commandResult: { stdout, stderr } });
}

describe("explainError", () => {
  it("returns the message without a stack trace", () => {
    expect(explainError(new Error("infra/Pulumi.dev.yaml cannot be used"))).toBe(
      "infra/Pulumi.dev.yaml cannot be used",
    );
  });

  it("returns every line of Pulumi's diagnostics section and nothing else", () => {
    const output = [
      "  + creating x error: half a line",
      "Diagnostics:",
      "  pulumi:pulumi:Stack (mixcpt-dev):",
      "    error: Pulumi.dev.yaml cannot be used:",
      "      mixcpt:family: allowed: tiny",
      "",
      "Resources:",
      "    1 unchanged",
    ].join("\n");
    const explanation = explainError(buildPulumiError(output));
    expect(explanation).toContain("mixcpt:family: allowed: tiny");
    expect(explanation).not.toContain("Resources");
    expect(explanation).not.toContain("half a line");
  });

  it("finds the section on either stream and drops repeated messages", () => {
    const error = "    error: Pulumi.dev.yaml cannot be used:\n      mixcpt:family: allowed: tiny\n";
    const section = `Diagnostics:\n  pulumi:pulumi:Stack (mixcpt-dev):\n${error}${error}`;
    const explanation = explainError(buildPulumiError("", `Updating (dev):\n${section}\nResources:\n    1 errored`));
    expect(explanation.match(/mixcpt:family: allowed: tiny/g)).toHaveLength(1);
  });

  it("returns each error line once if the output has no such section", () => {
    expect(explainError(buildPulumiError("", "error: no passphrase\nerror: no passphrase"))).toBe(
      "error: no passphrase",
    );
  });

  it("returns the end of Pulumi's output if no line is an error", () => {
    expect(explainError(buildPulumiError("first line\nlast line"))).toContain("last line");
  });
});
