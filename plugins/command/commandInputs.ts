import { getValueAt, isObject, getListAt, getObjectAt, getTextAt } from "../protocol/propertyValues.ts";
import type { PropertyPath, Properties, PropertiesWithSecrets, PropertyValue } from "../protocol/propertyValues.ts";

/** A shell command with its input and environment, local or remote. */
export interface ShellCommand {
  readonly command: string;
  readonly stdin: string;
  readonly environment: Record<string, string>;
  /** PULUMI_COMMAND_STDOUT and PULUMI_COMMAND_STDERR: the output of the previous create or update. */
  readonly previousOutput: Record<string, string>;
  readonly loggedStreams: { stdout: boolean; stderr: boolean };
}

export interface CommandOutput {
  readonly stdout: string;
  readonly stderr: string;
}

function formatEnvironment(values: Properties): Record<string, string> {
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [name, String(value)]));
}

function buildPreviousOutput(inputs: Properties, outputs: Properties): Record<string, string> {
  if (inputs["addPreviousOutputInEnv"] === false) return {};
  const variables = {
    PULUMI_COMMAND_STDOUT: getTextAt(outputs, "stdout"),
    PULUMI_COMMAND_STDERR: getTextAt(outputs, "stderr"),
  };
  return Object.fromEntries(Object.entries(variables).filter(([, value]) => value !== ""));
}

export function readShellCommand(command: string, inputs: Properties, outputs: Properties): ShellCommand {
  const logging = getTextAt(inputs, "logging") || "stdoutAndStderr";
  return {
    command,
    stdin: getTextAt(inputs, "stdin"),
    environment: formatEnvironment(getObjectAt(inputs, "environment")),
    previousOutput: buildPreviousOutput(inputs, outputs),
    loggedStreams: {
      stdout: logging === "stdout" || logging === "stdoutAndStderr",
      stderr: logging === "stderr" || logging === "stdoutAndStderr",
    },
  };
}

// Pulumi marks a connection as secret as a whole, but its destination must be visible when it fails.
const publicConnectionKeys = ["host", "port", "user", "hostKey", "agentSocketPath"];

/** Lists the secret texts among the inputs, line by line, longest first. */
export function listSecretTexts({ value, secrets }: PropertiesWithSecrets): string[] {
  const listLeafTexts = (item: PropertyValue | undefined): string[] => {
    if (typeof item === "string") return item.split("\n");
    if (Array.isArray(item)) return item.flatMap(listLeafTexts);
    return isObject(item) ? Object.values(item).flatMap(listLeafTexts) : [];
  };
  const omitPublicParts = (item: PropertyValue | undefined): PropertyValue | undefined => {
    if (!isObject(item)) return item;
    return Object.fromEntries(
      Object.entries(item)
        .filter(([key]) => !publicConnectionKeys.includes(key))
        .map(([key, part]) => [key, omitPublicParts(part) ?? null]),
    );
  };
  const selectSecretPart = (path: PropertyPath) =>
    path[0] === "connection" ? omitPublicParts(getValueAt(value, ...path)) : getValueAt(value, ...path);
  const texts = secrets.flatMap((path) => listLeafTexts(selectSecretPart(path))).map((text) => text.trim());
  // Masking shorter texts ("root", "22") would hide half of the log.
  return [...new Set(texts)].filter((text) => text.length >= 6).sort((one, other) => other.length - one.length);
}

export function maskSecrets(text: string, secrets: string[]): string {
  return secrets.reduce((line, secret) => line.replaceAll(secret, "[secret]"), text);
}

/** Reports inputs that this stand-in does not support, and inputs that are missing or malformed. */
export function checkCommandInputs(type: string, inputs: Properties): { property: string; reason: string }[] {
  const unsupported = ["assetPaths", "archivePaths"].filter((name) => inputs[name] !== undefined);
  const failures = unsupported.map((property) => ({
    property,
    reason:
      "not supported: the stand-in command plugin does not collect files after a command; " +
      `remove ${property}, or install the vendor's plugin.`,
  }));
  const remote = type.startsWith("command:remote:");
  if (remote && !isObject(inputs["connection"]) && typeof inputs["connection"] !== "string")
    failures.push({ property: "connection", reason: "missing; must contain at least `host`." });
  const interpreter = inputs["interpreter"];
  if (interpreter !== undefined && typeof interpreter !== "string" && getListAt(inputs, "interpreter").length === 0) {
    failures.push({
      property: "interpreter",
      reason: 'an empty list is not allowed; name a program and its flags, such as ["/bin/bash", "-c"].',
    });
  }
  return failures;
}
