/** Formats the names of nodes to which one line applies. */
export function formatNodeNames([first = "", ...others]: readonly string[]): string {
  const more = others.length === 1 ? "1 other" : `${String(others.length)} others`;
  return others.length === 0 ? `node ${first}` : `node ${first} (${more} likewise)`;
}
