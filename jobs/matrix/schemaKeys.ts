interface Definition {
  innerType?: unknown;
  in?: unknown;
  valueType?: unknown;
  catchall?: unknown;
  discriminator?: string;
  options?: readonly unknown[];
}

interface WithShape {
  shape?: Readonly<Record<string, unknown>>;
}

const definitionOf = (schema: unknown): Definition => (schema as { _zod?: { def?: Definition } } | undefined)?._zod?.def ?? {};

const fieldOf = (value: unknown, key: PropertyKey): unknown => (value as Readonly<Record<PropertyKey, unknown>> | null | undefined)?.[key];

/** Of a union the schema whose literal the value names; any other schema as it is. */
function chosen(schema: unknown, value: unknown): unknown {
  const { discriminator, options } = definitionOf(schema);
  if (discriminator === undefined) return schema;
  const literals = (option: unknown) => (definitionOf((option as WithShape).shape?.[discriminator]) as { values?: readonly unknown[] }).values;
  return options?.find((option) => literals(option)?.includes(fieldOf(value, discriminator)));
}

/** The schema inside defaults and before transformations. */
function bare(schema: unknown, value: unknown): unknown {
  const definition = definitionOf(schema);
  const inner = definition.innerType ?? definition.in;
  return inner === undefined ? chosen(schema, value) : bare(inner, value);
}

interface At {
  schema: unknown;
  value: unknown;
}

function memberOf({ schema, value }: At, key: PropertyKey): At {
  const object = bare(schema, value);
  const { valueType, catchall } = definitionOf(object);
  return { schema: (object as WithShape | undefined)?.shape?.[String(key)] ?? valueType ?? catchall, value: fieldOf(value, key) };
}

/** Keys that the object at a path of a configuration may have, for messages. */
export function keysAt(whole: unknown, input: unknown, path: readonly PropertyKey[]): readonly string[] {
  const { schema, value } = path.reduce<At>(memberOf, { schema: whole, value: input });
  return Object.keys((bare(schema, value) as WithShape | undefined)?.shape ?? {});
}
