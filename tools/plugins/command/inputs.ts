import { at, isObject, listAt, objectAt, textAt } from "../protocol/values.ts";
import type { Path, Properties, Unwrapped, Value } from "../protocol/values.ts";

/** What the three resources share: which command runs when, and what it gets. */
export interface Step {
  command: string;
  stdin: string;
  environment: Record<string, string>;
  /** Output of the create or update before, for PULUMI_COMMAND_STDOUT and PULUMI_COMMAND_STDERR. */
  previous: Record<string, string>;
  logged: { stdout: boolean; stderr: boolean };
}

export interface Output {
  stdout: string;
  stderr: string;
}

function texts(values: Properties): Record<string, string> {
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [name, String(value)]));
}

function previousOutput(inputs: Properties, outputs: Properties): Record<string, string> {
  if (inputs["addPreviousOutputInEnv"] === false) return {};
  const named = { PULUMI_COMMAND_STDOUT: textAt(outputs, "stdout"), PULUMI_COMMAND_STDERR: textAt(outputs, "stderr") };
  return Object.fromEntries(Object.entries(named).filter(([, value]) => value !== ""));
}

export function stepOf(command: string, inputs: Properties, outputs: Properties): Step {
  const logging = textAt(inputs, "logging") || "stdoutAndStderr";
  return {
    command,
    stdin: textAt(inputs, "stdin"),
    environment: texts(objectAt(inputs, "environment")),
    previous: previousOutput(inputs, outputs),
    logged: { stdout: logging === "stdout" || logging === "stdoutAndStderr", stderr: logging === "stderr" || logging === "stdoutAndStderr" },
  };
}

// Pulumi marks a connection secret as a whole; where it leads is what the user has to see when it fails.
const publicInConnection = ["host", "port", "user", "hostKey", "agentSocketPath"];

/** Secret texts among the inputs, line by line, longest first. */
export function secretTexts({ value, secrets }: Unwrapped): string[] {
  const leaves = (item: Value | undefined): string[] => {
    if (typeof item === "string") return item.split("\n");
    if (Array.isArray(item)) return item.flatMap(leaves);
    return isObject(item) ? Object.values(item).flatMap(leaves) : [];
  };
  const hidden = (item: Value | undefined): Value | undefined => {
    if (!isObject(item)) return item;
    return Object.fromEntries(Object.entries(item).filter(([key]) => !publicInConnection.includes(key)).map(([key, part]) => [key, hidden(part) ?? null]));
  };
  const secret = (path: Path) => (path[0] === "connection" ? hidden(at(value, ...path)) : at(value, ...path));
  const found = secrets.flatMap((path) => leaves(secret(path))).map((text) => text.trim());
  // Shorter texts ("root", "22") would blot out half of what is logged.
  return [...new Set(found)].filter((text) => text.length >= 6).sort((one, other) => other.length - one.length);
}

export function masked(text: string, secrets: string[]): string {
  return secrets.reduce((line, secret) => line.replaceAll(secret, "[secret]"), text);
}

/** Inputs with which this stand-in can do nothing, each with what it can do. */
export function inputFailures(type: string, inputs: Properties): { property: string; reason: string }[] {
  const unsupported = ["assetPaths", "archivePaths"].filter((name) => inputs[name] !== undefined);
  const failures = unsupported.map((property) => ({ property, reason: `the stand-in for the command plugin does not collect files after a command: remove ${property}, or install the vendor's plugin.` }));
  const remote = type.startsWith("command:remote:");
  if (remote && !isObject(inputs["connection"]) && typeof inputs["connection"] !== "string") failures.push({ property: "connection", reason: "missing: say at least {host}." });
  const interpreter = inputs["interpreter"];
  if (interpreter !== undefined && typeof interpreter !== "string" && listAt(inputs, "interpreter").length === 0) {
    failures.push({ property: "interpreter", reason: 'must name a program and its flags, such as ["/bin/bash", "-c"].' });
  }
  return failures;
}
