import { randomBytes } from "node:crypto";
import { diffValues, isPathWithin, parsePropertyPath } from "../protocol/changes.ts";
import type { EngineLog } from "../protocol/engineLog.ts";
import type {
  CheckRequest,
  CheckResult,
  CreateRequest,
  DeleteRequest,
  DiffRequest,
  DiffResult,
  ResourceProvider,
  ResourceRequest,
  UpdateRequest,
} from "../protocol/provider.ts";
import { hasUnknown, getTextAt } from "../protocol/propertyValues.ts";
import type { PropertyPath, Properties, PropertiesWithSecrets } from "../protocol/propertyValues.ts";
import { CommandExecutor } from "./commandExecutor.ts";
import type { ProcessEnvironment } from "./commandExecutor.ts";
import { checkCommandInputs } from "./commandInputs.ts";
import type { CommandOutput } from "./commandInputs.ts";

const commandTypes = ["command:local:Command", "command:remote:Command", "command:remote:CopyToRemote"];
const emptyOutput: CommandOutput = { stdout: "", stderr: "" };

/** The command provider. Local commands get `inherited` as their environment. */
export function createCommandProvider(log: EngineLog, inherited: ProcessEnvironment): ResourceProvider {
  const executor = new CommandExecutor(log, inherited);
  return {
    checkConfig: () => [],
    diffConfig: () => [],
    configure: () => Promise.resolve(),
    check: (request) => Promise.resolve(checkCommandResource(request)),
    diff: (request) => Promise.resolve(diffCommandResource(request)),
    create: (request) => createCommandResource(executor, request),
    update: (request) => updateCommandResource(executor, request),
    // The effect of a command cannot be read back: the recorded state is the result.
    read: async ({ id, inputs, outputs }) =>
      inputs === undefined || outputs === undefined ? undefined : { id, inputs, outputs },
    delete: (request) => deleteCommandResource(executor, request),
    invoke: (token, args) => invokeCommandFunction(executor, token, args),
    cancel: () => executor.cancellation.abort(),
  };
}

function checkCommandResource({ type, news }: CheckRequest): CheckResult {
  if (commandTypes.includes(type)) return { inputs: news, failures: checkCommandInputs(type, news.value) };
  const reason = `${type}: not supported by the stand-in command plugin; it supports ${commandTypes.join(", ")}.`;
  return { inputs: news, failures: [{ property: "", reason }] };
}

/** Plans replacement for changed triggers, which runs delete and create; any other change runs update. */
function diffCommandResource({ oldInputs, news, ignoreChanges }: DiffRequest): DiffResult {
  const ignored = ignoreChanges.map(parsePropertyPath);
  const changes = diffValues(oldInputs.value, news.value)
    .filter(({ path }) => !ignored.some((prefix) => isPathWithin(path, prefix)))
    .map((change) => ({ ...change, replaces: change.path[0] === "triggers" }));
  return { changes, deleteBeforeReplace: false };
}

async function createCommandResource(executor: CommandExecutor, request: CreateRequest) {
  const { inputs, name, preview } = request;
  if (preview) return { id: "", outputs: buildCommandOutputs(inputs, undefined) };
  const command = selectCreateCommand(request, inputs.value);
  const output = await executor.executeCommand(request, { inputs, command, outputs: {} });
  return {
    id: `${name}${randomBytes(4).toString("hex")}`,
    outputs: buildCommandOutputs(inputs, isCopyResource(request) ? undefined : (output ?? emptyOutput)),
  };
}

async function updateCommandResource(
  executor: CommandExecutor,
  request: UpdateRequest,
): Promise<PropertiesWithSecrets> {
  const { news, oldOutputs, preview } = request;
  if (preview) return buildCommandOutputs(news, undefined);
  const previous = { stdout: getTextAt(oldOutputs.value, "stdout"), stderr: getTextAt(oldOutputs.value, "stderr") };
  const command = selectUpdateCommand(request, news.value);
  const output = await executor.executeCommand(request, { inputs: news, command, outputs: previous });
  return buildCommandOutputs(news, isCopyResource(request) ? undefined : (output ?? previous));
}

async function deleteCommandResource(executor: CommandExecutor, request: DeleteRequest): Promise<void> {
  const { inputs, outputs } = request;
  const command = isCopyResource(request) ? "" : getTextAt(inputs.value, "delete");
  await executor.executeCommand(request, { inputs, command, outputs: outputs.value });
}

async function invokeCommandFunction(executor: CommandExecutor, token: string, args: Properties): Promise<Properties> {
  if (token !== "command:local:run")
    throw new Error(`${token}: not supported by the stand-in command plugin; it supports command:local:run.`);
  if (hasUnknown(args)) return args;
  const request = { inputs: { value: args, secrets: [] }, command: getTextAt(args, "command"), outputs: {} };
  const output = await executor.executeCommand({ type: token, urn: "" }, request);
  return { ...args, ...(output ?? emptyOutput) };
}

/** Builds the recorded state. A connection is secret as a whole, as is the output of a command with other secrets. */
function buildCommandOutputs(inputs: PropertiesWithSecrets, output: CommandOutput | undefined): PropertiesWithSecrets {
  const connection: PropertyPath[] = inputs.value["connection"] === undefined ? [] : [["connection"]];
  const printed: PropertyPath[] = inputs.secrets.some(([first]) => first !== "connection")
    ? [["stdout"], ["stderr"]]
    : [];
  return { value: { ...inputs.value, ...(output ?? {}) }, secrets: [...inputs.secrets, ...connection, ...printed] };
}

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
