/** What a person reads when a command fails: the message, never a stack trace. */
export function explainError(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return isPulumiError(error) ? extractPulumiMessage(error) : error.message;
}

interface PulumiError extends Error {
  readonly commandResult: { stdout: string; stderr: string };
}

function isPulumiError(error: Error): error is PulumiError {
  return "commandResult" in error;
}

/** Pulumi's section of diagnostics, which lasts to the section after it. */
const diagnosticsSection = /^Diagnostics:\n([\s\S]*?)(?=\n(?:Resources|Outputs|Duration):|(?![\s\S]))/m;

/** Messages of a section of diagnostics, each once: Pulumi tells what ends a program twice. */
function deduplicateMessages(section: string): string {
  const messages = section.trimEnd().split(/\n(?= {4}error: )/);
  return [...new Set(messages.map((message) => message.trimEnd()))].join("\n");
}

/** What Pulumi says is wrong, out of the Automation API's error, which also holds the whole output, on either stream. */
function extractPulumiMessage({ commandResult: { stdout, stderr } }: PulumiError): string {
  const output = `${stdout}\n${stderr}`;
  const section = diagnosticsSection.exec(output)?.[1];
  if (section !== undefined) return deduplicateMessages(section);
  const lines = output
    .split("\n")
    .map((line) => line.trimEnd())
    .filter((line) => line !== "");
  const errors = [...new Set(lines.map((line) => line.trim()).filter((line) => line.startsWith("error: ")))];
  return (errors.length > 0 ? errors : lines.slice(-15)).join("\n");
}
