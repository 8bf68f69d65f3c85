import { stringify } from "yaml";

/** YAML documents, one per manifest, every value written out. */
export function formatYaml(manifests: readonly object[]): string {
  return manifests
    .map((manifest) => `---\n${stringify(manifest, { aliasDuplicateObjects: false, lineWidth: 0 })}`)
    .join("");
}
