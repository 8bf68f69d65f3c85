/** What a person reads when a command fails: the message, never a stack trace. */
export function explain(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return isPulumi(error) ? pulumiMessage(error) : error.message;
}

interface PulumiError extends Error {
  commandResult: { stdout: string; stderr: string };
}

const isPulumi = (error: Error): error is PulumiError => "commandResult" in error;

/** Pulumi's own diagnostics out of the Automation API's error, which also holds the whole output. */
function pulumiMessage({ commandResult: { stdout, stderr } }: PulumiError): string {
  const lines = `${stdout}\n${stderr}`.split("\n").map((line) => line.trimEnd());
  const errors = lines.filter((line) => /\berror: /.test(line) && !/update failed$|preview failed$/.test(line)).map((line) => line.trim());
  const told = [...new Set(errors)];
  return told.length > 0 ? told.join("\n") : lines.filter((line) => line !== "").slice(-15).join("\n");
}
