/** Mean width of a character of a label, of 11 px, in a plot's own units. */
const characterWidth = 6.3;

/** Most that labels may take of a plot; what is longer stands out of it. */
const maxLabelWidth = 190;

/** Where the plotted part begins, so that its longest label has room: never before `least`. */
export const computePlotLeft = (labels: readonly string[], { least, gap }: { least: number; gap: number }): number =>
  Math.max(least, Math.min(maxLabelWidth, Math.max(0, ...labels.map(({ length }) => length * characterWidth)) + gap));
