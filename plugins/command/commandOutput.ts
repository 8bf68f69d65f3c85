import { StringDecoder } from "node:string_decoder";
import type { CommandOutput, ShellCommand } from "./commandInputs.ts";

const maxTailLines = 40;

/** Gathers what a command prints, and hands on each whole line as it comes. */
export class OutputCollector {
  private readonly chunks = { stdout: [] as Buffer[], stderr: [] as Buffer[] };
  /** Holds back the start of a character whose rest is in the next packet. */
  private readonly decoders = { stdout: new StringDecoder(), stderr: new StringDecoder() };
  private readonly partialLines = { stdout: "", stderr: "" };
  private readonly lines: string[] = [];
  private readonly loggedStreams: ShellCommand["loggedStreams"];
  private readonly onLine: (line: string) => void;

  constructor(logged: ShellCommand["loggedStreams"], onLine: (line: string) => void) {
    this.loggedStreams = logged;
    this.onLine = onLine;
  }

  addChunk(stream: "stdout" | "stderr", chunk: Buffer): void {
    this.chunks[stream].push(chunk);
    const lines = (this.partialLines[stream] + this.decoders[stream].write(chunk)).split("\n");
    this.partialLines[stream] = lines.pop() ?? "";
    lines.forEach((line) => this.line(stream, line));
  }

  /** The whole output, without its last newline. */
  finishOutput(): CommandOutput {
    for (const stream of ["stdout", "stderr"] as const) {
      const last = this.partialLines[stream] + this.decoders[stream].end();
      if (last !== "") this.line(stream, last);
      this.partialLines[stream] = "";
    }
    const joinChunks = (stream: "stdout" | "stderr") =>
      Buffer.concat(this.chunks[stream]).toString().replace(/\n$/, "");
    return { stdout: joinChunks("stdout"), stderr: joinChunks("stderr") };
  }

  /** The last lines of both streams, in the order in which they came. */
  formatTail(): string {
    return this.lines.slice(-maxTailLines).join("\n");
  }

  private line(stream: "stdout" | "stderr", line: string): void {
    this.lines.push(line);
    if (this.lines.length > 2 * maxTailLines) this.lines.splice(0, maxTailLines);
    if (this.loggedStreams[stream]) this.onLine(line);
  }
}

/** How a command ended, as the user reads it. */
export function requireExitSuccess(
  where: string,
  { code, signal, collected }: { code: number | null; signal: string | null; collected: OutputCollector },
): CommandOutput {
  const output = collected.finishOutput();
  if (code === 0) return output;
  const how = code === null ? `was ended by signal ${signal ?? "unknown"}` : `failed with exit code ${code}`;
  const tail = collected.formatTail();
  throw new Error(`the command ${where} ${how}${tail === "" ? " and printed nothing." : `; its last lines:\n${tail}`}`);
}
