import type { Client, ClientChannel } from "ssh2";
import type { Properties } from "../protocol/propertyValues.ts";
import type { CommandOutput, ShellCommand } from "./commandInputs.ts";
import { OutputCollector, requireExitSuccess } from "./commandOutput.ts";
import { connectOverSsh, formatDestination } from "./sshClient.ts";
import type { SshOptions } from "./sshClient.ts";

/** Prepends checks for the variables, as SSH servers silently drop those that they do not accept. */
export function addEnvironmentChecks(command: string, names: string[]): string {
  const buildVariableCheck = (name: string) =>
    `[ "\${${name}+set}" = set ] || { echo 'The SSH server did not accept ${name}: ` +
    `name it in AcceptEnv of its sshd_config, or write ${name}=value into the command.' >&2; exit 78; }`;
  return [...names.map(buildVariableCheck), command].join("\n");
}

/**
 * Runs a command on another machine.
 * @throws Error if the connection fails or is lost, or with the exit code and the last lines
 */
export async function runRemoteCommand(
  shellCommand: ShellCommand,
  connection: Properties,
  { onLine, ...sshOptions }: SshOptions & { onLine(line: string): void },
): Promise<CommandOutput> {
  const client = await connectOverSsh(connection, sshOptions);
  const destroyClient = () => client.destroy();
  sshOptions.cancel.addEventListener("abort", destroyClient);
  try {
    return await executeRemoteCommand(client, { shellCommand, where: `on ${formatDestination(connection)}`, onLine });
  } finally {
    sshOptions.cancel.removeEventListener("abort", destroyClient);
    client.end();
  }
}

interface RemoteCommand {
  readonly shellCommand: ShellCommand;
  readonly where: string;
  onLine(line: string): void;
}

function executeRemoteCommand(client: Client, remoteCommand: RemoteCommand): Promise<CommandOutput> {
  const { command, environment, previousOutput } = remoteCommand.shellCommand;
  const checkedCommand = addEnvironmentChecks(command, Object.keys(environment));
  return new Promise((resolve, reject) => {
    client.exec(checkedCommand, { env: { ...previousOutput, ...environment } }, (error, channel) => {
      if (error) reject(error);
      // Listen immediately: the end of a short command arrives in the same packet as its start.
      else
        listenToChannel(channel, remoteCommand, (getOutput) => Promise.resolve().then(getOutput).then(resolve, reject));
    });
  });
}

/** Calls `settle` once, with a function that returns the output or throws the reason for its absence. */
function listenToChannel(
  channel: ClientChannel,
  { shellCommand, where, onLine }: RemoteCommand,
  settle: (getOutput: () => CommandOutput) => void,
): void {
  const collected = new OutputCollector(shellCommand.loggedStreams, onLine);
  let exit: { code: number | null; signal: string | null } | undefined;
  channel.on("data", (chunk: Buffer) => collected.addChunk("stdout", chunk));
  channel.stderr.on("data", (chunk: Buffer) => collected.addChunk("stderr", chunk));
  channel.on("exit", (code: number | null, signal?: string) => (exit = { code, signal: signal ?? null }));
  channel.on("close", () =>
    settle(() => {
      if (exit !== undefined) return requireExitSuccess(where, { ...exit, collected });
      throw new Error(
        `the connection was lost while the command ${where} ran; its last lines:\n${collected.formatTail()}`,
      );
    }),
  );
  channel.end(shellCommand.stdin);
}
