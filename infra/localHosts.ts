import { createHash } from "node:crypto";
import { resolve } from "node:path";
import { local } from "@pulumi/command";
import * as pulumi from "@pulumi/pulumi";
import { checkoutDirectory, resolveInstanceDirectory } from "../workspace/environment.ts";
import type { Host } from "./cluster/remoteHost.ts";
import type { NodeSoftware } from "../workspace/toolchain.ts";

function locateLocalHostScript(name: string): string {
  return resolve(import.meta.dirname, "local-hosts", name);
}

/** Six characters that tell this checkout's stack from any other on the machine: names of devices are short. */
export function computeInstanceId(stack: string): string {
  return createHash("sha256").update(`${checkoutDirectory}\0${stack}`).digest("hex").slice(0, 6);
}

/** Names of the network namespace, the cgroups and the Kubernetes node. */
export function formatHostName(stack: string, index: number): string {
  return `mx${computeInstanceId(stack)}-${String(index + 1)}`;
}

export function formatBridgeName(stack: string): string {
  return `mx${computeInstanceId(stack)}`;
}

export function resolveHostDirectory(stack: string, index: number): string {
  return resolve(resolveInstanceDirectory(stack), "hosts", String(index + 1));
}

/** The store outlives the hosts: what was computed is found again by the next cluster of this stack. */
export function resolveStoreDirectory(stack: string): string {
  return resolve(resolveInstanceDirectory(stack), "store");
}

interface HostNetwork {
  readonly bridge: string;
  readonly gateway: string;
  readonly prefix: string;
}

interface LocalHostsArgs {
  readonly stack: string;
  readonly count: number;
  readonly software: NodeSoftware;
}

/** Hosts of this machine, each with a systemd, an sshd and a network of its own; reached like any machine of a rack. */
export class LocalHosts extends pulumi.ComponentResource {
  readonly hosts: Host[];
  readonly privateKey: pulumi.Output<string>;

  constructor(name: string, args: LocalHostsArgs, options?: pulumi.ComponentResourceOptions) {
    super("mixcpt:infra:LocalHosts", name, {}, options);
    const key = createSshKey(name, args, this);
    const network = createHostNetwork(name, args, this);
    this.privateKey = pulumi.secret(key.stdout);
    this.hosts = Array.from({ length: args.count }, (_, index) =>
      createLocalHost(name, { ...args, index, network, privateKey: this.privateKey }, this),
    );
    this.registerOutputs({});
  }
}

function createSshKey(name: string, { stack }: LocalHostsArgs, parent: pulumi.Resource): local.Command {
  const environment = { KEY: resolve(resolveInstanceDirectory(stack), "ssh", "id_ed25519") };
  return new local.Command(
    `${name}-key`,
    { create: locateLocalHostScript("key.sh"), environment, logging: local.Logging.None },
    { parent, additionalSecretOutputs: ["stdout"] },
  );
}

function createHostNetwork(
  name: string,
  { stack }: LocalHostsArgs,
  parent: pulumi.Resource,
): pulumi.Output<HostNetwork> {
  const environment = { INSTANCE: computeInstanceId(stack), OWNER: `${checkoutDirectory} ${stack}` };
  const bridge = new local.Command(
    `${name}-network`,
    { create: locateLocalHostScript("network-up.sh"), delete: locateLocalHostScript("network-down.sh"), environment },
    { parent, deleteBeforeReplace: true },
  );
  return bridge.stdout.apply((text) => JSON.parse(text) as HostNetwork);
}

interface LocalHostArgs extends LocalHostsArgs {
  readonly index: number;
  readonly network: pulumi.Output<HostNetwork>;
  readonly privateKey: pulumi.Output<string>;
}

function createLocalHost(
  name: string,
  { stack, software, index, network, privateKey }: LocalHostArgs,
  parent: pulumi.Resource,
): Host {
  const host = formatHostName(stack, index);
  const id = String(index + 1);
  const address = pulumi.interpolate`${network.prefix}.${String(index + 11)}`;
  const environment = {
    HOST: host,
    DIRECTORY: resolveHostDirectory(stack, index),
    ROOTFS: software.hostRoot,
    STORE: resolveStoreDirectory(stack),
    BRIDGE: network.bridge,
    ADDRESS: address,
    GATEWAY: network.gateway,
    KEY: resolve(resolveInstanceDirectory(stack), "ssh", "id_ed25519"),
  };
  const machine = new local.Command(
    `${name}-${id}`,
    {
      create: locateLocalHostScript("host-up.sh"),
      delete: locateLocalHostScript("host-down.sh"),
      environment,
      triggers: [privateKey],
    },
    { parent, deleteBeforeReplace: true },
  );
  const hostKey = machine.stdout.apply((text) => (JSON.parse(text) as { hostKey: string }).hostKey);
  return { name: host, id, number: index + 1, address, user: "root", port: 22, hostKey };
}
