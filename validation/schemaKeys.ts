interface SchemaDefinition {
  innerType?: unknown;
  in?: unknown;
  valueType?: unknown;
  catchall?: unknown;
  discriminator?: string;
  options?: readonly unknown[];
}

interface ShapedSchema {
  shape?: Readonly<Record<string, unknown>>;
}

const readSchemaDefinition = (schema: unknown): SchemaDefinition => (schema as { _zod?: { def?: SchemaDefinition } } | undefined)?._zod?.def ?? {};

const readField = (value: unknown, key: PropertyKey): unknown => (value as Readonly<Record<PropertyKey, unknown>> | null | undefined)?.[key];

/** Of a union the schema whose literal the value names; any other schema as it is. */
function selectUnionOption(schema: unknown, value: unknown): unknown {
  const { discriminator, options } = readSchemaDefinition(schema);
  if (discriminator === undefined) return schema;
  const listLiterals = (option: unknown) => (readSchemaDefinition((option as ShapedSchema).shape?.[discriminator]) as { values?: readonly unknown[] }).values;
  return options?.find((option) => listLiterals(option)?.includes(readField(value, discriminator)));
}

/** The schema inside defaults and before transformations. */
function unwrapSchema(schema: unknown, value: unknown): unknown {
  const definition = readSchemaDefinition(schema);
  const inner = definition.innerType ?? definition.in;
  return inner === undefined ? selectUnionOption(schema, value) : unwrapSchema(inner, value);
}

interface SchemaPosition {
  schema: unknown;
  value: unknown;
}

function enterMember({ schema, value }: SchemaPosition, key: PropertyKey): SchemaPosition {
  const object = unwrapSchema(schema, value);
  const { valueType, catchall } = readSchemaDefinition(object);
  return { schema: (object as ShapedSchema | undefined)?.shape?.[String(key)] ?? valueType ?? catchall, value: readField(value, key) };
}

/** Keys that the object at a path of a configuration may have, for messages. */
export function listKeysAt(whole: unknown, input: unknown, path: readonly PropertyKey[]): readonly string[] {
  const { schema, value } = path.reduce<SchemaPosition>(enterMember, { schema: whole, value: input });
  return Object.keys((unwrapSchema(schema, value) as ShapedSchema | undefined)?.shape ?? {});
}
