import { listViolations } from "../../policies/listViolations.ts";
import { formatFirstItems } from "../terminal/formatList.ts";
import type { ComparedManifest } from "./snapshotSchema.ts";

const maxListedViolations = 5;

/** Explains which rules of policies/ the objects of a stack break; undefined if they break none. */
export function explainViolations(stack: string, manifests: readonly ComparedManifest[]): string | undefined {
  const lines = listViolations(manifests).map(({ rule, object, message }) => `${rule}: ${object}: ${message}`);
  if (lines.length === 0) return undefined;
  const list = formatFirstItems(lines, { limit: maxListedViolations, separator: "\n  " });
  return `Pulumi.${stack}.yaml breaks rules of docs/policies.md:\n  ${list}`;
}
