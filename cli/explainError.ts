/** The message of an error, or the text of any other thrown value. */
export function formatErrorMessage(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** The text that the user sees when a command fails: the message, never a stack trace. */
export function explainError(error: unknown): string {
  return error instanceof Error && isPulumiError(error) ? extractPulumiMessage(error) : formatErrorMessage(error);
}

interface PulumiError extends Error {
  readonly commandResult: { stdout: string; stderr: string };
}

function isPulumiError(error: Error): error is PulumiError {
  return "commandResult" in error;
}

/** Pulumi's diagnostics section, which ends where the next section begins. */
const diagnosticsSection = /^Diagnostics:\n([\s\S]*?)(?=\n(?:Resources|Outputs|Duration):|(?![\s\S]))/m;

/** The messages of a diagnostics section, each once: Pulumi prints the error that ends a program twice. */
function deduplicateMessages(section: string): string {
  const messages = section.trimEnd().split(/\n(?= {4}error: )/);
  return [...new Set(messages.map((message) => message.trimEnd()))].join("\n");
}

/**
 * Extracts Pulumi's own error messages from an Automation API error, which holds the complete output of both streams.
 * Falls back to lines that begin with `error: `, then to the last 15 lines.
 */
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
