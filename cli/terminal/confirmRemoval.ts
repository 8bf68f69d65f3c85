import { createInterface } from "node:readline/promises";

interface Confirmation {
  /** The command with its arguments, such as `destroy dev`. */
  readonly command: string;
  /** True if the user has answered on the command line. */
  readonly yes: boolean;
  readonly input?: NodeJS.ReadStream;
  readonly output?: NodeJS.WriteStream;
}

/**
 * Asks on a terminal whether to remove what was just listed.
 * @throws Error if the answer is not yes, or if there is no terminal to ask on and `--yes` is missing
 */
export async function confirmRemoval({
  command,
  yes,
  input = process.stdin,
  output = process.stdout,
}: Confirmation): Promise<void> {
  if (yes) return;
  if (!input.isTTY || !output.isTTY)
    throw new Error(`${command}: nothing was removed, because this is not a terminal; confirm with --yes`);
  const terminal = createInterface({ input, output });
  try {
    const answer = await terminal.question(`remove this? type yes to go on: `);
    if (answer.trim().toLowerCase() !== "yes") throw new Error(`${command}: nothing was removed`);
  } finally {
    terminal.close();
  }
}
