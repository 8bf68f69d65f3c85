import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { local, remote } from "@pulumi/command";
import * as pulumi from "@pulumi/pulumi";

/** How to reach a host and who asks. */
export interface HostAccess {
  readonly host: Host;
  readonly privateKey: pulumi.Output<string>;
}

export interface RemoteScriptArgs extends HostAccess {
  /** File in `scripts/`, run by bash on the host; run again when its input changes, so it must be safe to repeat. */
  readonly script: string;
  /** Its input, as exported variables. */
  readonly input?: Readonly<Record<string, pulumi.Input<string>>>;
  /** File in `scripts/` that takes back what the script did, run when the resource is deleted. */
  readonly undo?: string;
  /** What must have happened before. */
  readonly after?: pulumi.Resource[];
  readonly parent: pulumi.Resource;
  /** Where one of these changes the script is run again, too. Not together with `undo`, which would then follow. */
  readonly triggers?: pulumi.Input<string>[];
  /** True where what it prints is a secret. */
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

/** Runs a script of ours on the host. Variables travel inside the script: sshd accepts none from outside by default. */
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

export interface SendToHostArgs extends HostAccess {
  /** Directories of this machine whose content is sent as one archive. */
  readonly trees: readonly string[];
  /** What the host does with the archive on its standard input. */
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

/** A machine that is reached by SSH and becomes a node. */
export interface Host {
  /** Of its Kubernetes node. */
  readonly name: string;
  /** What its resources are called. They stay its own whatever other machines come and go. */
  readonly id: string;
  /** Its pods get 10.244.NUMBER.0/24. */
  readonly number: number;
  readonly address: pulumi.Input<string>;
  readonly user: string;
  readonly port: number;
  readonly hostKey: pulumi.Input<string>;
}
