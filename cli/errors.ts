/** What a person reads when a command fails: the message, never a stack trace. */
export function explain(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return isPulumi(error) ? pulumiMessage(error) : error.message;
}

interface PulumiError extends Error {
  commandResult: { stdout: string; stderr: string };
}

const isPulumi = (error: Error): error is PulumiError => "commandResult" in error;

/** Pulumi's section of diagnostics, which lasts to the section after it. */
const diagnostics = /^Diagnostics:\n([\s\S]*?)(?=\n(?:Resources|Outputs|Duration):|(?![\s\S]))/m;

/** What Pulumi says is wrong, out of the Automation API's error, which also holds the whole output. */
function pulumiMessage({ commandResult: { stdout, stderr } }: PulumiError): string {
  const section = diagnostics.exec(stdout)?.[1]?.trimEnd();
  if (section !== undefined) return section;
  const lines = `${stdout}\n${stderr}`.split("\n").map((line) => line.trimEnd()).filter((line) => line !== "");
  const errors = [...new Set(lines.map((line) => line.trim()).filter((line) => line.startsWith("error: ")))];
  return (errors.length > 0 ? errors : lines.slice(-15)).join("\n");
}
