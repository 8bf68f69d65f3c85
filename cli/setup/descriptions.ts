interface Definition {
  kind: string;
  spec: { versions: { schema: unknown }[] };
}

const isDefinition = (object: unknown): object is Definition =>
  typeof object === "object" && object !== null && "kind" in object && object.kind === "CustomResourceDefinition";

/**
 * A definition of a custom resource without the prose in its schemas: four fifths of its size, which Pulumi would
 * write anew at every step of an update. `kubectl explain` then shows types only. Other objects stay as they are.
 */
export function withoutDescriptions(object: unknown): unknown {
  if (!isDefinition(object)) return object;
  const versions = object.spec.versions.map((version) => ({ ...version, schema: stripped(version.schema) }));
  return { ...object, spec: { ...object.spec, versions } };
}

/** A property that is itself called "description" is an object and stays. */
function stripped(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(stripped);
  if (typeof value !== "object" || value === null) return value;
  const kept = Object.entries(value).filter(([key, inner]) => key !== "description" || typeof inner !== "string");
  return Object.fromEntries(kept.map(([key, inner]) => [key, stripped(inner)]));
}
