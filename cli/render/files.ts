import { stringify } from "yaml";
import type { Experiment } from "../../jobs/experiment.ts";

/** YAML documents, one per manifest, every value written out. */
export function yamlOf(manifests: readonly object[]): string {
  return manifests.map((manifest) => `---\n${stringify(manifest, { aliasDuplicateObjects: false, lineWidth: 0 })}`).join("");
}

/** What an experiment submits, as text by file name: what cells share, and a file for each cell in the order of its steps. */
export function renderedFiles({ shared, cells }: Experiment): Map<string, string> {
  const ofCells = cells.map(({ cell, data, train, evaluate }) => [`${cell.slug}.yaml`, yamlOf([data, train, evaluate])] as const);
  return new Map([["shared.yaml", yamlOf(shared)] as const, ...ofCells].filter(([, text]) => text !== ""));
}
