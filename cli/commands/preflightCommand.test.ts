import { buildPreflightCommand } from "./preflightCommand.ts";

jest.mock("../cluster/clusterStack.ts", () => ({}));
jest.mock("../cluster/localCluster.ts", () => ({}));
jest.mock("../cluster/roleCredential.ts", () => ({}));
jest.mock("../cluster/upgrade/undoUpgrade.ts", () => ({}));

describe("preflight --uncordon", () => {
  it.each(["--nodes=gpu-1", "--all-pairs"])("is refused with %s, because it releases every node", async (flag) => {
    const command = buildPreflightCommand()
      .exitOverride()
      .configureOutput({ writeErr: () => undefined });
    await expect(command.parseAsync(["lab", "--uncordon", flag], { from: "user" })).rejects.toThrow(
      /cannot be used with option/,
    );
  });
});
