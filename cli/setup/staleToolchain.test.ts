import { buildExistingClusterConfig } from "../../infra/existingCluster.fixture.ts";
import { parseClusterConfig } from "../../infra/clusterConfig.ts";
import type { Toolchain } from "../../workspace/toolchain.ts";
import { refuseStaleToolchain } from "./toolchainRecord.ts";

jest.mock("execa", () => ({ execa: jest.fn() }));

const oldManifests = { kueue: "/old/kueue.json", jobset: "/old/jobset.json", trainer: "/old/trainer.json" };
const old: Toolchain = { programs: [], manifests: oldManifests };

function parseExisting(settings: object) {
  return parseClusterConfig({ ...buildExistingClusterConfig("kubeconfig"), ...settings }, "infra/Pulumi.lab.yaml");
}

describe("a toolchain that another commit built", () => {
  it("is refused if it would install other controllers", () => {
    expect(() => refuseStaleToolchain(old, parseExisting({}))).toThrow(/built by another commit.*run \.\/mixcpt setup/);
  });

  it("is refused if its images would be those of the cluster", () => {
    const config = parseExisting({ controllers: "installed", images: undefined });
    expect(() => refuseStaleToolchain(old, config)).toThrow("built by another commit");
  });

  it("is accepted if the cluster has its controllers and its file names the images", () => {
    expect(() => refuseStaleToolchain(old, parseExisting({ controllers: "installed" }))).not.toThrow();
  });
});
