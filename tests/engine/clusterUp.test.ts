/** `./mixcpt cluster up` on an existing cluster, which is a real API server: unfinished, finished and gone. */
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { stringify } from "yaml";
import { deleteStackState } from "../../cli/engine/stackState.ts";
import { resolveKubeconfigPath } from "../../cli/kubernetes/kubeconfigFile.ts";
import { buildExistingClusterConfig } from "../../infra/existingCluster.fixture.ts";
import { controllerRequirements } from "../../infra/platform/platformRequirements.ts";
import { checkoutDirectory, resolveInstanceDirectory } from "../../workspace/environment.ts";
import { readToolchain } from "../../workspace/toolchain.ts";
import { startApiServer } from "../support/apiServer.ts";
import type { ApiServer } from "../support/apiServer.ts";
import { expectSuccess, runMixcpt } from "../support/mixcptCommand.ts";
import { waitUntil } from "../support/processes.ts";

const stack = "engine-cluster-up";
const stackFile = resolve(checkoutDirectory, `infra/Pulumi.${stack}.yaml`);
const home = mkdtempSync(join(tmpdir(), "mixcpt-cluster-up-"));
let api: ApiServer;

interface Definition {
  readonly kind: string;
  readonly metadata: { readonly name: string };
  readonly spec: Record<string, unknown>;
}

/** Kinds of one controller each, by which `cluster up` recognizes the controllers before it makes anything. */
const recognizedKinds = controllerRequirements.map(({ kind }) => kind);

/** Serves kinds of the platform, without conversion, which needs the controllers. */
async function installKinds(isWanted: (name: string) => boolean): Promise<void> {
  const { kueue, jobset, trainer } = readToolchain().manifests;
  const objects = [kueue, jobset, trainer].flatMap((file) => JSON.parse(readFileSync(file, "utf8")) as Definition[]);
  const definitions = objects.filter(({ kind }) => kind === "CustomResourceDefinition");
  for (const definition of definitions.filter(({ metadata }) => isWanted(metadata.name)))
    await api.call("POST", "/apis/apiextensions.k8s.io/v1/customresourcedefinitions", {
      ...definition,
      spec: { ...definition.spec, conversion: undefined },
    });
}

const kubeconfigFile = join(home, "kubeconfig");

function writeStackFile(overrides = {}): void {
  const cluster = { ...buildExistingClusterConfig(kubeconfigFile), controllers: "installed", ...overrides };
  writeFileSync(stackFile, stringify({ config: { "mixcpt-infra:cluster": cluster } }));
}

beforeAll(async () => {
  api = await startApiServer();
  api.startControllers();
  writeFileSync(kubeconfigFile, api.kubeconfig);
  await installKinds((name) => recognizedKinds.includes(name));
  writeStackFile();
});

afterAll(async () => {
  rmSync(stackFile, { force: true });
  deleteStackState("mixcpt-infra", stack);
  rmSync(resolveInstanceDirectory(stack), { recursive: true, force: true });
  rmSync(home, { recursive: true });
  await api.stop();
});

it("leaves a kubeconfig when it fails, and says how to look at the cluster and finish it", async () => {
  const { exitCode, output } = await runMixcpt("cluster", "up", stack);
  expect([exitCode, output]).toEqual([1, expect.stringContaining("does not serve kind")]);
  expect(output).toContain(`./mixcpt kubectl --cluster ${stack} get nodes,pods --all-namespaces`);
  expect(output).toContain(`finish it with ./mixcpt cluster up ${stack}`);
  const pods = await runMixcpt("kubectl", "--cluster", stack, "get", "namespaces");
  expect([pods.exitCode, pods.output]).toEqual([0, expect.stringContaining("mixcpt")]);
});

it("lets kubectl reach the cluster of a cluster up that was killed before it wrote the kubeconfig", async () => {
  rmSync(resolveKubeconfigPath(stack));
  expectSuccess(await runMixcpt("kubectl", "--cluster", stack, "get", "namespaces"));
  expect(existsSync(resolveKubeconfigPath(stack))).toBe(true);
});

it("finishes the cluster when it is repeated", async () => {
  await installKinds((name) => !recognizedKinds.includes(name));
  const path = "/apis/trainer.kubeflow.org/v1alpha1/clustertrainingruntimes";
  await waitUntil("the kinds are served", async () => (await api.call("GET", path)).status === 200);
  const { exitCode, output } = await runMixcpt("cluster", "up", stack);
  expect([exitCode, output]).toEqual([0, expect.stringContaining(`cluster ${stack} is up after`)]);
});

describe("a node with emulated devices", () => {
  const accounts = "/api/v1/namespaces/default/serviceaccounts";

  /** Creates an administrator and returns its kubeconfig, which its deletion revokes. */
  async function createAdministrator(name: string): Promise<string> {
    await api.call("POST", accounts, { metadata: { name } });
    await api.call("POST", "/apis/rbac.authorization.k8s.io/v1/clusterrolebindings", {
      metadata: { name },
      roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "ClusterRole", name: "cluster-admin" },
      subjects: [{ kind: "ServiceAccount", name, namespace: "default" }],
    });
    const { body } = await api.call("POST", `${accounts}/${name}/token`, { spec: {} });
    const { token } = body["status"] as { token: string };
    return JSON.stringify({ ...(JSON.parse(api.kubeconfig) as object), users: [{ name: "admin", user: { token } }] });
  }

  async function readDevices(): Promise<unknown> {
    const { body } = await api.call("GET", "/api/v1/nodes/node-1");
    return (body["status"] as { capacity?: Record<string, string> }).capacity?.["amd.com/gpu"];
  }

  it("is shown before it leaves the list and loses them", async () => {
    await api.call("POST", "/api/v1/nodes", { apiVersion: "v1", kind: "Node", metadata: { name: "node-1" } });
    writeFileSync(kubeconfigFile, await createAdministrator("first"));
    writeStackFile({ devices: { gpu: "MI250X", devicesPerNode: 2, emulated: ["node-1"] } });
    expectSuccess(await runMixcpt("cluster", "up", stack));
    expect(await readDevices()).toBe("2");
    writeStackFile();
    const { exitCode, output } = await runMixcpt("cluster", "up", stack);
    expect([exitCode, output]).toEqual([1, expect.stringContaining("takes back the emulated devices of")]);
    expect(output).toMatch(/node-1, which .* no longer lists: the node stays\n *no pods use them/);
    expect(await readDevices()).toBe("2");
  });

  it("loses them with the cluster, although the recorded credentials are no longer valid", async () => {
    writeStackFile({ devices: { gpu: "MI250X", devicesPerNode: 2, emulated: ["node-1"] } });
    const getNodes = () => runMixcpt("kubectl", "--cluster", stack, "get", "nodes");
    await api.call("DELETE", `${accounts}/first`);
    await waitUntil("the first credentials are invalid", async () => (await getNodes()).exitCode !== 0);
    writeFileSync(kubeconfigFile, await createAdministrator("second"));
    const { exitCode, output } = await runMixcpt("cluster", "destroy", stack, "--yes");
    expect([exitCode, output]).toEqual([0, expect.stringMatching(/cluster destroy .* deleted/)]);
    expect(await readDevices()).toBe(undefined);
    writeStackFile();
    expectSuccess(await runMixcpt("cluster", "up", stack));
  });
});

it("neither calls a cluster up nor previews it if its API server is gone, and says why", async () => {
  await api.stop();
  const results = await Promise.all(["up", "preview"].map((verb) => runMixcpt("cluster", verb, stack)));
  for (const { exitCode, output } of results) {
    expect(exitCode).toBe(1);
    const warning = /warning: the API server does not answer as it should .*; trying again for up to 60 s/g;
    expect(output.match(warning)).toHaveLength(1);
    expect(output).toMatch(/could not read cluster .*ECONNREFUSED.*; run \.\/mixcpt doctor/);
    expect(output).not.toContain("is up after");
  }
});
