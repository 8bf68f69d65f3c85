export type LinePrinter = (line: string) => void;

/** Prints one line to standard output. */
export function printLine(line: string): void {
  console.log(line);
}
