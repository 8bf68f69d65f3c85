import { formatError } from "../protocol/formatError.ts";
import type { EngineLog } from "../protocol/engineLog.ts";
import type { ResourceRequest } from "../protocol/provider.ts";
import { getListAt, getObjectAt, getTextAt } from "../protocol/propertyValues.ts";
import type { Properties, PropertiesWithSecrets } from "../protocol/propertyValues.ts";
import { listSecretTexts, maskSecrets, readShellCommand } from "./commandInputs.ts";
import type { CommandOutput } from "./commandInputs.ts";
import { copyToRemote } from "./copyToRemote.ts";
import { runLocalCommand } from "./localCommand.ts";
import { runRemoteCommand } from "./remoteCommand.ts";

export type ProcessEnvironment = Record<string, string | undefined>;

interface CommandRequest {
  readonly inputs: PropertiesWithSecrets;
  /** The command to run; "" for none. */
  readonly command: string;
  /** Recorded outputs of the previous command. */
  readonly outputs: Properties;
}

/** Runs commands for one engine. Local commands get `inherited` as their environment. */
export class CommandExecutor {
  private readonly log: EngineLog;
  private readonly inherited: ProcessEnvironment;
  readonly cancellation = new AbortController();

  constructor(log: EngineLog, inherited: ProcessEnvironment) {
    this.log = log;
    this.inherited = inherited;
  }

  /**
   * Runs a command of the resource, or its copy.
   * @returns undefined if there is nothing to run, or for a copy
   * @throws Error with secrets masked, as in the logged lines
   */
  async executeCommand(
    { type, urn }: Pick<ResourceRequest, "type" | "urn">,
    { inputs, command, outputs }: CommandRequest,
  ): Promise<CommandOutput | undefined> {
    if (command === "") return undefined;
    const secrets = listSecretTexts(inputs);
    const logText = (text: string, status: boolean) =>
      this.log({ severity: "info", text: maskSecrets(text, secrets), urn, status });
    const sshOptions = {
      agent: this.inherited["SSH_AUTH_SOCK"],
      cancel: this.cancellation.signal,
      onRetry: (text: string) => logText(text, true),
    };
    const logLine = (line: string) => logText(line, false);
    const { value } = inputs;
    try {
      if (type === "command:remote:CopyToRemote") return void (await copyToRemote(value, sshOptions));
      const shellCommand = readShellCommand(command, value, outputs);
      if (type.startsWith("command:remote:"))
        return await runRemoteCommand(shellCommand, getObjectAt(value, "connection"), {
          ...sshOptions,
          onLine: logLine,
        });
      return await runLocalCommand(
        { ...shellCommand, ...readLocalOptions(value), inherited: this.inherited },
        this.cancellation.signal,
        logLine,
      );
    } catch (error) {
      throw new Error(maskSecrets(formatError(error), secrets), { cause: error });
    }
  }
}

function readLocalOptions(inputs: Properties) {
  const interpreter = getListAt(inputs, "interpreter").map(String);
  return {
    interpreter: interpreter.length > 0 ? interpreter : ["/bin/sh", "-c"],
    dir: getTextAt(inputs, "dir") || undefined,
  };
}
