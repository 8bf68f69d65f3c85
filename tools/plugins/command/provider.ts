import { randomBytes } from "node:crypto";
import { changesBetween, isWithin, parsePath } from "../protocol/changes.ts";
import type { Log } from "../protocol/log.ts";
import type { DiffRequest, DiffResult, Provider, ResourceRequest } from "../protocol/provider.ts";
import { hasUnknown, listAt, objectAt, textAt } from "../protocol/values.ts";
import type { Path, Properties, Unwrapped } from "../protocol/values.ts";
import { copyToRemote } from "./copy.ts";
import { inputFailures, masked, secretTexts, stepOf } from "./inputs.ts";
import type { Output } from "./inputs.ts";
import { runLocally } from "./local.ts";
import { runRemotely } from "./remote.ts";

type Environment = Record<string, string | undefined>;

const types = ["command:local:Command", "command:remote:Command", "command:remote:CopyToRemote"];

/** Runs commands for one engine. */
class Runner {
  private readonly log: Log;
  private readonly inherited: Environment;
  readonly stop = new AbortController();

  constructor(log: Log, inherited: Environment) {
    this.log = log;
    this.inherited = inherited;
  }

  /** Runs what the resource has for this step; undefined where it has nothing. Secrets are kept out of lines and errors. */
  async run({ type, urn }: Pick<ResourceRequest, "type" | "urn">, { inputs, command, outputs }: Run): Promise<Output | undefined> {
    if (command === "") return undefined;
    const secrets = secretTexts(inputs);
    const say = (text: string, status: boolean) => this.log({ severity: "info", text: masked(text, secrets), urn, status });
    const around = { agent: this.inherited["SSH_AUTH_SOCK"], cancel: this.stop.signal, onRetry: (text: string) => say(text, true) };
    const onLine = (line: string) => say(line, false);
    const { value } = inputs;
    try {
      if (type === "command:remote:CopyToRemote") return void (await copyToRemote(value, around));
      const step = stepOf(command, value, outputs);
      if (type.startsWith("command:remote:")) return await runRemotely(step, objectAt(value, "connection"), { ...around, onLine });
      return await runLocally({ ...step, ...localParts(value), inherited: this.inherited }, this.stop.signal, onLine);
    } catch (error) {
      throw new Error(masked(error instanceof Error ? error.message : String(error), secrets), { cause: error });
    }
  }
}

interface Run {
  inputs: Unwrapped;
  command: string;
  /** Recorded outputs of the run before. */
  outputs: Properties;
}

function localParts(inputs: Properties) {
  const interpreter = listAt(inputs, "interpreter").map(String);
  return { interpreter: interpreter.length > 0 ? interpreter : ["/bin/sh", "-c"], dir: textAt(inputs, "dir") || undefined };
}

/** A connection is secret as a whole, and so is what a command prints that got a secret from elsewhere. */
function recorded(inputs: Unwrapped, output: Output | undefined): Unwrapped {
  const connection: Path[] = inputs.value["connection"] === undefined ? [] : [["connection"]];
  const printed: Path[] = inputs.secrets.some(([first]) => first !== "connection") ? [["stdout"], ["stderr"]] : [];
  return { value: { ...inputs.value, ...(output ?? {}) }, secrets: [...inputs.secrets, ...connection, ...printed] };
}

const nothing: Output = { stdout: "", stderr: "" };
const isCopy = ({ type }: Pick<ResourceRequest, "type">) => type === "command:remote:CopyToRemote";
// A copy has no command text; any text that is not empty makes it run.
const createCommand = (request: ResourceRequest, inputs: Properties) => (isCopy(request) ? "copy" : textAt(inputs, "create"));
const updateCommand = (request: ResourceRequest, inputs: Properties) => textAt(inputs, "update") || createCommand(request, inputs);

/** Changed triggers run delete and create, all else update. */
function difference({ oldInputs, news, ignoreChanges }: DiffRequest): DiffResult {
  const ignored = ignoreChanges.map(parsePath);
  const changes = changesBetween(oldInputs.value, news.value)
    .filter(({ path }) => !ignored.some((prefix) => isWithin(path, prefix)))
    .map((change) => ({ ...change, replaces: change.path[0] === "triggers" }));
  return { changes, deleteBeforeReplace: false };
}

/** The command provider. Local commands get `inherited` as their environment. */
export function commandProvider(log: Log, inherited: Environment): Provider {
  const runner = new Runner(log, inherited);
  return {
    checkConfig: () => [],
    diffConfig: () => [],
    configure: () => Promise.resolve(),
    async check({ type, news }) {
      const unknown = { property: "", reason: `the stand-in for the command plugin does not know ${type}; it knows ${types.join(", ")}.` };
      return { inputs: news, failures: types.includes(type) ? inputFailures(type, news.value) : [unknown] };
    },
    diff: (request) => Promise.resolve(difference(request)),
    async create(request) {
      const { inputs, name, preview } = request;
      if (preview) return { id: "", outputs: recorded(inputs, undefined) };
      const output = await runner.run(request, { inputs, command: createCommand(request, inputs.value), outputs: {} });
      return { id: `${name}${randomBytes(4).toString("hex")}`, outputs: recorded(inputs, isCopy(request) ? undefined : (output ?? nothing)) };
    },
    async update(request) {
      const { news, oldOutputs, preview } = request;
      if (preview) return recorded(news, undefined);
      const before = { stdout: textAt(oldOutputs.value, "stdout"), stderr: textAt(oldOutputs.value, "stderr") };
      const output = await runner.run(request, { inputs: news, command: updateCommand(request, news.value), outputs: before });
      return recorded(news, isCopy(request) ? undefined : (output ?? before));
    },
    // What a command did cannot be read back: the record stands.
    read: async ({ id, inputs, outputs }) => (inputs === undefined || outputs === undefined ? undefined : { id, inputs, outputs }),
    async delete(request) {
      const { inputs, outputs } = request;
      await runner.run(request, { inputs, command: isCopy(request) ? "" : textAt(inputs.value, "delete"), outputs: outputs.value });
    },
    async invoke(token, args) {
      if (token !== "command:local:run") throw new Error(`the stand-in for the command plugin does not know the function ${token}; it knows command:local:run.`);
      if (hasUnknown(args)) return args;
      const run = { inputs: { value: args, secrets: [] }, command: textAt(args, "command"), outputs: {} };
      return { ...args, ...((await runner.run({ type: "command:local:run", urn: "" }, run)) ?? nothing) };
    },
    cancel: () => runner.stop.abort(),
  };
}
