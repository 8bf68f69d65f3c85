/** Top-level names that several files may declare, each with a reason. */
export const allowedRepeats: Readonly<Record<string, string>> = { main: "the entry point of each Python package" };
