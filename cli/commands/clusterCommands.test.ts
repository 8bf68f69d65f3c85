import { printRoleKubeconfig } from "../cluster/roleCredential.ts";
import { undoClusterUpgrade } from "../cluster/upgrade/undoUpgrade.ts";
import { buildClusterCommand, buildDownCommand } from "./clusterCommands.ts";

jest.mock("../cluster/clusterStack.ts", () => ({}));
jest.mock("../cluster/localCluster.ts", () => ({}));
jest.mock("../cluster/roleCredential.ts", () => ({ printRoleKubeconfig: jest.fn() }));
jest.mock("../cluster/upgrade/undoUpgrade.ts", () => ({ undoClusterUpgrade: jest.fn() }));
jest.mock("../../workspace/toolchain.ts", () => ({
  readToolchain: () => {
    throw new Error("the toolchain is missing");
  },
}));

const unknownCluster = /^cluster "nowhere" is unknown; .*write infra\/Pulumi\.nowhere\.yaml \(docs\/cluster\.md\)$/;

it.each(["up", "preview", "destroy"])(
  "cluster %s rejects an unknown cluster before it needs the toolchain",
  async (verb) => {
    await expect(buildClusterCommand().parseAsync([verb, "nowhere"], { from: "user" })).rejects.toThrow(unknownCluster);
  },
);

it.each(["quarantine", "release"])("cluster %s rejects an unknown cluster", async (verb) => {
  await expect(buildClusterCommand().parseAsync([verb, "nowhere", "n7"], { from: "user" })).rejects.toThrow(
    unknownCluster,
  );
});

it("down rejects an unknown cluster before it looks for hosts", async () => {
  await expect(buildDownCommand().parseAsync(["nowhere"], { from: "user" })).rejects.toThrow(unknownCluster);
});

it("cluster upgrade --undo leaves out every named worker", async () => {
  const words = ["upgrade", "dev", "--undo", "--yes", "--leave-out", "gpu-2", "--leave-out", "gpu-7"];
  await buildClusterCommand().parseAsync(words, { from: "user" });
  const leaveOut = ["gpu-2", "gpu-7"];
  expect(undoClusterUpgrade).toHaveBeenCalledWith("dev", expect.objectContaining({ yes: true, leaveOut }));
});

it.each([["--at-once", "3"], ["--evict-trainings"]])(
  "cluster upgrade --undo refuses %s, which has no effect",
  async (...words) => {
    const command = buildClusterCommand();
    for (const part of [command, ...command.commands])
      part.exitOverride().configureOutput({ writeErr: () => undefined });
    const undo = command.parseAsync(["upgrade", "dev", "--undo", ...words], { from: "user" });
    await expect(undo).rejects.toThrow(`'--undo' cannot be used with option '${words[0] ?? ""}`);
  },
);

describe("cluster kubeconfig", () => {
  const parseWords = (...words: string[]) => {
    const command = buildClusterCommand();
    const silence = { writeErr: () => undefined };
    for (const each of command.commands) each.exitOverride().configureOutput(silence);
    return command.parseAsync(["kubeconfig", "dev", ...words], { from: "user" });
  };

  it("issues a credential of a role for eight hours, or as many as are asked for", async () => {
    await parseWords("--role", "submit");
    await parseWords("--role", "view", "--hours", "24");
    expect(
      jest.mocked(printRoleKubeconfig).mock.calls.map(([cluster, flags]) => [cluster, flags] as unknown[]),
    ).toEqual([
      ["dev", { role: "submit", hours: 8 }],
      ["dev", { role: "view", hours: 24 }],
    ]);
  });

  it.each(["ada", "Ada.Lovelace+lab@site.example"])("issues one of the person %s", async (user) => {
    await parseWords("--role", "submit", "--user", user);
    expect(printRoleKubeconfig).toHaveBeenLastCalledWith("dev", { role: "submit", hours: 8, user }, expect.anything());
  });

  it.each([[[]], [["--role", "admin"]], [["--role", "view", "--hours", "25"]]])("refuses %j", async (words) => {
    await expect(parseWords(...words)).rejects.toThrow(/role|at most 24/);
  });

  it.each(["system:masters", "system:serviceaccount:mixcpt:publish", "kubernetes-admin", "kube-apiserver", "", "a b"])(
    "refuses a certificate that names %j, which is no person",
    async (user) => {
      await expect(parseWords("--role", "view", "--user", user)).rejects.toThrow(/must be a person's name/);
    },
  );
});
