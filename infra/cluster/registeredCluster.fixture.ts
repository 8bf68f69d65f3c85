/** A kubeadm cluster against a recording engine: the scripts and inputs of each host. */
import * as pulumi from "@pulumi/pulumi";
import type { NodeSoftware } from "../../workspace/toolchain.ts";
import type { HeldEndpoint } from "./controlPlane.ts";
import { KubeadmCluster } from "./kubeadmCluster.ts";
import type { PodNetworkKind } from "../network/podNetworkConfig.ts";
import type { Host, SshEndpoint } from "./remoteHost.ts";

export interface CommandInputs {
  /** The script that runs on the host, or else on the operator's machine. */
  readonly create: string;
  readonly update?: string;
  readonly delete?: string;
  readonly triggers?: string[];
  readonly environment?: { value?: Readonly<Record<string, string>> };
}

const software = {
  nodeTrees: { everyNode: ["/node"], kubectl: ["/kubectl"], controlPlane: ["/control-plane"] },
  clusterImages: "/images/cluster",
  controlPlaneImages: "/images/control-plane",
  endpointImage: "mixcpt.local/kube-vip:v1.0.0",
  workImages: "/images/work",
  kubernetesVersion: "v1.36.3",
  etcdVersion: "3.6.16",
  corednsVersion: "v1.12.4",
} as NodeSoftware;

export function buildHost(number: number, hostKey = `ssh-ed25519 KEY${String(number)}`): Host {
  return {
    name: `gpu-${String(number)}`,
    id: `gpu-${String(number)}`,
    number,
    address: `10.0.0.${String(number)}`,
    user: "root",
    port: 22,
    hostKey: pulumi.output(hostKey),
  };
}

interface RegisteredCluster {
  readonly commands: Map<string, CommandInputs>;
  /** The names of the resources on which each command depends, directly or through others. */
  readonly dependencies: Map<string, Set<string>>;
}

/** Adds to the dependencies of each command those of its dependencies; these are registered before it. */
function addIndirectDependencies(direct: ReadonlyMap<string, readonly string[]>): Map<string, Set<string>> {
  const all = new Map<string, Set<string>>();
  for (const [name, names] of direct)
    all.set(name, new Set([...names, ...names.flatMap((other) => [...(all.get(other) ?? [])])]));
  return all;
}

export interface ClusterVariant {
  readonly workImages?: string;
  readonly kind?: PodNetworkKind;
  readonly endpoint?: HeldEndpoint;
  readonly bastion?: SshEndpoint;
}

export async function registerCluster(hosts: Host[], variant: ClusterVariant = {}): Promise<RegisteredCluster> {
  const { kind = "routes", ...options } = variant;
  const commands = new Map<string, CommandInputs>();
  await pulumi.runtime.setMocks({
    call: () => ({}),
    newResource: ({ type, name, inputs }) => {
      const { stdin, ...command } = inputs as CommandInputs & { stdin?: string };
      if (type.startsWith("command:")) commands.set(name, { ...command, create: stdin ?? command.create });
      return { id: name, state: { ...(inputs as object), stdout: `printed by ${name}` } };
    },
  });
  const names = new Map<unknown, string>();
  const direct = new Map<string, string[]>();
  const recordDependencies: pulumi.ResourceTransformation = ({ resource, name, opts }) => {
    names.set(resource, name);
    direct.set(
      name,
      [opts.dependsOn ?? []].flat().map((other) => names.get(other) ?? "unknown"),
    );
    return undefined;
  };
  const { ready } = new KubeadmCluster(
    "node",
    {
      hostKind: "hosts",
      cluster: "mixcpt-infra/rack",
      hosts,
      privateKey: pulumi.secret("KEY"),
      software,
      podNetwork: { kind, pods: "10.244.0.0/16", services: "10.96.0.0/16" },
      ...(kind === "cilium" && { ciliumManifests: "/manifests/cilium/hosts" }),
      ...(variant.endpoint?.heldBy === "kube-vip" && { endpointImages: "/images/endpoint" }),
      ...options,
    },
    { transformations: [recordDependencies] },
  );
  await Promise.all(ready.map(({ urn }) => new Promise((resolve) => urn.apply(resolve))));
  await pulumi.runtime.disconnect();
  return { commands, dependencies: addIndirectDependencies(direct) };
}

export async function registerCommands(
  ...args: Parameters<typeof registerCluster>
): Promise<Map<string, CommandInputs>> {
  return (await registerCluster(...args)).commands;
}

export function readExport(text: string | undefined, name: string): string {
  // Within a command for another shell, each quote is written as '\''.
  return new RegExp(`^export ${name}=(?:'|'\\\\'')([^']*)'`, "m").exec(text ?? "")?.[1] ?? "";
}

/** The environment of a command; Pulumi wraps it, because it contains the private key. */
export function readEnvironment(inputs: CommandInputs | undefined): Readonly<Record<string, string>> {
  return inputs?.environment?.value ?? {};
}
