import { StringDecoder } from "node:string_decoder";
import type { Output, Step } from "./inputs.ts";

const tailLines = 40;

/** Gathers what a command prints, and hands on each whole line as it comes. */
export class Collected {
  private readonly texts = { stdout: [] as Buffer[], stderr: [] as Buffer[] };
  /** Holds back the start of a character whose rest is in the next packet. */
  private readonly decoders = { stdout: new StringDecoder(), stderr: new StringDecoder() };
  private readonly begun = { stdout: "", stderr: "" };
  private readonly lines: string[] = [];
  private readonly logged: Step["logged"];
  private readonly onLine: (line: string) => void;

  constructor(logged: Step["logged"], onLine: (line: string) => void) {
    this.logged = logged;
    this.onLine = onLine;
  }

  add(stream: "stdout" | "stderr", chunk: Buffer): void {
    this.texts[stream].push(chunk);
    const lines = (this.begun[stream] + this.decoders[stream].write(chunk)).split("\n");
    this.begun[stream] = lines.pop() ?? "";
    lines.forEach((line) => this.line(stream, line));
  }

  /** The whole output, without its last newline. */
  end(): Output {
    for (const stream of ["stdout", "stderr"] as const) {
      const last = this.begun[stream] + this.decoders[stream].end();
      if (last !== "") this.line(stream, last);
      this.begun[stream] = "";
    }
    const text = (stream: "stdout" | "stderr") => Buffer.concat(this.texts[stream]).toString().replace(/\n$/, "");
    return { stdout: text("stdout"), stderr: text("stderr") };
  }

  /** The last lines of both streams, in the order in which they came. */
  tail(): string {
    return this.lines.slice(-tailLines).join("\n");
  }

  private line(stream: "stdout" | "stderr", line: string): void {
    this.lines.push(line);
    if (this.lines.length > 2 * tailLines) this.lines.splice(0, tailLines);
    if (this.logged[stream]) this.onLine(line);
  }
}

/** How a command ended, as the user reads it. */
export function ended(where: string, { code, signal, collected }: { code: number | null; signal: string | null; collected: Collected }): Output {
  const output = collected.end();
  if (code === 0) return output;
  const how = code === null ? `was ended by signal ${signal ?? "unknown"}` : `failed with exit code ${code}`;
  const tail = collected.tail();
  throw new Error(`the command ${where} ${how}${tail === "" ? " and printed nothing." : `; its last lines:\n${tail}`}`);
}
