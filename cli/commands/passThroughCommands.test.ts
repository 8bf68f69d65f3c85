import { buildKubectlCommand, buildPulumiCommand } from "./passThroughCommands.ts";

// declared as a function, since jest lifts its mocks above everything else
function mockMissing(what: string): () => never {
  return () => {
    throw new Error(`there is no ${what}`);
  };
}

jest.mock("execa", () => ({}));
jest.mock("../kubernetes/kubeconfigFile.ts", () => ({ requireKubeconfig: mockMissing("cluster") }));
jest.mock("../../workspace/toolchain.ts", () => ({
  ...jest.requireActual<object>("../../workspace/toolchain.ts"),
  readToolchain: mockMissing("toolchain"),
}));

const commands = { kubectl: buildKubectlCommand, pulumi: buildPulumiCommand };

describe.each(["kubectl", "pulumi"] as const)("%s", (name) => {
  const command = () => commands[name]().passThroughOptions();

  it.each(["--help", "-h"])("answers %s before it asks for a cluster or the toolchain", async (word) => {
    const write = jest.fn();
    await command().configureOutput({ writeOut: write }).parseAsync([word], { from: "user" });
    expect(write.mock.calls.join("")).toMatch(new RegExp(`^Usage: ${name} .*`));
  });

  it("leaves help that is asked of one of its own commands to the program", async () => {
    await expect(command().parseAsync(["get", "--help"], { from: "user" })).rejects.toThrow(/^there is no/);
  });
});
