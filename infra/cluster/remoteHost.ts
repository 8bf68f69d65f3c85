import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { local, remote } from "@pulumi/command";
import * as pulumi from "@pulumi/pulumi";

/** A machine that is reached by SSH and becomes a node. */
export interface Host {
  /** The name of its Kubernetes node. */
  readonly name: string;
  /** The part of its Pulumi resources' names that stays the same while other machines are added or removed. */
  readonly id: string;
  /** The number in its pods' addresses: 10.244.NUMBER.0/24. */
  readonly number: number;
  readonly address: pulumi.Input<string>;
  readonly user: string;
  readonly port: number;
  readonly hostKey: pulumi.Input<string>;
}

/** A host with the key that may log in to it. */
export interface HostAccess {
  readonly host: Host;
  readonly privateKey: pulumi.Output<string>;
}

interface RemoteScriptArgs extends HostAccess {
  /** File in `scripts/` that bash runs on the host. It runs again when its input changes, so it must be idempotent. */
  readonly script: string;
  /** Variables that the script finds exported. */
  readonly input?: Readonly<Record<string, pulumi.Input<string>>>;
  /** File in `scripts/` that reverts the script; run when the resource is deleted. */
  readonly undo?: string;
  /** Resources that must exist first. */
  readonly after?: pulumi.Resource[];
  readonly parent: pulumi.Resource;
  /** Values whose change runs the script again. Not together with `undo`, which would run as well. */
  readonly triggers?: pulumi.Input<string>[];
  /** True if the output is a secret. */
  readonly secret?: boolean;
}

function locateRemoteScript(name: string): string {
  return resolve(import.meta.dirname, "scripts", name);
}

function readRemoteScript(name: string): string {
  return readFileSync(locateRemoteScript(name), "utf8");
}

function quoteForShell(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}

function renderExports(input: Readonly<Record<string, string>>): string {
  return Object.entries(input)
    .map(([name, value]) => `export ${name}=${quoteForShell(value)}\n`)
    .join("");
}

/** Runs a script of `scripts/` on the host. It contains its variables, because by default sshd accepts none. */
export function runOnHost(name: string, args: RemoteScriptArgs): remote.Command {
  const { host, privateKey, script, undo, input = {}, after = [], triggers, parent, secret = false } = args;
  const { address, port, user, hostKey } = host;
  return new remote.Command(
    name,
    {
      connection: { host: address, port, user, hostKey, privateKey, dialErrorLimit: 60, perDialTimeout: 5 },
      create: pulumi.all(input).apply((values) => renderExports(values) + readRemoteScript(script)),
      ...(undo === undefined ? {} : { delete: readRemoteScript(undo) }),
      ...(triggers === undefined ? {} : { triggers }),
      logging: secret ? remote.Logging.None : remote.Logging.Stderr,
    },
    { parent, dependsOn: after, additionalSecretOutputs: secret ? ["stdout", "stderr"] : [] },
  );
}

interface SendToHostArgs extends HostAccess {
  /** Directories of this machine that are sent as one archive. */
  readonly trees: readonly string[];
  /** Command on the host that reads the archive from its standard input. */
  readonly receive: string;
  readonly after?: pulumi.Resource[];
  readonly parent: pulumi.Resource;
}

/** Streams directories to the host over SSH; large content never passes through Pulumi's state. */
export function sendToHost(
  name: string,
  { host, privateKey, trees, receive, after = [], parent }: SendToHostArgs,
): local.Command {
  const environment = {
    TREES: trees.join(":"),
    RECEIVE: receive,
    ADDRESS: host.address,
    PORT: String(host.port),
    REMOTE_USER: host.user,
    HOST_KEY: host.hostKey,
    PRIVATE_KEY: privateKey,
  };
  return new local.Command(
    name,
    {
      create: locateRemoteScript("send-to-host.sh"),
      environment,
      logging: local.Logging.Stderr,
      triggers: [host.hostKey, ...trees],
    },
    { parent, dependsOn: after },
  );
}
