interface Definition {
  innerType?: unknown;
  valueType?: unknown;
}

interface WithShape {
  shape?: Readonly<Record<string, unknown>>;
}

const definitionOf = (schema: unknown): Definition => (schema as { _zod?: { def?: Definition } } | undefined)?._zod?.def ?? {};

/** The schema inside defaults and the like. */
function bare(schema: unknown): unknown {
  const { innerType } = definitionOf(schema);
  return innerType === undefined ? schema : bare(innerType);
}

function memberOf(schema: unknown, key: PropertyKey): unknown {
  const object = bare(schema);
  return (object as WithShape | undefined)?.shape?.[String(key)] ?? definitionOf(object).valueType;
}

/** Keys that the object at a path of a configuration may have, for messages. */
export function keysAt(schema: unknown, path: readonly PropertyKey[]): readonly string[] {
  const at = path.reduce<unknown>(memberOf, schema);
  return Object.keys((bare(at) as WithShape | undefined)?.shape ?? {});
}
