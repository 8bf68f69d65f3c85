import { LocalWorkspace, StackNotFoundError } from "@pulumi/pulumi/automation/index.js";
import type { Toolchain } from "../../workspace/toolchain.ts";
import { selectRecordedStack, openStack, withPreviewStack } from "./openStack.ts";
import { refuseLockedStack } from "./stackLocks.ts";
import { hasStackState } from "./stackState.ts";

jest.mock("../cluster/bastionTunnel.ts", () => ({ keepTunnel: () => Promise.resolve() }));

jest.mock("@pulumi/pulumi/automation/index.js", () => ({
  LocalWorkspace: { selectStack: jest.fn(), createStack: jest.fn(), createOrSelectStack: jest.fn() },
  PulumiCommand: { get: jest.fn() },
  StackNotFoundError: class extends Error {},
}));
jest.mock("../../infra/clusterProgram.ts", () => ({}));
jest.mock("../../stacks/experimentProgram.ts", () => ({}));
jest.mock("./backend.ts");
jest.mock("./findPulumiRoot.ts");
jest.mock("./originalKubeconfig.ts", () => ({}));
jest.mock("./prepareWorkDirectory.ts");
jest.mock("./stackDeclarations.ts");
jest.mock("./stackLocks.ts");
jest.mock("./stackState.ts");

const toolchain: Toolchain = { programs: [], manifests: { kueue: "", jobset: "", trainer: "" } };

beforeEach(() => {
  jest.mocked(hasStackState).mockReturnValue(false);
  jest.mocked(LocalWorkspace.selectStack).mockRejectedValue(new (StackNotFoundError as new () => Error)());
  jest.mocked(refuseLockedStack).mockImplementation(() => {
    throw new Error("locked");
  });
});

describe("a stack that another command is creating", () => {
  it("is not there yet for a command that only reads", async () => {
    expect(await selectRecordedStack("mixcpt", "dev", toolchain)).toBeUndefined();
  });

  it("is not created a second time, to change it or to preview it", async () => {
    await expect(openStack("mixcpt", "dev", toolchain)).rejects.toThrow("locked");
    const preview = withPreviewStack({ project: "mixcpt", stack: "dev", toolchain }, jest.fn());
    await expect(preview).rejects.toThrow("locked");
    expect(LocalWorkspace.createStack).not.toHaveBeenCalled();
  });
});
