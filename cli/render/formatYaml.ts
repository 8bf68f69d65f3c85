import { stringify } from "yaml";

/** Formats manifests as YAML documents without aliases or folded lines. */
export function formatYaml(manifests: readonly object[]): string {
  return manifests
    .map((manifest) => `---\n${stringify(manifest, { aliasDuplicateObjects: false, lineWidth: 0 })}`)
    .join("");
}
