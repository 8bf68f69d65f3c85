/**
 * True if an output shows colors: a terminal that has them, where the user has not asked for none (`NO_COLOR`,
 * https://no-color.org) and none are missing (`TERM=dumb`). `FORCE_COLOR` decides first, as in Node.js itself.
 */
export function hasColors(output: NodeJS.WriteStream): boolean {
  return output.isTTY && output.hasColors();
}

/** The value of Pulumi's option `color`. Pulumi writes to a pipe here, so it cannot find out by itself. */
export function selectPulumiColor(output: NodeJS.WriteStream): "always" | "never" {
  return hasColors(output) ? "always" : "never";
}
