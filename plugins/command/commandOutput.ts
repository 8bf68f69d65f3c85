import { StringDecoder } from "node:string_decoder";
import type { CommandOutput, ShellCommand } from "./commandInputs.ts";

const maxTailLines = 40;

/** Collects the output of a command and passes each complete line on as it arrives. */
export class OutputCollector {
  private readonly chunks = { stdout: [] as Buffer[], stderr: [] as Buffer[] };
  /** Holds back the first bytes of a character that continues in the next packet. */
  private readonly decoders = { stdout: new StringDecoder(), stderr: new StringDecoder() };
  private readonly partialLines = { stdout: "", stderr: "" };
  private readonly lines: string[] = [];
  private readonly loggedStreams: ShellCommand["loggedStreams"];
  private readonly onLine: (line: string) => void;

  constructor(loggedStreams: ShellCommand["loggedStreams"], onLine: (line: string) => void) {
    this.loggedStreams = loggedStreams;
    this.onLine = onLine;
  }

  addChunk(stream: "stdout" | "stderr", chunk: Buffer): void {
    this.chunks[stream].push(chunk);
    const lines = (this.partialLines[stream] + this.decoders[stream].write(chunk)).split("\n");
    this.partialLines[stream] = lines.pop() ?? "";
    lines.forEach((line) => this.addLine(stream, line));
  }

  /** Returns the whole output, without its final newline. */
  finishOutput(): CommandOutput {
    for (const stream of ["stdout", "stderr"] as const) {
      const last = this.partialLines[stream] + this.decoders[stream].end();
      if (last !== "") this.addLine(stream, last);
      this.partialLines[stream] = "";
    }
    const joinChunks = (stream: "stdout" | "stderr") =>
      Buffer.concat(this.chunks[stream]).toString().replace(/\n$/, "");
    return { stdout: joinChunks("stdout"), stderr: joinChunks("stderr") };
  }

  /** Returns the last lines of both streams, in order of arrival. */
  formatTail(): string {
    return this.lines.slice(-maxTailLines).join("\n");
  }

  private addLine(stream: "stdout" | "stderr", line: string): void {
    this.lines.push(line);
    if (this.lines.length > 2 * maxTailLines) this.lines.splice(0, maxTailLines);
    if (this.loggedStreams[stream]) this.onLine(line);
  }
}

/**
 * Returns the output of a command that succeeded.
 * @throws Error with the exit code or signal and the last lines
 */
export function requireExitSuccess(
  where: string,
  { code, signal, collected }: { code: number | null; signal: string | null; collected: OutputCollector },
): CommandOutput {
  const output = collected.finishOutput();
  if (code === 0) return output;
  const failure = code === null ? `was ended by signal ${signal ?? "unknown"}` : `failed with exit code ${code}`;
  const tail = collected.formatTail();
  const printed = tail === "" ? " and printed nothing." : `; its last lines:\n${tail}`;
  throw new Error(`the command ${where} ${failure}${printed}`);
}
