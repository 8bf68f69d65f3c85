/** The message of a thrown value; the error's name where its message is empty, as AggregateError's is. */
export function formatError(error: unknown): string {
  return error instanceof Error ? error.message || String(error) : String(error);
}
