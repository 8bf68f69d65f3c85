/** A file that leaves the report, with its path in the output folder. */
export interface ExportFile {
  readonly path: string;
  readonly text: string;
}
