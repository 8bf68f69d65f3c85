import type { z } from "zod";
import { selectVariants } from "./completeSchemas.ts";

interface SchemaDefinition {
  readonly innerType?: unknown;
  readonly in?: unknown;
  readonly valueType?: unknown;
  readonly element?: unknown;
  readonly catchall?: unknown;
  readonly discriminator?: string;
  readonly options?: readonly unknown[];
}

interface ShapedSchema {
  readonly shape?: Readonly<Record<string, unknown>>;
}

function readSchemaDefinition(schema: unknown): SchemaDefinition {
  return (schema as { _zod?: { def?: SchemaDefinition } } | undefined)?._zod?.def ?? {};
}

function readField(value: unknown, key: PropertyKey): unknown {
  return (value as Readonly<Record<PropertyKey, unknown>> | null | undefined)?.[key];
}

/**
 * Returns the shape of the variant of a discriminated union that the value names or probably means, or else of all
 * variants of the union together; returns any other schema unchanged.
 */
function selectUnionOption(schema: unknown, value: unknown): unknown {
  const { discriminator: field, options = [] } = readSchemaDefinition(schema);
  if (options.length === 0) return schema;
  const variants: readonly ShapedSchema[] =
    field === undefined
      ? (options as readonly ShapedSchema[])
      : selectVariants(options as readonly z.ZodObject[], { field, value });
  return { shape: Object.fromEntries(variants.flatMap(({ shape = {} }) => Object.entries(shape))) };
}

/** Unwraps defaults, optional schemas and transformations. */
function unwrapSchema(schema: unknown, value: unknown): unknown {
  const definition = readSchemaDefinition(schema);
  const inner = definition.innerType ?? definition.in;
  return inner === undefined ? selectUnionOption(schema, value) : unwrapSchema(inner, value);
}

interface SchemaPosition {
  readonly schema: unknown;
  readonly value: unknown;
}

function enterMember({ schema, value }: SchemaPosition, key: PropertyKey): SchemaPosition {
  const object = unwrapSchema(schema, value);
  const { valueType, element, catchall } = readSchemaDefinition(object);
  return {
    schema: (object as ShapedSchema | undefined)?.shape?.[String(key)] ?? valueType ?? element ?? catchall,
    value: readField(value, key),
  };
}

/** Lists the keys allowed in the object at a path of the input, for error messages. */
export function listKeysAt(whole: unknown, input: unknown, path: readonly PropertyKey[]): readonly string[] {
  const { schema, value } = path.reduce<SchemaPosition>(enterMember, { schema: whole, value: input });
  return Object.keys((unwrapSchema(schema, value) as ShapedSchema | undefined)?.shape ?? {});
}
