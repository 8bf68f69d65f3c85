/** The flags of the command line. */
export interface PreflightFlags {
  readonly nodes?: readonly string[];
  readonly allPairs?: boolean;
  readonly wait: number;
  readonly uncordon?: boolean;
  readonly json?: boolean;
}
