/** The Pulumi program of a cluster stack against a recording engine. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as pulumi from "@pulumi/pulumi";
import { buildExistingClusterConfig } from "./existingCluster.fixture.ts";

const home = mkdtempSync(join(tmpdir(), "mixcpt-infra-program-"));
const kubeconfigFile = join(home, "kubeconfig");

afterAll(() => rmSync(home, { recursive: true }));

const cluster = { ...buildExistingClusterConfig(kubeconfigFile), controllers: "installed" };

/** Runs the program and returns the inputs of the resources of a type, by name. */
async function registerResources(wanted: string, { stack = "rack", kubeconfig = "{}", overrides = {} }) {
  writeFileSync(kubeconfigFile, kubeconfig);
  const registered: Record<string, unknown> = {};
  await pulumi.runtime.setMocks(
    {
      call: () => ({}),
      newResource: ({ type, name, inputs }) => {
        if (type === wanted) registered[name] = inputs;
        return { id: name, state: { ...inputs, stdout: "0123 ana@desk:/mixcpt" } };
      },
    },
    "mixcpt-infra",
    stack,
  );
  pulumi.runtime.setAllConfig({ "mixcpt-infra:cluster": JSON.stringify({ ...cluster, ...overrides }) });
  const { runClusterProgram } = await import("./clusterProgram.ts");
  runClusterProgram();
  await pulumi.runtime.disconnect();
  return registered;
}

it("identifies a cluster by its stack, so that a changed kubeconfig replaces nothing", async () => {
  for (const kubeconfig of ["server: https://10.0.0.1", "server: https://10.0.0.2"])
    expect(await registerResources("pulumi:providers:kubernetes", { kubeconfig })).toEqual({
      cluster: expect.objectContaining({ clusterIdentifier: "mixcpt-infra/rack" }) as unknown,
    });
});

it("writes network policies only into its own namespace if others installed the controllers", async () => {
  const policies = await registerResources("kubernetes:networking.k8s.io/v1:NetworkPolicy", {});
  const namespaces = Object.values(policies).map((policy) => (policy as { metadata: { namespace: string } }).metadata);
  expect(new Set(namespaces.map(({ namespace }) => namespace))).toEqual(new Set(["mixcpt"]));
});

it("gives AMD's device plugin no capability, and privileges only to the node labeller", async () => {
  const image = `amd@sha256:${"b".repeat(64)}`;
  const overrides = { rocm: { devicePlugin: image, nodeLabeller: image } };
  const sets = await registerResources("kubernetes:apps/v1:DaemonSet", { overrides });
  const contexts = Object.entries(sets).map(([name, set]) => {
    const { spec } = set as { spec: { template: { spec: { containers: [{ securityContext: object }] } } } };
    return [name, spec.template.spec.containers[0].securityContext];
  });
  expect(Object.fromEntries(contexts)).toEqual({
    "device-plugin": { allowPrivilegeEscalation: false, capabilities: { drop: ["ALL"] } },
    "node-labeller": { privileged: true },
  });
});

it("gives AMD's device plugin the exporter's socket and the privileges to check its GPUs if the file wants their health", async () => {
  const image = `amd@sha256:${"b".repeat(64)}`;
  const overrides = { rocm: { devicePlugin: image, nodeLabeller: image, health: true } };
  const { "device-plugin": set } = await registerResources("kubernetes:apps/v1:DaemonSet", { overrides });
  const { spec } = set as { spec: { template: { spec: { containers: [object]; volumes: object[] } } } };
  const [container] = spec.template.spec.containers;
  expect(container).toMatchObject({
    // the image has no entry point: flags alone would take the place of the program
    command: ["./k8s-device-plugin"],
    args: expect.arrayContaining(["-pulse=10"]) as unknown,
    securityContext: { privileged: true },
    volumeMounts: expect.arrayContaining([
      { name: "health", mountPath: "/var/lib/amd-metrics-exporter" },
      { name: "plugins", mountPath: "/var/lib/kubelet/device-plugins" },
    ]) as unknown,
  });
  expect(spec.template.spec.volumes).toContainEqual({
    name: "health",
    hostPath: { path: "/var/lib/amd-metrics-exporter", type: "DirectoryOrCreate" },
  });
});

describe("an existing cluster whose file lists nodes with emulated devices", () => {
  it("gets a resource for each node, whose deletion takes the devices back", async () => {
    const devices = { gpu: "MI300X", devicesPerNode: 4, emulated: ["node-1", "node-2"] };
    const owner = "mixcpt-infra/rack 0123 ana@desk:/mixcpt";
    const commands = await registerResources("command:local:Command", { overrides: { nodes: 2, devices } });
    expect(Object.keys(commands)).toEqual(["emulator-owner", "emulated-gpus-node-1", "emulated-gpus-node-2"]);
    expect(commands["emulated-gpus-node-2"]).toMatchObject({
      create: expect.stringContaining("set_devices") as unknown,
      delete: expect.stringContaining("set_devices null") as unknown,
      environment: {
        [pulumi.runtime.specialSigKey]: expect.anything() as unknown, // it has the kubeconfig
        value: { NODE_NAME: "node-2", OWNER: owner, DEVICES: "4", DEVICE_ID: "74a1" },
      },
    });
  });

  it("is left unchanged if its nodes report such devices already", async () => {
    const devices = { gpu: "MI300X", devicesPerNode: 4, emulated: true };
    expect(await registerResources("command:local:Command", { overrides: { devices } })).toEqual({});
  });
});
