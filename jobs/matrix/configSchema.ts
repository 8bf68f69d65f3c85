import { z } from "zod";
import { gpuModels } from "../hardware/catalogue.ts";
import { categoryNames, dataKinds } from "./axes.ts";
import { familyNames, protocolNames } from "./families.ts";
import { repositories } from "./repositories.ts";

function unique<Item extends string>(items: readonly Item[]) {
  return z.array(z.enum(items as unknown as [Item, ...Item[]])).min(1).superRefine((list, context) => {
    list.forEach((item, index) => {
      if (list.indexOf(item) === index) return;
      const message = `"${item}" is already listed; name it once`;
      context.addIssue({ code: "custom", path: [index], message, params: { rule: "listed-twice" } });
    });
  });
}

const custom = (rule: string, error: string) => ({ error, params: { rule } });

const count = (most: number) => z.number().int().min(1).max(most);

const objectName = z.string().refine((name) => /^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/.test(name), custom("not-a-name", "this must be the name of a Kubernetes object: at most 63 lower case letters, digits and dashes"));

const commit = z.string().refine((text) => /^[0-9a-f]{40}$/.test(text), custom("not-a-commit", "this must be a commit, 40 hexadecimal digits; branches and tags move"));

const axes = z
  .strictObject({ data: unique(dataKinds).default([...dataKinds]), categories: unique(categoryNames).default([...categoryNames]) })
  .prefault({});

/** What a stack of a family and the stack of the corpora have in common. */
const common = {
  axes,
  cluster: z.string().min(1).default("dev"),
  tokenSecret: objectName.exactOptional(),
  revisions: z.strictObject(Object.fromEntries(repositories.map((name) => [name, commit.optional()]))).default({}),
};

const price = z.strictObject({
  perGpuHour: z.number().min(0),
  currency: z.string().refine((text) => /^[A-Z]{3}$/.test(text), custom("not-a-currency", "this must be a currency code of three capital letters, like EUR")),
});

export function familySchema(recipeKeys: z.ZodObject) {
  return z.strictObject({
    family: z.enum(familyNames),
    protocol: z.enum(protocolNames),
    ...common,
    hardware: z.strictObject({ gpu: z.enum(gpuModels), nodesPerCell: count(1024).default(1), devicesPerNode: count(16) }),
    overrides: z.record(z.string(), recipeKeys).default({}),
    kind: z.literal("family").default("family"),
    queue: objectName.default("gpu"),
    price: price.exactOptional(),
    sequenceLength: count(131072).exactOptional(),
  });
}

export const corporaSchema = z.strictObject({ kind: z.literal("corpora"), ...common });

export type ParsedFamily = z.infer<ReturnType<typeof familySchema>>;
export type ParsedCorpora = z.infer<typeof corporaSchema>;

/** Keys that the objects of a configuration may have, for messages. */
export function keysOf(schema: z.ZodObject, path: readonly PropertyKey[], overridable: readonly string[]): readonly string[] {
  const [first] = path;
  if (first === undefined) return Object.keys(schema.shape);
  if (first === "axes") return Object.keys(axes.unwrap().shape);
  if (first === "hardware") return ["gpu", "nodesPerCell", "devicesPerNode"];
  if (first === "price") return Object.keys(price.shape);
  if (first === "revisions") return repositories;
  return first === "overrides" ? overridable : [];
}
