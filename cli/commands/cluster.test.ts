import { buildClusterCommand } from "./cluster.ts";

jest.mock("../cluster/cluster.ts", () => ({}));
jest.mock("../../infra/software.ts", () => ({
  readSoftware: () => {
    throw new Error("the toolchain is missing");
  },
}));

it.each(["up", "destroy"])("cluster %s says that a cluster is unknown before it asks for the toolchain", async (verb) => {
  await expect(buildClusterCommand().parseAsync([verb, "nowhere"], { from: "user" })).rejects.toThrow(/^cluster "nowhere" is unknown\..*write infra\/Pulumi\.nowhere\.yaml \(docs\/cluster\.md\)$/);
});
