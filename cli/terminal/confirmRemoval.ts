import { createInterface } from "node:readline/promises";

interface Confirmation {
  /** The command with its arguments, such as `destroy dev`. */
  readonly command: string;
  /** True if the user has answered on the command line. */
  readonly yes: boolean;
  readonly input?: NodeJS.ReadStream;
  readonly output?: NodeJS.WriteStream;
}

interface Question extends Confirmation {
  readonly verb: string;
  /** The outcome if the answer is not yes. */
  readonly refusal: string;
}

async function askOnTerminal({ command, yes, verb, refusal, ...streams }: Question): Promise<void> {
  const { input = process.stdin, output = process.stdout } = streams;
  if (yes) return;
  if (!input.isTTY || !output.isTTY)
    throw new Error(`${command}: ${refusal}, because this is not a terminal; confirm with --yes`);
  const terminal = createInterface({ input, output });
  try {
    const answer = await terminal.question(`${verb} this? type yes to go on: `);
    if (answer.trim().toLowerCase() !== "yes") throw new Error(`${command}: ${refusal}`);
  } finally {
    terminal.close();
  }
}

/**
 * Asks on a terminal whether to remove what was just listed.
 * @throws Error if the answer is not yes, or if there is no terminal to ask on and `--yes` is missing
 */
export function confirmRemoval(confirmation: Confirmation): Promise<void> {
  return askOnTerminal({ ...confirmation, verb: "remove", refusal: "nothing was removed" });
}

/**
 * Asks on a terminal whether to change what was just listed.
 * @throws Error if the answer is not yes, or if there is no terminal to ask on and `--yes` is missing
 */
export function confirmChange(confirmation: Confirmation): Promise<void> {
  return askOnTerminal({ ...confirmation, verb: "change", refusal: "nothing was changed" });
}
