import { parseClusterConfig } from "../../infra/clusterConfig.ts";
import type { TenantConfig } from "../../infra/clusterConfig.ts";
import { gpuCluster } from "../../jobs/kube/clusterOutputs.fixture.ts";
import type { PodSettings } from "../../jobs/kube/podSettings.ts";
import { buildTrainingRuntime } from "../../jobs/kube/trainingRuntime.ts";
import type { ApiConnection } from "../../plugins/kubernetes/apiConnection.ts";
import { listTenantProblems } from "./tenantObjects.ts";

const whole = { user: { storeMount: "whole" } } as const;
const image = `registry.example/image@sha256:${"a".repeat(64)}`;

function parseTenant(further: object): TenantConfig {
  const tenant = {
    kind: "tenant",
    kubeconfigFile: "/k",
    namespace: "team-a",
    queue: "gpu",
    claim: "store",
    runtime: { name: "llama-factory" },
    account: "publish",
    nodes: 2,
    devices: { gpu: "MI250X", devicesPerNode: 8 },
    images: { data: image, llamaFactory: image, evaluate: image, store: image },
  };
  return parseClusterConfig({ ...tenant, ...further }, "infra/Pulumi.team.yaml") as TenantConfig;
}

/** Asks a cluster that has everything, and the runtime of an install with these settings. */
function ask(training: PodSettings, further: object): Promise<string[]> {
  const runtime = buildTrainingRuntime({ ...gpuCluster, pods: { training } });
  const callApi = ({ method, path }: { method: string; path: string }) => {
    if (method === "POST") return Promise.resolve({ body: { status: { incomplete: true, resourceRules: [] } } });
    return Promise.resolve({ body: path.endsWith("/clustertrainingruntimes/llama-factory") ? runtime : {} });
  };
  const connection = { callApi } as unknown as ApiConnection;
  return listTenantProblems(connection, { kueue: "v1beta2", config: parseTenant(further) });
}

describe("the runtime that an administrator made for a tenant", () => {
  it("fits trainings that mount the store as it does", async () => {
    expect(await ask({}, {})).toEqual([]);
    expect(await ask(whole, { pods: { storeMount: "whole" } })).toEqual([]);
  });

  it("is refused if it makes no folder of a run, as one from before there were such folders", async () => {
    expect(await ask(whole, {})).toEqual([expect.stringMatching(/^runtime: does not make the folder of a run/)]);
  });

  it("is refused if its trainings can write only there, and those of the tenant expect to write everywhere", async () => {
    expect(await ask({}, { pods: { storeMount: "whole" } })).toEqual([
      expect.stringMatching(/^pods\.storeMount: the runtime lets trainings write only to the folder of their run/),
    ]);
  });
});
