import { randomBytes } from "node:crypto";
import { diffValues, isPathWithin, parsePropertyPath } from "../protocol/changes.ts";
import type { EngineLog } from "../protocol/engineLog.ts";
import type { DiffRequest, DiffResult, ResourceProvider, ResourceRequest } from "../protocol/provider.ts";
import { hasUnknown, getListAt, getObjectAt, getTextAt } from "../protocol/propertyValues.ts";
import type { PropertyPath, Properties, PropertiesWithSecrets } from "../protocol/propertyValues.ts";
import { copyToRemote } from "./copyToRemote.ts";
import { checkCommandInputs, maskSecrets, listSecretTexts, readShellCommand } from "./commandInputs.ts";
import type { CommandOutput } from "./commandInputs.ts";
import { runLocalCommand } from "./localCommand.ts";
import { runRemoteCommand } from "./remoteCommand.ts";

type ProcessEnvironment = Record<string, string | undefined>;

const commandTypes = ["command:local:Command", "command:remote:Command", "command:remote:CopyToRemote"];

/** Runs commands for one engine. */
class CommandExecutor {
  private readonly log: EngineLog;
  private readonly inherited: ProcessEnvironment;
  readonly cancellation = new AbortController();

  constructor(log: EngineLog, inherited: ProcessEnvironment) {
    this.log = log;
    this.inherited = inherited;
  }

  /** Runs what the resource has for this step; undefined where it has nothing. Secrets are kept out of lines and errors. */
  async executeCommand(
    { type, urn }: Pick<ResourceRequest, "type" | "urn">,
    { inputs, command, outputs }: CommandRequest,
  ): Promise<CommandOutput | undefined> {
    if (command === "") return undefined;
    const secrets = listSecretTexts(inputs);
    const logText = (text: string, status: boolean) =>
      this.log({ severity: "info", text: maskSecrets(text, secrets), urn, status });
    const around = {
      agent: this.inherited["SSH_AUTH_SOCK"],
      cancel: this.cancellation.signal,
      onRetry: (text: string) => logText(text, true),
    };
    const logLine = (line: string) => logText(line, false);
    const { value } = inputs;
    try {
      if (type === "command:remote:CopyToRemote") return void (await copyToRemote(value, around));
      const step = readShellCommand(command, value, outputs);
      if (type.startsWith("command:remote:"))
        return await runRemoteCommand(step, getObjectAt(value, "connection"), { ...around, onLine: logLine });
      return await runLocalCommand(
        { ...step, ...readLocalOptions(value), inherited: this.inherited },
        this.cancellation.signal,
        logLine,
      );
    } catch (error) {
      throw new Error(maskSecrets(error instanceof Error ? error.message : String(error), secrets), { cause: error });
    }
  }
}

interface CommandRequest {
  readonly inputs: PropertiesWithSecrets;
  readonly command: string;
  /** Recorded outputs of the run before. */
  readonly outputs: Properties;
}

function readLocalOptions(inputs: Properties) {
  const interpreter = getListAt(inputs, "interpreter").map(String);
  return {
    interpreter: interpreter.length > 0 ? interpreter : ["/bin/sh", "-c"],
    dir: getTextAt(inputs, "dir") || undefined,
  };
}

/** A connection is secret as a whole, and so is what a command prints that got a secret from elsewhere. */
function buildCommandOutputs(inputs: PropertiesWithSecrets, output: CommandOutput | undefined): PropertiesWithSecrets {
  const connection: PropertyPath[] = inputs.value["connection"] === undefined ? [] : [["connection"]];
  const printed: PropertyPath[] = inputs.secrets.some(([first]) => first !== "connection")
    ? [["stdout"], ["stderr"]]
    : [];
  return { value: { ...inputs.value, ...(output ?? {}) }, secrets: [...inputs.secrets, ...connection, ...printed] };
}

const emptyOutput: CommandOutput = { stdout: "", stderr: "" };

function isCopyResource({ type }: Pick<ResourceRequest, "type">) {
  return type === "command:remote:CopyToRemote";
}

// A copy has no command text; any text that is not empty makes it run.
function selectCreateCommand(request: ResourceRequest, inputs: Properties) {
  return isCopyResource(request) ? "copy" : getTextAt(inputs, "create");
}

function selectUpdateCommand(request: ResourceRequest, inputs: Properties) {
  return getTextAt(inputs, "update") || selectCreateCommand(request, inputs);
}

/** Changed triggers run delete and create, all else update. */
function diffCommandResource({ oldInputs, news, ignoreChanges }: DiffRequest): DiffResult {
  const ignored = ignoreChanges.map(parsePropertyPath);
  const changes = diffValues(oldInputs.value, news.value)
    .filter(({ path }) => !ignored.some((prefix) => isPathWithin(path, prefix)))
    .map((change) => ({ ...change, replaces: change.path[0] === "triggers" }));
  return { changes, deleteBeforeReplace: false };
}

/** The command provider. Local commands get `inherited` as their environment. */
export function createCommandProvider(log: EngineLog, inherited: ProcessEnvironment): ResourceProvider {
  const runner = new CommandExecutor(log, inherited);
  return {
    checkConfig: () => [],
    diffConfig: () => [],
    configure: () => Promise.resolve(),
    async check({ type, news }) {
      const unknown = {
        property: "",
        reason: `the stand-in for the command plugin does not know ${type}; it knows ${commandTypes.join(", ")}.`,
      };
      return { inputs: news, failures: commandTypes.includes(type) ? checkCommandInputs(type, news.value) : [unknown] };
    },
    diff: (request) => Promise.resolve(diffCommandResource(request)),
    async create(request) {
      const { inputs, name, preview } = request;
      if (preview) return { id: "", outputs: buildCommandOutputs(inputs, undefined) };
      const output = await runner.executeCommand(request, {
        inputs,
        command: selectCreateCommand(request, inputs.value),
        outputs: {},
      });
      return {
        id: `${name}${randomBytes(4).toString("hex")}`,
        outputs: buildCommandOutputs(inputs, isCopyResource(request) ? undefined : (output ?? emptyOutput)),
      };
    },
    async update(request) {
      const { news, oldOutputs, preview } = request;
      if (preview) return buildCommandOutputs(news, undefined);
      const before = { stdout: getTextAt(oldOutputs.value, "stdout"), stderr: getTextAt(oldOutputs.value, "stderr") };
      const output = await runner.executeCommand(request, {
        inputs: news,
        command: selectUpdateCommand(request, news.value),
        outputs: before,
      });
      return buildCommandOutputs(news, isCopyResource(request) ? undefined : (output ?? before));
    },
    // What a command did cannot be read back: the record stands.
    read: async ({ id, inputs, outputs }) =>
      inputs === undefined || outputs === undefined ? undefined : { id, inputs, outputs },
    async delete(request) {
      const { inputs, outputs } = request;
      await runner.executeCommand(request, {
        inputs,
        command: isCopyResource(request) ? "" : getTextAt(inputs.value, "delete"),
        outputs: outputs.value,
      });
    },
    async invoke(token, args) {
      if (token !== "command:local:run")
        throw new Error(
          `the stand-in for the command plugin does not know the function ${token}; it knows command:local:run.`,
        );
      if (hasUnknown(args)) return args;
      const run = { inputs: { value: args, secrets: [] }, command: getTextAt(args, "command"), outputs: {} };
      return {
        ...args,
        ...((await runner.executeCommand({ type: "command:local:run", urn: "" }, run)) ?? emptyOutput),
      };
    },
    cancel: () => runner.cancellation.abort(),
  };
}
