import type { Client, ClientChannel } from "ssh2";
import type { Properties } from "../protocol/values.ts";
import type { Output, Step } from "./inputs.ts";
import { Collected, ended } from "./output.ts";
import { connectTo, destination } from "./ssh.ts";
import type { Surroundings } from "./ssh.ts";

/** SSH servers drop variables that they do not accept without a word; a shell that misses one says so and stops. */
export function withEnvironmentChecked(command: string, names: string[]): string {
  const check = (name: string) =>
    `[ "\${${name}+set}" = set ] || { echo 'The SSH server did not accept ${name}: name it in AcceptEnv of its sshd_config, or write ${name}=value into the command.' >&2; exit 78; }`;
  return [...names.map(check), command].join("\n");
}

/** Runs a command on another machine. Errors: no connection; a lost one; exit code and last lines. */
export async function runRemotely(step: Step, connection: Properties, { onLine, ...surroundings }: Surroundings & { onLine(line: string): void }): Promise<Output> {
  const client = await connectTo(connection, surroundings);
  const end = () => client.destroy();
  surroundings.cancel.addEventListener("abort", end);
  try {
    return await execute(client, { step, where: `on ${destination(connection)}`, onLine });
  } finally {
    surroundings.cancel.removeEventListener("abort", end);
    client.end();
  }
}

interface Execution {
  step: Step;
  where: string;
  onLine(line: string): void;
}

function execute(client: Client, execution: Execution): Promise<Output> {
  const { command, environment, previous } = execution.step;
  const text = withEnvironmentChecked(command, Object.keys(environment));
  return new Promise((resolve, reject) => {
    client.exec(text, { env: { ...previous, ...environment } }, (error, channel) => {
      if (error) reject(error);
      // Heard at once: the end of a short command lies in the same packet as its start.
      else listen(channel, execution, (end) => Promise.resolve().then(end).then(resolve, reject));
    });
  });
}

/** Calls `settle` once, with a function that gives the output or throws why there is none. */
function listen(channel: ClientChannel, { step, where, onLine }: Execution, settle: (end: () => Output) => void): void {
  const collected = new Collected(step.logged, onLine);
  let end: { code: number | null; signal: string | null } | undefined;
  channel.on("data", (chunk: Buffer) => collected.add("stdout", chunk));
  channel.stderr.on("data", (chunk: Buffer) => collected.add("stderr", chunk));
  channel.on("exit", (code: number | null, signal?: string) => (end = { code, signal: signal ?? null }));
  channel.on("close", () => settle(() => {
    if (end !== undefined) return ended(where, { ...end, collected });
    throw new Error(`the connection was lost while the command ${where} ran; its last lines:\n${collected.tail()}`);
  }));
  channel.end(step.stdin);
}
