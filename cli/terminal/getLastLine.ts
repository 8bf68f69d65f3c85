/** The last line of what a program printed; empty if it printed nothing. */
export function getLastLine(text: string): string {
  return text.trim().split("\n").at(-1) ?? "";
}
