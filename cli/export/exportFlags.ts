/** The flags of the command line. */
export interface ExportFlags {
  /** The step of the checkpoint; that with the cell's score if undefined. */
  readonly step?: number;
  /** `OWNER/NAME` of a repository. */
  readonly push?: string;
  readonly public?: true;
  readonly license?: string;
}
