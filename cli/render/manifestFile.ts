/** The text of rendered files, and how a later render recognizes them. */
import { formatYaml } from "./formatYaml.ts";

type RenderingCommand = "render" | "cluster render";

/** The beginnings of all rendered files. */
const marks: Readonly<Record<RenderingCommand, string>> = {
  render: "# mixcpt render ",
  "cluster render": "# mixcpt cluster render ",
};

interface ManifestFile {
  readonly command: RenderingCommand;
  /** Follows the command in the first line; begins with the stack. */
  readonly title: string;
  readonly manifests: readonly object[];
  /** Lines below the title. */
  readonly notes?: readonly string[];
}

/** Formats manifests below the command that renders them, the title of their file, and notes. */
export function formatManifestFile({ command, title, manifests, notes = [] }: ManifestFile): string {
  const comments = notes.map((note) => `#${note && ` ${note}`}`);
  return [`${marks[command]}${title}`, ...comments, formatYaml(manifests)].join("\n");
}

/** True for the text of a file that one of the commands has rendered. */
export function isRenderedText(text: string): boolean {
  return Object.values(marks).some((mark) => text.startsWith(mark));
}
