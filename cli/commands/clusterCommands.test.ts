import { buildClusterCommand } from "./clusterCommands.ts";

jest.mock("../cluster/clusterStack.ts", () => ({}));
jest.mock("../cluster/localCluster.ts", () => ({}));
jest.mock("../../workspace/toolchain.ts", () => ({
  readToolchain: () => {
    throw new Error("the toolchain is missing");
  },
}));

it.each(["up", "preview", "destroy"])(
  "cluster %s rejects an unknown cluster before it needs the toolchain",
  async (verb) => {
    await expect(buildClusterCommand().parseAsync([verb, "nowhere"], { from: "user" })).rejects.toThrow(
      /^cluster "nowhere" is unknown; .*write infra\/Pulumi\.nowhere\.yaml \(docs\/cluster\.md\)$/,
    );
  },
);
