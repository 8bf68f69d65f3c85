import { resolve } from "node:path";
import { local } from "@pulumi/command";
import * as pulumi from "@pulumi/pulumi";
import { checkoutDirectory, resolveInstanceDirectory } from "../workspace/environment.ts";
import type { NodeSoftware } from "../workspace/toolchain.ts";
import type { Host } from "./cluster/remoteHost.ts";
import { defaultLocalNetwork } from "./clusterConfig.ts";
import { computeInstanceId, formatHostName, resolveHostDirectory } from "./resourceNames.ts";

function locateLocalHostScript(name: string): string {
  return resolve(import.meta.dirname, "local-hosts", name);
}

/** The store outlives the hosts, so that the stack's next cluster finds the results of the previous one. */
function resolveStoreDirectory(stack: string): string {
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
  /** `a.b.0.0/16`, of which the hosts use a /24. */
  readonly network: string;
  readonly software: NodeSoftware;
}

/** Hosts of this machine, each with a separate systemd, sshd and network, reached by SSH like machines of a rack. */
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

function resolveSshKeyFile(stack: string): string {
  return resolve(resolveInstanceDirectory(stack), "ssh", "id_ed25519");
}

function createSshKey(name: string, { stack }: LocalHostsArgs, parent: pulumi.Resource): local.Command {
  const environment = { KEY: resolveSshKeyFile(stack) };
  return new local.Command(
    `${name}-key`,
    { create: locateLocalHostScript("key.sh"), environment, logging: local.Logging.None },
    { parent, additionalSecretOutputs: ["stdout"] },
  );
}

function createHostNetwork(
  name: string,
  { stack, network }: LocalHostsArgs,
  parent: pulumi.Resource,
): pulumi.Output<HostNetwork> {
  const environment = {
    INSTANCE: computeInstanceId(stack),
    OWNER: `${checkoutDirectory} ${stack}`,
    // Absent by default, as in states that were made before the setting existed.
    ...(network !== defaultLocalNetwork && { NETWORK: network }),
  };
  const bridge = new local.Command(
    `${name}-network`,
    { create: locateLocalHostScript("network-up.sh"), delete: locateLocalHostScript("network-down.sh"), environment },
    { parent, deleteBeforeReplace: true },
  );
  return bridge.stdout.apply((text) => JSON.parse(text) as HostNetwork);
}

interface LocalHostArgs extends Omit<LocalHostsArgs, "network"> {
  readonly index: number;
  readonly network: pulumi.Output<HostNetwork>;
  readonly privateKey: pulumi.Output<string>;
}

function createLocalHost(name: string, args: LocalHostArgs, parent: pulumi.Resource): Host {
  const { stack, index, network, privateKey } = args;
  const id = String(index + 1);
  const address = pulumi.interpolate`${network.prefix}.${String(index + 11)}`;
  const machine = new local.Command(
    `${name}-${id}`,
    {
      create: locateLocalHostScript("host-up.sh"),
      delete: locateLocalHostScript("host-down.sh"),
      environment: buildHostEnvironment(args, address),
      triggers: [privateKey],
    },
    { parent, deleteBeforeReplace: true },
  );
  const hostKey = machine.stdout.apply((text) => (JSON.parse(text) as { hostKey: string }).hostKey);
  return { name: formatHostName(stack, index), id, number: index + 1, address, user: "root", port: 22, hostKey };
}

function buildHostEnvironment({ stack, software, index, network }: LocalHostArgs, address: pulumi.Output<string>) {
  return {
    HOST: formatHostName(stack, index),
    DIRECTORY: resolveHostDirectory(stack, index),
    ROOTFS: software.hostRoot,
    STORE: resolveStoreDirectory(stack),
    BRIDGE: network.bridge,
    ADDRESS: address,
    GATEWAY: network.gateway,
    KEY: resolveSshKeyFile(stack),
  };
}
