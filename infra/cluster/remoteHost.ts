import { local } from "@pulumi/command";
import * as pulumi from "@pulumi/pulumi";
import { readScript, renderScript } from "./hostScripts.ts";

/** An SSH server and the user that logs in. */
export interface SshEndpoint {
  readonly address: pulumi.Input<string>;
  /** Another user than root becomes root by sudo. */
  readonly user: string;
  readonly port: number;
  readonly hostKey: pulumi.Input<string>;
}

interface NodeTaint {
  readonly key: string;
  readonly value?: string;
  readonly effect: "NoSchedule" | "PreferNoSchedule" | "NoExecute";
}

/** A machine that is reached by SSH and becomes a node. */
export interface Host extends SshEndpoint {
  /** The name of its Kubernetes node. */
  readonly name: string;
  /** The part of its Pulumi resources' names that stays the same while other machines are added or removed. */
  readonly id: string;
  /** The number in its pods' addresses: 10.244.NUMBER.0/24. */
  readonly number: number;
  /** Of the machines of a cluster; if none has it, the first is the control plane. */
  readonly role?: "control-plane";
  /** Of the node; absent if the inventory has no such fields. */
  readonly labels?: Readonly<Record<string, string>>;
  readonly taints?: readonly NodeTaint[];
}

/** The way to log in to hosts. */
export interface SshLogin {
  /** Empty for the keys of the operator's SSH agent. */
  readonly privateKey: pulumi.Output<string>;
  /** The machine through which all hosts are reached; absent if they are reached directly. */
  readonly bastion?: SshEndpoint | undefined;
}

/** A host with the way to log in to it and the Pulumi state that may change it. */
export interface HostAccess extends SshLogin {
  readonly host: Host;
  /** `CLUSTER ID ORIGIN`, as in /etc/mixcpt/owner of its hosts. */
  readonly owner: pulumi.Output<string>;
}

const bash = ["/bin/bash", "-c"];

type CommandInput = Readonly<Record<string, pulumi.Input<string>>>;

/** The host in messages. */
export function formatHostLabel({ name, address }: Host): pulumi.Output<string> {
  return pulumi.interpolate`${name} (${address})`;
}

function formatPortOption(port: number): string {
  return port === 22 ? "" : `-p ${String(port)} `;
}

/** An ssh command after which a person writes a command that root runs on the host. */
function formatLoginCommand({ host, bastion }: HostAccess): pulumi.Output<string> {
  const jump = bastion ? pulumi.interpolate`-J ${bastion.user}@${bastion.address}:${String(bastion.port)} ` : "";
  const sudo = host.user === "root" ? "" : " sudo";
  return pulumi.interpolate`ssh ${jump}${formatPortOption(host.port)}${host.user}@${host.address}${sudo}`;
}

/** The variables that every script of a host gets (see `scripts/host-owner.sh`). */
function buildOwnershipInput(access: HostAccess): CommandInput {
  return { HOST: formatHostLabel(access.host), LOGIN: formatLoginCommand(access), OWNER: access.owner };
}

/** The variables of a login in the scripts of the operator's machine (see `scripts/ssh-login.sh`). */
function buildLoginEnvironment({ host, privateKey, bastion }: HostAccess): CommandInput {
  return {
    HOST: formatHostLabel(host),
    ADDRESS: host.address,
    PORT: String(host.port),
    REMOTE_USER: host.user,
    HOST_KEY: host.hostKey,
    PRIVATE_KEY: privateKey,
    ...(bastion !== undefined && {
      BASTION_ADDRESS: bastion.address,
      BASTION_PORT: String(bastion.port),
      BASTION_USER: bastion.user,
      BASTION_HOST_KEY: bastion.hostKey,
    }),
  };
}

function resolveInput(access: HostAccess, input: CommandInput): pulumi.Output<Record<string, string>> {
  return pulumi.all({ ...buildOwnershipInput(access), ...input });
}

/** The text of a script of `scripts/` with its variables, which bash runs on the host. */
export function buildHostCommand(script: string, access: HostAccess, input: CommandInput = {}): pulumi.Output<string> {
  return resolveInput(access, input).apply((values) => renderScript(script, values));
}

interface RemoteScriptArgs extends HostAccess {
  /** File in `scripts/` that bash runs on the host. It runs again when its input changes, so it must be idempotent. */
  readonly script: string;
  /** File in `scripts/` that runs it from the operator's machine; `run-on-host.sh` by default. */
  readonly operatorScript?: string;
  /** Variables that the script finds exported. */
  readonly input?: CommandInput;
  /** Resources that must exist first. */
  readonly after?: readonly pulumi.Resource[];
  readonly parent: pulumi.Resource;
  /** Values whose change runs the script again. */
  readonly triggers?: pulumi.Input<string>[];
  /** True if the output is a secret. */
  readonly secret?: boolean;
  /** The lines shown while the script runs: by default standard error, and none of a script with a secret output. */
  readonly logging?: local.Logging;
  /** The number of attempts to log in to a host that does not answer. */
  readonly attempts?: number;
}

/** Enough for a host that has just started: a minute if it refuses connections, four if it is silent. */
const patientAttempts = 40;

/** Runs a script of `scripts/` on the host. */
export function runOnHost(name: string, args: RemoteScriptArgs): local.Command {
  const {
    operatorScript = "run-on-host.sh",
    script,
    input,
    after = [],
    triggers,
    parent,
    secret = false,
    attempts = patientAttempts,
  } = args;
  const { logging = secret ? local.Logging.None : local.Logging.Stderr } = args;
  return new local.Command(
    name,
    {
      interpreter: bash,
      create: readScript(operatorScript),
      stdin: buildHostCommand(script, args, input),
      environment: { ...buildLoginEnvironment(args), ATTEMPTS: String(attempts) },
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
  /** The standard input of `create`. */
  readonly stdin?: pulumi.Input<string>;
  readonly after?: readonly pulumi.Resource[];
  readonly parent: pulumi.Resource;
  /** True if the output is a secret, of which no line is shown. */
  readonly secret?: boolean;
}

/**
 * Runs a script of `scripts/` on the operator's machine that logs in to the host. Its text is recorded, not its path,
 * so that checkouts in different folders can share a Pulumi state.
 */
export function runFromOperator(name: string, args: OperatorScriptArgs): local.Command {
  const { create, undo, input, stdin, after = [], parent, secret = false } = args;
  return new local.Command(
    name,
    {
      interpreter: bash,
      create: readScript(create),
      // Only an update is proof that this Pulumi state had the host before (see `scripts/host-owner.sh`).
      update: `export ADOPT=yes\n${readScript(create)}`,
      ...(undo === undefined ? {} : { delete: readScript(undo) }),
      ...(stdin === undefined ? {} : { stdin }),
      environment: { ...input, ...buildLoginEnvironment(args), ATTEMPTS: String(patientAttempts) },
      logging: secret ? local.Logging.None : local.Logging.Stderr,
    },
    {
      parent,
      dependsOn: [...after],
      // Earlier versions set triggers. A replacement would run `create`, although the state has the host.
      ignoreChanges: ["triggers"],
      additionalSecretOutputs: secret ? ["stdout", "stderr"] : [],
    },
  );
}

interface SendToHostArgs extends HostAccess {
  /** Directories of this machine that are sent as one archive. */
  readonly trees: readonly string[];
  /** Script on the host that reads the archive from its standard input, and its variables. */
  readonly receive: { readonly script: string; readonly input?: CommandInput };
  /** Script on the host that ends with 3 if the host lacks something; without it everything is sent again. */
  readonly check?: string;
  readonly after?: readonly pulumi.Resource[];
  readonly parent: pulumi.Resource;
}

/** Streams directories to the host over SSH; large content never passes through Pulumi's state. */
export function sendToHost(name: string, { trees, receive, check, ...args }: SendToHostArgs): local.Command {
  const input = {
    TREES: trees.join(":"),
    RECEIVE: buildHostCommand(receive.script, args, receive.input),
    ...(check !== undefined && { CHECK: buildHostCommand(check, args) }),
  };
  return runFromOperator(name, { ...args, create: "send-to-host.sh", input });
}
