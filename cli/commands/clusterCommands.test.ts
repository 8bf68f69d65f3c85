import { buildClusterCommand, buildDownCommand } from "./clusterCommands.ts";

jest.mock("../cluster/clusterStack.ts", () => ({}));
jest.mock("../cluster/localCluster.ts", () => ({}));
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
