/**
 * Schemas that report every problem of a value at once. Zod's own checks of a whole value are skipped if a part of it
 * is invalid, an invalid key of a map hides its value, and an unknown variant hides all other fields.
 */
import { z } from "zod";
import { findNearestWord } from "./suggestions.ts";

type ZodIssue = z.core.$ZodIssue;
type ZodMap = Readonly<Record<string, unknown>>;

export function isMap(value: unknown): value is ZodMap {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Returns a map without the fields that have issues. */
export function omitInvalidFields(map: ZodMap, issues: readonly ZodIssue[]): ZodMap {
  const invalid = issues.flatMap((issue) =>
    issue.code === "unrecognized_keys" && issue.path.length === 0 ? issue.keys : issue.path.slice(0, 1),
  );
  return Object.fromEntries(Object.entries(map).filter(([key]) => !invalid.includes(key)));
}

/** Makes a check of a whole list run even if an entry is invalid. */
export const evenIfEntriesAreInvalid = { when: ({ value }: { value: unknown }) => Array.isArray(value) };

/** Makes a check of a whole map run even if a field is invalid. */
export const evenIfFieldsAreInvalid = { when: ({ value }: { value: unknown }) => isMap(value) };

/** Builds the schema of a map whose names follow a schema, too. */
export function buildMapSchema<Value extends z.ZodType>(name: z.ZodType<string>, value: Value) {
  return z.record(z.string(), value).superRefine((map, context) => {
    for (const key of Object.keys(map)) {
      const issues = name.safeParse(key).error?.issues ?? [];
      if (issues.length > 0)
        context.issues.push({ code: "invalid_key", origin: "record", path: [key], input: key, issues });
    }
  }, evenIfFieldsAreInvalid);
}

/** Returns the values that a field of a schema allows if it allows only given texts. */
function listLiterals(schema: z.ZodObject, field: string): string[] {
  const literals = schema.shape[field];
  return literals instanceof z.ZodLiteral ? [...literals.values].map(String) : [];
}

/** Selects the variants whose fields are most like those of a value. */
function selectSimilarVariants<Variant extends z.ZodObject>(variants: readonly Variant[], value: unknown): Variant[] {
  const fields = isMap(value) ? Object.keys(value) : [];
  const ranked = variants.map((variant) => ({
    variant,
    shared: fields.filter((field) => field in variant.shape).length,
  }));
  const most = Math.max(...ranked.map(({ shared }) => shared));
  return ranked.filter(({ shared }) => shared === most).map(({ variant }) => variant);
}

/** Selects the variant that a value names or probably means, by its name or by its fields; several if undecided. */
export function selectVariants<Variant extends z.ZodObject>(
  variants: readonly Variant[],
  { field, value }: { readonly field: string; readonly value: unknown },
): readonly Variant[] {
  const word = isMap(value) ? value[field] : undefined;
  const names = variants.flatMap((variant) => listLiterals(variant, field));
  const nearest = word === undefined ? undefined : findNearestWord(String(word), names);
  const meant = variants.find((variant) => listLiterals(variant, field).some((name) => name === nearest));
  return meant === undefined ? selectSimilarVariants(variants, value) : [meant];
}

/** Splits an issue about several unknown keys into one for each, to compare issues of several variants. */
function splitIssue(issue: ZodIssue): ZodIssue[] {
  return issue.code === "unrecognized_keys" ? issue.keys.map((key) => ({ ...issue, keys: [key] })) : [issue];
}

function formatIssueIdentity(issue: ZodIssue): string {
  return JSON.stringify([issue.path, issue.code, issue.code === "unrecognized_keys" ? issue.keys : []]);
}

function isMissing({ path }: ZodIssue, value: unknown): boolean {
  return (
    path.reduce<unknown>((part, key) => (part as Record<PropertyKey, unknown> | undefined)?.[key], value) === undefined
  );
}

/** Lists the problems that a value has in each of the variants that it may mean. */
function listCommonIssues(variants: readonly z.ZodObject[], field: string, value: ZodMap): ZodIssue[] {
  const candidates = selectVariants(variants, { field, value });
  const [first = [], ...others] = candidates.map((variant) => {
    const { error } = variant.safeParse({ ...value, [field]: listLiterals(variant, field)[0] });
    return (error?.issues ?? []).flatMap(splitIssue);
  });
  const identities = others.map((issues) => new Set(issues.map(formatIssueIdentity)));
  return first
    .filter((issue) => identities.every((set) => set.has(formatIssueIdentity(issue))))
    .filter((issue) => candidates.length === 1 || issue.code === "unrecognized_keys" || !isMissing(issue, value));
}

/**
 * Builds the schema of a map whose field names its variant. If that name is unknown, the other fields are checked as
 * those of the variant that was probably meant.
 */
export function buildVariantsSchema<Field extends string, Variants extends readonly [z.ZodObject, ...z.ZodObject[]]>(
  field: Field,
  variants: Variants,
  error?: string,
) {
  const names = variants.flatMap((variant) => listLiterals(variant, field));
  const namesNoVariant = ({ value }: { value: unknown }) => isMap(value) && !names.includes(String(value[field]));
  return z.discriminatedUnion(field, variants, error).superRefine(
    (value, context) => {
      const issues = listCommonIssues(variants, field, value as ZodMap);
      context.issues.push(...issues.map((issue) => ({ ...issue, input: value }) as z.core.$ZodRawIssue));
    },
    { when: namesNoVariant },
  );
}
