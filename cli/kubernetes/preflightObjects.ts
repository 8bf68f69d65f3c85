/** A node with GPUs. */
export interface PreflightNode {
  readonly name: string;
  readonly cordoned: boolean;
  /** Who put it into quarantine; undefined if it is in none. */
  readonly quarantine: string | undefined;
}
