import type { Client, ClientChannel } from "ssh2";
import type { Properties } from "../protocol/propertyValues.ts";
import type { CommandOutput, ShellCommand } from "./commandInputs.ts";
import { OutputCollector, requireExitSuccess } from "./commandOutput.ts";
import { connectOverSsh, formatDestination } from "./sshClient.ts";
import type { SshOptions } from "./sshClient.ts";

/** SSH servers drop variables that they do not accept without a word; a shell that misses one says so and stops. */
export function addEnvironmentChecks(command: string, names: string[]): string {
  const buildVariableCheck = (name: string) =>
    `[ "\${${name}+set}" = set ] || { echo 'The SSH server did not accept ${name}: name it in AcceptEnv of its sshd_config, or write ${name}=value into the command.' >&2; exit 78; }`;
  return [...names.map(buildVariableCheck), command].join("\n");
}

/** Runs a command on another machine. Errors: no connection; a lost one; exit code and last lines. */
export async function runRemoteCommand(
  step: ShellCommand,
  connection: Properties,
  { onLine, ...surroundings }: SshOptions & { onLine(line: string): void },
): Promise<CommandOutput> {
  const client = await connectOverSsh(connection, surroundings);
  const destroyClient = () => client.destroy();
  surroundings.cancel.addEventListener("abort", destroyClient);
  try {
    return await executeRemoteCommand(client, {
      shellCommand: step,
      where: `on ${formatDestination(connection)}`,
      onLine,
    });
  } finally {
    surroundings.cancel.removeEventListener("abort", destroyClient);
    client.end();
  }
}

interface RemoteCommand {
  readonly shellCommand: ShellCommand;
  readonly where: string;
  onLine(line: string): void;
}

function executeRemoteCommand(client: Client, execution: RemoteCommand): Promise<CommandOutput> {
  const { command, environment, previousOutput: previous } = execution.shellCommand;
  const text = addEnvironmentChecks(command, Object.keys(environment));
  return new Promise((resolve, reject) => {
    client.exec(text, { env: { ...previous, ...environment } }, (error, channel) => {
      if (error) reject(error);
      // Heard at once: the end of a short command lies in the same packet as its start.
      else listenToChannel(channel, execution, (end) => Promise.resolve().then(end).then(resolve, reject));
    });
  });
}

/** Calls `settle` once, with a function that gives the output or throws why there is none. */
function listenToChannel(
  channel: ClientChannel,
  { shellCommand: step, where, onLine }: RemoteCommand,
  settle: (end: () => CommandOutput) => void,
): void {
  const collected = new OutputCollector(step.loggedStreams, onLine);
  let end: { code: number | null; signal: string | null } | undefined;
  channel.on("data", (chunk: Buffer) => collected.addChunk("stdout", chunk));
  channel.stderr.on("data", (chunk: Buffer) => collected.addChunk("stderr", chunk));
  channel.on("exit", (code: number | null, signal?: string) => (end = { code, signal: signal ?? null }));
  channel.on("close", () =>
    settle(() => {
      if (end !== undefined) return requireExitSuccess(where, { ...end, collected });
      throw new Error(
        `the connection was lost while the command ${where} ran; its last lines:\n${collected.formatTail()}`,
      );
    }),
  );
  channel.end(step.stdin);
}
