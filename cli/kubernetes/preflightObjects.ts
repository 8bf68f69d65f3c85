/** A node with GPUs. */
export interface PreflightNode {
  readonly name: string;
  readonly cordoned: boolean;
  /** True if `preflight` cordoned it. */
  readonly cordonedHere: boolean;
}
