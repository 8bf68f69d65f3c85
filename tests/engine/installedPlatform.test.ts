/** The versions that a real API server reports, read by `cluster up` before it makes anything. */
import type { KubeConfig } from "@kubernetes/client-node";
import { load } from "js-yaml";
import { readInstalledPlatform } from "../../cli/cluster/installedPlatform.ts";
import { addFairSharing } from "../../infra/platform/fairSharing.ts";
import { listPlatformProblems } from "../../infra/platform/platformRequirements.ts";
import { ApiConnection } from "../../plugins/kubernetes/apiConnection.ts";
import type { ApiServer } from "../support/apiServer.ts";
import { startApiServer } from "../support/apiServer.ts";
import { readControllerManifests } from "../support/toolchainPrograms.ts";

const devices = { gpu: "MI250X", devicesPerNode: 8, emulated: false } as const;
const use = { config: { controllers: "installed", devices }, ownsControllers: false } as const;

let server: ApiServer;

beforeAll(async () => {
  server = await startApiServer();
});

afterAll(() => server.stop());

interface Kubeconfig {
  readonly clusters: [{ cluster: { server: string; "certificate-authority-data": string } }];
  readonly users: [{ user: { token: string } }];
}

/** Connects with the credentials of the server. Jest cannot load the client's own class, which is an ES module. */
function connect(): ApiConnection {
  const { clusters, users } = load(server.kubeconfig) as Kubeconfig;
  const { cluster } = clusters[0];
  const credentials = {
    ca: Buffer.from(cluster["certificate-authority-data"], "base64"),
    headers: { Authorization: `Bearer ${users[0].user.token}` },
  };
  const config = {
    getCurrentCluster: () => cluster,
    applyToHTTPSOptions: (options: object) => Promise.resolve(Object.assign(options, credentials)),
  };
  return new ApiConnection(config as unknown as KubeConfig);
}

async function listProblems(): Promise<string[]> {
  return listPlatformProblems(await readInstalledPlatform(connect()), use);
}

/** Creates the kind of a controller from the manifests that setup built. */
async function createKind(controller: "kueue" | "jobset" | "trainer", name: string): Promise<void> {
  const objects = readControllerManifests<{ metadata: { name: string } }>(controller);
  const definition = objects.find(({ metadata }) => metadata.name === name);
  const { status } = await server.call("POST", "/apis/apiextensions.k8s.io/v1/customresourcedefinitions", definition);
  expect(status).toBe(201);
}

async function createDeployment(name: string, image: string): Promise<void> {
  const labels = { app: name };
  const template = { metadata: { labels }, spec: { containers: [{ name, image }] } };
  const spec = { selector: { matchLabels: labels }, template };
  const { status } = await server.call("POST", "/apis/apps/v1/namespaces/default/deployments", {
    metadata: { name },
    spec,
  });
  expect(status).toBe(201);
}

describe("the platform of a real API server", () => {
  it("lacks every controller at first", async () => {
    expect(await listProblems()).toEqual([
      expect.stringMatching(/^Kueue: not installed; /),
      expect.stringMatching(/^JobSet: not installed; /),
      expect.stringMatching(/^Kubeflow Trainer: not installed; /),
    ]);
  });

  it("shares fairly and counts pods only if Kueue's configuration says so, and is unknown without one", async () => {
    const readSettings = async () => {
      const { sharesFairly, queuesPods } = await readInstalledPlatform(connect());
      return [sharesFairly, queuesPods];
    };
    expect(await readSettings()).toEqual([undefined, undefined]);
    const maps = "/api/v1/namespaces/default/configmaps";
    const writeConfig = (text: string) => ({ data: { "controller_manager_config.yaml": text } });
    await server.call("POST", maps, { metadata: { name: "kueue-manager-config" }, ...writeConfig("#fairSharing:") });
    expect(await readSettings()).toEqual([false, false]);
    const [map] = readControllerManifests<{ kind: string; data?: Readonly<Record<string, string>> }>("kueue").filter(
      ({ kind, data }) => kind === "ConfigMap" && data !== undefined,
    );
    const published = map?.data?.["controller_manager_config.yaml"] ?? "";
    await server.call("PATCH", `${maps}/kueue-manager-config`, writeConfig(published));
    // Kueue 0.15's has the line in a comment
    const countsPods = /^ +- "pod"$/m.test(published);
    expect(await readSettings()).toEqual([false, countsPods]);
    await server.call("PATCH", `${maps}/kueue-manager-config`, writeConfig(addFairSharing(published)));
    expect(await readSettings()).toEqual([true, countsPods]);
  });

  it("is complete with the kinds of this project's versions, and too old with an older controller", async () => {
    await createKind("kueue", "clusterqueues.kueue.x-k8s.io");
    await createKind("jobset", "jobsets.jobset.x-k8s.io");
    await createKind("trainer", "trainjobs.trainer.kubeflow.org");
    expect(await listProblems()).toEqual([]);
    await createDeployment("jobset", "registry.k8s.io/jobset/jobset:v0.8.1");
    expect(await listProblems()).toEqual([expect.stringMatching(/^JobSet: found 0\.8, .*must be at least 0\.9/)]);
  });
});
