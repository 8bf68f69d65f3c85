import { parseClusterConfig } from "../../infra/clusterConfig.ts";
import type { ForeignConfig } from "../../infra/clusterConfig.ts";
import { buildExistingClusterConfig, buildTenantClusterConfig } from "../../infra/existingCluster.fixture.ts";
import { listMovedPlatform } from "./movedPlatform.ts";

const existing = parseClusterConfig(buildExistingClusterConfig("/k"), "f") as ForeignConfig;
const tenant = parseClusterConfig(buildTenantClusterConfig("/k"), "f") as ForeignConfig;

function record(namespace: string, component: string) {
  return [
    { urn: "urn:stack", type: "pulumi:pulumi:Stack", outputs: { namespace } },
    { urn: "urn:component", type: component },
  ];
}

const installed = record("mixcpt", "mixcpt:infra:Experiments");

describe("a cluster file whose change would delete the platform with its runs", () => {
  it("is refused with the recorded namespace and the way out", () => {
    const config = { ...existing, namespace: "team-b" } as ForeignConfig;
    expect(listMovedPlatform(installed, { stack: "lab", config })).toEqual([
      "namespace: this stack made its platform in mixcpt, but its file names team-b; " +
        "run ./mixcpt cluster destroy lab before, or write another file, infra/Pulumi.NAME.yaml",
    ]);
  });

  it("is refused if the kind changes between an administrator's and a tenant's", () => {
    expect(listMovedPlatform(record("team-a", "mixcpt:infra:Experiments"), { stack: "lab", config: tenant })).toEqual([
      expect.stringMatching(/^kind: this stack made its platform as existing, but its file says tenant; /),
    ]);
  });

  it("is accepted if nothing moves, and before the first cluster up", () => {
    expect(listMovedPlatform(installed, { stack: "lab", config: existing })).toEqual([]);
    expect(listMovedPlatform([], { stack: "lab", config: tenant })).toEqual([]);
  });
});
