import type { MarkerKind } from "../plot/marker.ts";
import type { ResourceLevel } from "../published/rowSchemas.ts";

/** The marks of the resource levels, which are the same in every figure. */
export const levelMarkers = [
  { part: "high", kind: "square", text: "high-resource" },
  { part: "medium", kind: "circle", text: "medium-resource" },
  { part: "low", kind: "triangle", text: "low-resource" },
] as const satisfies readonly { part: ResourceLevel; kind: MarkerKind; text: string }[];
