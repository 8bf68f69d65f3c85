import { local, remote } from "@pulumi/command";
import * as pulumi from "@pulumi/pulumi";
import { readScript, renderScript, renderScriptCommand } from "./hostScripts.ts";

/** A machine that is reached by SSH and becomes a node. */
export interface Host {
  /** The name of its Kubernetes node. */
  readonly name: string;
  /** The part of its Pulumi resources' names that stays the same while other machines are added or removed. */
  readonly id: string;
  /** The number in its pods' addresses: 10.244.NUMBER.0/24. */
  readonly number: number;
  readonly address: pulumi.Input<string>;
  /** Of the machines of a cluster; if none has it, the first is the control plane. */
  readonly role?: "control-plane";
  readonly user: string;
  readonly port: number;
  readonly hostKey: pulumi.Input<string>;
}

/** A host with the key that may log in to it and the Pulumi state that may change it. */
export interface HostAccess {
  readonly host: Host;
  readonly privateKey: pulumi.Output<string>;
  /** `CLUSTER ID ORIGIN`, as in /etc/mixcpt/owner of its hosts. */
  readonly owner: pulumi.Output<string>;
}

type CommandInput = Readonly<Record<string, pulumi.Input<string>>>;

/** The host in messages. */
export function formatHostLabel({ name, address }: Host): pulumi.Output<string> {
  return pulumi.interpolate`${name} (${address})`;
}

/** The variables that every script of a host gets (see `scripts/host-owner.sh`). */
function buildOwnershipInput({ host, owner }: HostAccess): CommandInput {
  const port = host.port === 22 ? "" : `-p ${String(host.port)} `;
  return {
    HOST: formatHostLabel(host),
    LOGIN: pulumi.interpolate`ssh ${port}${host.user}@${host.address}`,
    OWNER: owner,
  };
}

function resolveInput(access: HostAccess, input: CommandInput): pulumi.Output<Record<string, string>> {
  return pulumi.all({ ...buildOwnershipInput(access), ...input });
}

/** A command that runs a script of `scripts/` on the host, for use in a script of the operator's machine. */
export function buildHostCommand(script: string, access: HostAccess, input: CommandInput = {}): pulumi.Output<string> {
  return resolveInput(access, input).apply((values) => renderScriptCommand(script, values));
}

interface RemoteScriptArgs extends HostAccess {
  /** File in `scripts/` that bash runs on the host. It runs again when its input changes, so it must be idempotent. */
  readonly script: string;
  /** Variables that the script finds exported. */
  readonly input?: CommandInput;
  /** Resources that must exist first. */
  readonly after?: readonly pulumi.Resource[];
  readonly parent: pulumi.Resource;
  /** Values whose change runs the script again. */
  readonly triggers?: pulumi.Input<string>[];
  /** True if the output is a secret. */
  readonly secret?: boolean;
  /** What is shown while the script runs: by default standard error, and nothing of a script with a secret output. */
  readonly logging?: remote.Logging;
  /** The number of failed connections before giving up; pauses between them grow to five seconds. */
  readonly dialErrorLimit?: number;
}

/** Runs a script of `scripts/` on the host. */
export function runOnHost(name: string, args: RemoteScriptArgs): remote.Command {
  const { host, privateKey, script, input = {}, after = [], triggers, parent, secret = false } = args;
  const { address, port, user, hostKey } = host;
  const { dialErrorLimit = 60, logging = secret ? remote.Logging.None : remote.Logging.Stderr } = args;
  return new remote.Command(
    name,
    {
      connection: { host: address, port, user, hostKey, privateKey, dialErrorLimit, perDialTimeout: 5 },
      create: resolveInput(args, input).apply((values) => renderScript(script, values)),
      ...(triggers === undefined ? {} : { triggers }),
      logging,
    },
    { parent, dependsOn: [...after], additionalSecretOutputs: secret ? ["stdout", "stderr"] : [] },
  );
}

interface OperatorScriptArgs extends HostAccess {
  /** Files in `scripts/` that run on the operator's machine when the resource is created, updated and deleted. */
  readonly create: string;
  readonly undo?: string;
  readonly input: CommandInput;
  readonly after?: readonly pulumi.Resource[];
  readonly parent: pulumi.Resource;
}

/**
 * Runs a script of `scripts/` on the operator's machine that logs in to the host. Its text is recorded, not its path,
 * so that checkouts in different folders can share a Pulumi state.
 */
export function runFromOperator(name: string, args: OperatorScriptArgs): local.Command {
  const { host, privateKey, create, undo, input, after = [], parent } = args;
  const environment = {
    ...input,
    HOST: formatHostLabel(host),
    ADDRESS: host.address,
    PORT: String(host.port),
    REMOTE_USER: host.user,
    HOST_KEY: host.hostKey,
    PRIVATE_KEY: privateKey,
  };
  return new local.Command(
    name,
    {
      interpreter: ["/bin/bash", "-c"],
      create: readScript(create),
      // Only an update is proof that this Pulumi state had the host before (see `scripts/host-owner.sh`).
      update: `export ADOPT=yes\n${readScript(create)}`,
      ...(undo === undefined ? {} : { delete: readScript(undo) }),
      environment,
      logging: local.Logging.Stderr,
    },
    // Earlier versions set triggers. A replacement would run `create`, although the state has the host.
    { parent, dependsOn: [...after], ignoreChanges: ["triggers"] },
  );
}

interface SendToHostArgs extends HostAccess {
  /** Directories of this machine that are sent as one archive. */
  readonly trees: readonly string[];
  /** Script on the host that reads the archive from its standard input, and its variables. */
  readonly receive: { readonly script: string; readonly input?: CommandInput };
  readonly after?: readonly pulumi.Resource[];
  readonly parent: pulumi.Resource;
}

/** Streams directories to the host over SSH; large content never passes through Pulumi's state. */
export function sendToHost(name: string, { trees, receive, ...args }: SendToHostArgs): local.Command {
  const input = { TREES: trees.join(":"), RECEIVE: buildHostCommand(receive.script, args, receive.input) };
  return runFromOperator(name, { ...args, create: "send-to-host.sh", input });
}
