/** Cuts a text to a width; an ellipsis marks the cut. */
export function truncateToWidth(text: string, width: number): string {
  return text.length <= width ? text : `${text.slice(0, width - 1)}…`;
}

/** Breaks a text at spaces, so that no line with its indentation is longer than a width; a longer word stays whole. */
export function wrapToWidth(text: string, { width, indent }: { width: number; indent: string }): string {
  const lines = text.split(" ").reduce<string[]>((before, word) => {
    const last = before.at(-1);
    const joined = `${last ?? ""} ${word}`;
    if (last === undefined) return [word];
    return indent.length + joined.length <= width ? [...before.slice(0, -1), joined] : [...before, word];
  }, []);
  return lines.map((line) => indent + line).join("\n");
}

/**
 * The width of a terminal. There is no limit for any other output, since a file or a program gets whole lines, and for
 * a terminal that does not know its width, such as one of `script` or a container: it says 0.
 */
export function getOutputWidth({ isTTY, columns }: Pick<NodeJS.WriteStream, "isTTY" | "columns">): number {
  return isTTY && columns > 0 ? columns : Infinity;
}
