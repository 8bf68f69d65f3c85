import { createInterface } from "node:readline";
import { execa } from "execa";
import { z } from "zod";
import { readScript, renderScript } from "../../../infra/cluster/hostScripts.ts";
import { buildChildEnvironment } from "../../../workspace/environment.ts";
import type { RecordedResource } from "../../engine/recordedRuns.ts";
import { readSecretText } from "../../engine/recordedRuns.ts";
import type { LinePrinter } from "../../terminal/printLine.ts";
import type { ClaimedNode } from "../clusterNodes.ts";
import { listClaims } from "../clusterNodes.ts";

type ScriptVariables = Readonly<Record<string, string>>;

/** A machine that this stack made a node, with what the scripts of the operator's machine need to log in to it. */
export interface UpgradeHost extends ClaimedNode {
  /** The variables of its claim. */
  readonly login: ScriptVariables;
}

const claimSchema = z.object({ environment: z.record(z.string(), z.unknown()) });

function selectTexts(environment: Readonly<Record<string, unknown>>): ScriptVariables {
  return Object.fromEntries(
    Object.entries(environment).flatMap(([key, value]) => {
      const text = readSecretText(value);
      return text === undefined ? [] : [[key, text]];
    }),
  );
}

/** Reads a variable of the script by which a claim ends Kubernetes on its host. */
function readClaimVariable({ RESET = "" }: ScriptVariables, name: string): string {
  return new RegExp(`export ${name}='(?:\\\\'')?([^'\\\\]*)'`).exec(RESET)?.[1] ?? "";
}

/** Lists the machines that a stack has claimed, as its Pulumi state records them. */
export function listUpgradeHosts(resources: readonly RecordedResource[]): UpgradeHost[] {
  return resources.flatMap((resource) =>
    listClaims([resource]).map((claim) => ({
      ...claim,
      login: selectTexts(claimSchema.parse(resource.inputs).environment),
    })),
  );
}

/** The ssh command that a command for root on the host follows, for messages. */
export function formatLogin({ login }: UpgradeHost): string {
  return readClaimVariable(login, "LOGIN");
}

/** The variables by which a script on the host finds its owner and names the host. */
function describeOwner({ login }: UpgradeHost): ScriptVariables {
  const names = ["HOST", "LOGIN", "OWNER"];
  return Object.fromEntries(names.map((name) => [name, readClaimVariable(login, name)]));
}

/** A script of infra/cluster/scripts with its variables, for a host. */
export function renderHostScript(host: UpgradeHost, script: string, input: ScriptVariables = {}): string {
  return renderScript(script, { ...describeOwner(host), ...input });
}

interface OperatorScript {
  readonly script: string;
  readonly input: ScriptVariables;
  /** Its standard input. */
  readonly stdin?: string;
  readonly print: LinePrinter;
  /** The number of attempts to log in, of five seconds for a host that is silent. */
  readonly attempts?: number | undefined;
}

/** A minute for a host that refuses connections, and four for one that is silent. */
const defaultAttempts = 40;

/**
 * Runs a script of infra/cluster/scripts on this machine, which logs in to a host. Prints its messages as they come.
 * @returns its output
 * @throws Error with its last message
 */
export async function runFromHere(
  host: UpgradeHost,
  { script, input, stdin = "", print, attempts = defaultAttempts }: OperatorScript,
): Promise<string> {
  const env = buildChildEnvironment({ ...host.login, ...input, ATTEMPTS: String(attempts) });
  const child = execa("bash", ["-c", readScript(script)], { env, extendEnv: false, reject: false, input: stdin });
  let last = "";
  createInterface({ input: child.stderr }).on("line", (line) => {
    last = line;
    print(`    ${line}`);
  });
  const { exitCode, stdout } = await child;
  if (exitCode === 0) return stdout.trim();
  throw new Error(`${host.login["HOST"] ?? host.name}: ${last || `${script} exited with code ${String(exitCode)}`}`);
}

interface HostScript {
  readonly script: string;
  readonly input?: ScriptVariables;
  readonly print: LinePrinter;
  readonly attempts?: number;
}

/** Runs a script of infra/cluster/scripts on a host. */
export function runOnUpgradeHost(host: UpgradeHost, { script, input, ...options }: HostScript): Promise<string> {
  const stdin = renderHostScript(host, script, input);
  return runFromHere(host, { script: "run-on-host.sh", input: {}, stdin, ...options });
}

/** Streams folders of this machine to a script on a host. */
export async function sendToUpgradeHost(
  host: UpgradeHost,
  { trees, ...receive }: HostScript & { readonly trees: readonly string[] },
): Promise<void> {
  const RECEIVE = renderHostScript(host, receive.script, receive.input);
  const input = { TREES: trees.join(":"), RECEIVE };
  await runFromHere(host, { script: "send-to-host.sh", input, print: receive.print });
}
