/** The reason why a request failed. fetch hides it, such as a host that is not found, in the cause. */
export function explainFetchError(error: unknown): string {
  const { message, cause } = error as Error & {
    readonly cause?: { readonly message?: string; readonly code?: string };
  };
  return cause?.message || cause?.code || message;
}
