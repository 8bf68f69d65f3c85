export type LinePrinter = (line: string) => void;

/** Prints one line to standard output. */
export function printLine(line: string): void {
  console.log(line);
}

/** Prints one line to standard error. */
export function printErrorLine(line: string): void {
  console.error(line);
}
