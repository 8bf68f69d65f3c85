import { buildKubectlCommand, buildPulumiCommand, findPulumiStack, resolvePulumiFiles } from "./passThroughCommands.ts";

// a function declaration, because jest hoists its mocks above everything else
function mockMissing(dependency: string): () => never {
  return () => {
    throw new Error(`there is no ${dependency}`);
  };
}

jest.mock("execa", () => ({}));
jest.mock("../kubernetes/kubeconfigFile.ts", () => ({
  hasKubeconfig: () => false,
  requireKubeconfig: mockMissing("cluster"),
}));
// a cluster of this checkout
jest.mock("../engine/clusterKubeconfig.ts", () => ({ updateKubeconfig: mockMissing("cluster") }));
jest.mock("../../workspace/toolchain.ts", () => ({
  ...jest.requireActual<object>("../../workspace/toolchain.ts"),
  readToolchain: mockMissing("toolchain"),
}));

const commands = { kubectl: buildKubectlCommand, pulumi: buildPulumiCommand };

describe.each(["kubectl", "pulumi"] as const)("%s", (name) => {
  const command = () => commands[name]().passThroughOptions();

  it.each(["--help", "-h"])("answers %s without a cluster or the toolchain", async (flag) => {
    const write = jest.fn();
    await command().configureOutput({ writeOut: write }).parseAsync([flag], { from: "user" });
    expect(write.mock.calls.join("")).toMatch(new RegExp(`^Usage: ${name} .*`));
  });

  it("leaves the help of a subcommand to the program", async () => {
    await expect(command().parseAsync(["get", "--help"], { from: "user" })).rejects.toThrow(/^there is no/);
  });
});

describe("kubectl --cluster", () => {
  it("rejects an unknown cluster, with the nearest name, before it looks for a kubeconfig", async () => {
    await expect(
      buildKubectlCommand().passThroughOptions().parseAsync(["--cluster", "dve", "get", "pods"], { from: "user" }),
    ).rejects.toThrow(/^cluster "dve" is unknown; .*\(did you mean "dev"\?\)/);
  });
});

describe("resolvePulumiFiles", () => {
  it.each([
    ["stack export --file state.json", "stack export --file /home/ada/state.json"],
    ["stack import --file=../state.json", "stack import --file=/home/state.json"],
    ["preview --save-plan /tmp/plan", "preview --save-plan /tmp/plan"],
    ["stack export --file", "stack export --file"],
    ["--cwd infra config --config-file Pulumi.dev.yaml", "--cwd infra config --config-file Pulumi.dev.yaml"],
  ])("resolves files against the caller's folder: %s", (given, expected) => {
    expect(resolvePulumiFiles(given.split(" "), "/home/ada").join(" ")).toBe(expected);
  });
});

it.each([
  [["up", "-s", "viking"], { project: "mixcpt", stack: "viking" }],
  [["--cwd", "infra", "up", "--stack", "lumi"], { project: "mixcpt-infra", stack: "lumi" }],
  [["-C", "infra", "up", "--stack=organization/mixcpt-infra/lumi"], { project: "mixcpt-infra", stack: "lumi" }],
  [["up", "--cwd=infra/"], undefined],
  [["stack", "ls"], undefined],
])("pulumi %j is about %j", (args, stack) => {
  expect(findPulumiStack(args)).toEqual(stack);
});
