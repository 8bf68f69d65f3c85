import { createHash } from "node:crypto";
import { resolve } from "node:path";
import { local } from "@pulumi/command";
import * as pulumi from "@pulumi/pulumi";
import { checkout, instanceDirectory } from "./environment.ts";
import type { Host } from "./host.ts";
import type { NodeSoftware } from "./software.ts";

const script = (name: string): string => resolve(import.meta.dirname, "local-hosts", name);

/** Six characters that tell this checkout's stack from any other on the machine: names of devices are short. */
export function instanceOf(stack: string): string {
  return createHash("sha256").update(`${checkout}\0${stack}`).digest("hex").slice(0, 6);
}

/** Names of the network namespace, the cgroups and the Kubernetes node. */
export const hostName = (stack: string, index: number): string => `mx${instanceOf(stack)}-${String(index + 1)}`;
export const bridgeName = (stack: string): string => `mx${instanceOf(stack)}`;
export const hostDirectory = (stack: string, index: number): string => resolve(instanceDirectory(stack), "hosts", String(index + 1));
/** The store outlives the hosts: what was computed is found again by the next cluster of this stack. */
export const storeDirectory = (stack: string): string => resolve(instanceDirectory(stack), "store");

interface Network {
  bridge: string;
  gateway: string;
  prefix: string;
}

interface LocalHostsArgs {
  stack: string;
  count: number;
  software: NodeSoftware;
}

/** Hosts of this machine, each with a systemd, an sshd and a network of its own; reached like any machine of a rack. */
export class LocalHosts extends pulumi.ComponentResource {
  readonly hosts: Host[];
  readonly privateKey: pulumi.Output<string>;

  constructor(name: string, args: LocalHostsArgs, options?: pulumi.ComponentResourceOptions) {
    super("mixcpt:infra:LocalHosts", name, {}, options);
    const key = makeKey(name, args, this);
    const network = makeNetwork(name, args, this);
    this.privateKey = pulumi.secret(key.stdout);
    this.hosts = Array.from({ length: args.count }, (_, index) => makeHost(name, { ...args, index, network, privateKey: this.privateKey }, this));
    this.registerOutputs({});
  }
}

function makeKey(name: string, { stack }: LocalHostsArgs, parent: pulumi.Resource): local.Command {
  const environment = { KEY: resolve(instanceDirectory(stack), "ssh", "id_ed25519") };
  return new local.Command(`${name}-key`, { create: script("key.sh"), environment, logging: local.Logging.None }, { parent, additionalSecretOutputs: ["stdout"] });
}

function makeNetwork(name: string, { stack }: LocalHostsArgs, parent: pulumi.Resource): pulumi.Output<Network> {
  const environment = { INSTANCE: instanceOf(stack), OWNER: `${checkout} ${stack}` };
  const bridge = new local.Command(
    `${name}-network`,
    { create: script("network-up.sh"), delete: script("network-down.sh"), environment },
    { parent, deleteBeforeReplace: true },
  );
  return bridge.stdout.apply((text) => JSON.parse(text) as Network);
}

interface LocalHostArgs extends LocalHostsArgs {
  index: number;
  network: pulumi.Output<Network>;
  privateKey: pulumi.Output<string>;
}

function makeHost(name: string, { stack, software, index, network, privateKey }: LocalHostArgs, parent: pulumi.Resource): Host {
  const host = hostName(stack, index);
  const id = String(index + 1);
  const address = pulumi.interpolate`${network.prefix}.${String(index + 11)}`;
  const environment = {
    HOST: host,
    DIRECTORY: hostDirectory(stack, index),
    ROOTFS: software.hostRoot,
    STORE: storeDirectory(stack),
    BRIDGE: network.bridge,
    ADDRESS: address,
    GATEWAY: network.gateway,
    KEY: resolve(instanceDirectory(stack), "ssh", "id_ed25519"),
  };
  const machine = new local.Command(
    `${name}-${id}`,
    { create: script("host-up.sh"), delete: script("host-down.sh"), environment, triggers: [privateKey] },
    { parent, deleteBeforeReplace: true },
  );
  const hostKey = machine.stdout.apply((text) => (JSON.parse(text) as { hostKey: string }).hostKey);
  return { name: host, id, number: index + 1, address, user: "root", port: 22, hostKey };
}
