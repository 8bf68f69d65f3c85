import { createInterface } from "node:readline/promises";
import { Writable } from "node:stream";

/** The streams of a terminal. */
interface SecretStreams {
  readonly input: NodeJS.ReadStream;
  readonly output: NodeJS.WriteStream;
}

/** Asks on a terminal, which shows nothing of the answer; undefined if there is no terminal. */
export async function askSecret(
  question: string,
  { input, output }: SecretStreams = { input: process.stdin, output: process.stderr },
): Promise<string | undefined> {
  if (!input.isTTY || !output.isTTY) return undefined;
  output.write(question);
  const silent = new Writable({ write: (_chunk, _encoding, done) => done() });
  const terminal = createInterface({ input, output: silent, terminal: true });
  const interruption = new Promise<never>((_resolve, reject) =>
    terminal.once("SIGINT", () => reject(new Error("interrupted; nothing was changed"))),
  );
  try {
    return await Promise.race([terminal.question(""), interruption]);
  } finally {
    terminal.close();
    output.write("\n");
  }
}
