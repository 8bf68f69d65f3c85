/** The Pulumi program of a cluster stack of the kind `hosts` against a recording engine. */
import { generateKeyPairSync } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as pulumi from "@pulumi/pulumi";
import type { NodeSoftware, Toolchain } from "../workspace/toolchain.ts";
import { buildMachine } from "./machines.fixture.ts";

const home = mkdtempSync(join(tmpdir(), "mixcpt-hosts-"));
const [key, manifests] = [join(home, "key"), join(home, "manifests.json")];

function buildImageReference(name: string) {
  return `${name}@sha256:${"a".repeat(64)}`;
}

const cluster = {
  kind: "hosts",
  machines: [buildMachine(1), buildMachine(2, "gpu-9")],
  privateKeyFile: key,
  devices: { gpu: "MI250X", devicesPerNode: 8 },
  store: { kind: "path", path: "/lustre" },
  images: {
    data: buildImageReference("data"),
    llamaFactory: buildImageReference("train"),
    evaluate: buildImageReference("evaluate"),
  },
  rocm: { devicePlugin: buildImageReference("plugin"), nodeLabeller: buildImageReference("labeller") },
};

const toolchain = {
  programs: [],
  manifests: { kueue: manifests, jobset: manifests, trainer: manifests },
  nodes: {
    nodeTrees: { everyNode: ["/node"], kubectl: ["/kubectl"], controlPlane: ["/control-plane"] },
    clusterImages: "/images/cluster",
    controlPlaneImages: "/images/control-plane",
    workImages: "/images/work",
    ciliumManifests: { hosts: "/manifests/cilium/hosts", local: "/manifests/cilium/local" },
  } as NodeSoftware,
} satisfies Toolchain;

interface RegisteredResource {
  readonly type: string;
  readonly name: string;
  readonly inputs: {
    kubeconfig?: { value?: string };
    environment?: { value?: { TREES?: string } };
    spec?: { template: { spec: { nodeSelector: object; tolerations: object[]; containers: { args?: string[] }[] } } };
  };
}

/** Stands for the output of every script, that of the one which reads the kubeconfig among them. */
const printed = "clusters: [{ name: k, cluster: { server: https://10.0.0.1:6443 } }]";

async function registerResources(devices: object, further: object = {}): Promise<RegisteredResource[]> {
  const resources: RegisteredResource[] = [];
  await pulumi.runtime.setMocks(
    {
      call: () => ({}),
      newResource: ({ type, name, inputs }) => {
        resources.push({ type, name, inputs: inputs as RegisteredResource["inputs"] });
        return { id: name, state: { ...(inputs as object), stdout: printed } };
      },
    },
    "mixcpt-infra",
    "rack",
  );
  const config = { ...cluster, devices: { ...cluster.devices, ...devices }, ...further };
  pulumi.runtime.setAllConfig({ "mixcpt-infra:cluster": JSON.stringify(config) });
  jest.doMock("../workspace/toolchain.ts", () => ({
    ...jest.requireActual<object>("../workspace/toolchain.ts"),
    readToolchain: () => toolchain,
  }));
  const { runClusterProgram } = await import("./clusterProgram.ts");
  runClusterProgram();
  await pulumi.runtime.disconnect();
  return resources;
}

describe("a cluster of the kind hosts", () => {
  let resources: RegisteredResource[];

  beforeAll(async () => {
    writeFileSync(
      key,
      generateKeyPairSync("rsa", { modulusLength: 2048 }).privateKey.export({ type: "pkcs1", format: "pem" }),
    );
    writeFileSync(manifests, "[]");
    resources = await registerResources({});
  });

  afterAll(() => rmSync(home, { recursive: true }));

  it("names the resources of a machine after it, so that other machines do not affect them", () => {
    const nodes = resources
      .filter(
        ({ type, name }) =>
          type.startsWith("command:") && !/^node-(owner|identities|route-table|pod-network)$/.test(name),
      )
      .map(({ name }) => /^node-(gpu-\d)-/.exec(name)?.[1]);
    expect(new Set(nodes)).toEqual(new Set(["gpu-1", "gpu-9"]));
  });

  it("gets the cluster's images from setup and the images of the work from a registry", () => {
    const sent = resources.flatMap(({ inputs }) => inputs.environment?.value?.TREES ?? []);
    expect(sent).toContain("/images/cluster");
    expect(sent).not.toContain("/images/work");
  });

  it("is refused before it changes anything if kube-vip, which its file names, is not built", async () => {
    const machines = [1, 2, 3].map((number) => ({ ...buildMachine(number), role: "control-plane" }));
    const endpoint = { heldBy: "kube-vip", address: "10.0.0.100" };
    await expect(registerResources({}, { machines, endpoint })).rejects.toThrow(
      /has no image of kube-vip, which endpoint: { heldBy: kube-vip } needs; run \.\/mixcpt setup$/,
    );
  });

  it("lends devices of its queue if the file names a cohort", async () => {
    const queue = { quota: 8, cohort: "gpus", borrowingLimit: 4, weight: 2 };
    const queues = (await registerResources({}, { queue })).filter(({ type }) => type.endsWith(":ClusterQueue"));
    expect(queues.map(({ inputs }) => inputs.spec)).toContainEqual(
      expect.objectContaining({ cohortName: "gpus", fairSharing: { weight: "2" } }),
    );
  });

  it("closes the namespaces of controllers and AMD's agents, whose webhooks only nodes reach by Cilium", () => {
    const named = (kind: string) =>
      resources
        .filter(({ type, name }) => type.endsWith(`:${kind}`) && /-mixcpt-/.test(name))
        .map(({ name }) => name.split("-mixcpt-")[0]);
    const controllers = ["kueue-system", "jobset-system", "kubeflow-system"];
    expect(named("CiliumNetworkPolicy")).toEqual(controllers);
    expect(named("NetworkPolicy")).toEqual([...controllers, "amd-gpu"]);
  });

  it("runs AMD's device plugin and node labeller on every machine without GPU labels", () => {
    const selectors = resources
      .filter(({ type }) => type === "kubernetes:apps/v1:DaemonSet")
      .map(({ inputs }) => inputs.spec?.template.spec.nodeSelector);
    expect(selectors).toEqual([{ "kubernetes.io/os": "linux" }, { "kubernetes.io/os": "linux" }]);
  });

  it("runs both on nodes with any taint", () => {
    const tolerations = resources
      .filter(({ type }) => type === "kubernetes:apps/v1:DaemonSet")
      .map(({ inputs }) => inputs.spec?.template.spec.tolerations);
    expect(tolerations).toEqual([[{ operator: "Exists" }], [{ operator: "Exists" }]]);
  });

  it("lets the node labeller tell the modes of cards if the file has one, which older labellers cannot", async () => {
    const listFlags = (registered: readonly RegisteredResource[]) =>
      registered
        .filter(({ type }) => type === "kubernetes:apps/v1:DaemonSet")
        .flatMap(({ inputs }) => inputs.spec?.template.spec.containers.flatMap(({ args = [] }) => args) ?? []);
    const flag = "-compute-memory-partition";
    const flags = listFlags(await registerResources({ gpu: "MI300X" }));
    expect(flags).toContain("-device-id");
    expect(flags).not.toContain(flag);
    expect(listFlags(await registerResources({ gpu: "MI300X", partition: "SPX" }))).toContain(flag);
  });

  it("reaches the API server through the bastion if the file names a port for that, else directly", async () => {
    const readServers = (registered: readonly RegisteredResource[]) =>
      registered
        .filter(({ type }) => type === "pulumi:providers:kubernetes")
        .map(({ inputs }) => /https:[^\s",]+/.exec(inputs.kubeconfig?.value ?? "")?.[0]);
    const bastion = { address: "10.0.0.9", hostKey: "ssh-ed25519 AAAA" };
    expect(readServers(await registerResources({}, { bastion }))).toEqual(["https://10.0.0.1:6443"]);
    const tunneled = await registerResources({}, { bastion: { ...bastion, localPort: 16443 } });
    expect(readServers(tunneled)).toEqual(["https://127.0.0.1:16443"]);
  });
});
