const defaultBarWidth = 24;

/** Formats a duration as `1:05:09` or `2:03`. */
export function formatDuration(seconds: number): string {
  const wholeSeconds = Math.max(0, Math.round(seconds));
  const parts = [Math.floor(wholeSeconds / 3600), Math.floor(wholeSeconds / 60) % 60, wholeSeconds % 60];
  const [first, ...rest] = parts[0] === 0 ? parts.slice(1) : parts;
  return [String(first), ...rest.map((part) => String(part).padStart(2, "0"))].join(":");
}

/** Renders a bar of `length` characters; `share` is clamped to 0…1. */
export function renderBar(share: number, length = defaultBarWidth): string {
  const full = Math.round(Math.min(1, Math.max(0, share)) * length);
  return "█".repeat(full) + "░".repeat(length - full);
}
