import { parseClusterConfig } from "../../infra/clusterConfig.ts";
import type { ForeignConfig } from "../../infra/clusterConfig.ts";
import { buildExistingClusterConfig, buildTenantClusterConfig } from "../../infra/existingCluster.fixture.ts";
import { listMovedPlatform, refuseMovedPlatform } from "./movedPlatform.ts";

const existing = parseClusterConfig(buildExistingClusterConfig("/k"), "f") as ForeignConfig;
const tenant = parseClusterConfig(buildTenantClusterConfig("/k"), "f") as ForeignConfig;

function record(namespace: string, component: string) {
  return [
    { urn: "urn:stack", type: "pulumi:pulumi:Stack", outputs: { namespace } },
    { urn: "urn:component", type: component },
  ];
}

const installed = record("mixcpt", "mixcpt:infra:Experiments");
const withControllers = [...installed, { urn: "urn:controllers", type: "mixcpt:infra:Controllers" }];

describe("a cluster file whose change would delete the platform with its runs", () => {
  it("is refused with the recorded namespace and the way out", () => {
    const config = { ...existing, namespace: "team-b" } as ForeignConfig;
    expect(listMovedPlatform(installed, { stack: "lab", config })).toEqual([
      "namespace: this stack made its platform in mixcpt, but its file names team-b; " +
        "set it back and run ./mixcpt cluster destroy lab before, or write another file, infra/Pulumi.NAME.yaml",
    ]);
  });

  it("is refused if the kind changes between an administrator's and a tenant's", () => {
    expect(listMovedPlatform(record("team-a", "mixcpt:infra:Experiments"), { stack: "lab", config: tenant })).toEqual([
      expect.stringMatching(/^kind: this stack made its platform as existing, but its file says tenant; /),
    ]);
  });

  it("is refused if the controllers of this stack would go, and with them the work of all namespaces", () => {
    const config = { ...existing, controllers: "installed" } as ForeignConfig;
    expect(listMovedPlatform(withControllers, { stack: "lab", config })).toEqual([
      expect.stringMatching(/^controllers: this stack installed them, .*; set it back and run /),
    ]);
  });

  it("is accepted if nothing moves, and before the first cluster up", () => {
    expect(listMovedPlatform(installed, { stack: "lab", config: existing })).toEqual([]);
    expect(listMovedPlatform([], { stack: "lab", config: tenant })).toEqual([]);
  });
});

describe("a platform whose file does not describe it", () => {
  it("is not destroyed, because its work would be looked for elsewhere", () => {
    const config = { ...existing, namespace: "team-b", controllers: "installed" } as ForeignConfig;
    expect(() => refuseMovedPlatform(withControllers, { stack: "lab", config })).toThrow(
      "cluster destroy lab: set back in infra/Pulumi.lab.yaml, or running work would not be seen:\n" +
        "  namespace: this stack made its platform in mixcpt, but its file names team-b\n" +
        "  controllers: this stack installed them, but its file says that the cluster has them",
    );
  });

  it("may be destroyed once the file does again", () => {
    const config = { ...existing, controllers: "published" } as ForeignConfig;
    expect(() => refuseMovedPlatform(withControllers, { stack: "lab", config })).not.toThrow();
    expect(() => refuseMovedPlatform([], { stack: "lab", config })).not.toThrow();
  });
});
