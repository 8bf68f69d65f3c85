import { z } from "zod";
import { evenIfEntriesAreInvalid } from "./completeSchemas.ts";

/** Builds the schema of a list without duplicates. */
export function buildListSchema<Item extends z.ZodType<string | number | boolean>>(item: Item) {
  return z.array(item).superRefine((list, context) => {
    list.forEach((name, index) => {
      if (list.indexOf(name) === index) return;
      const message = `${JSON.stringify(name)} is already in the list; remove the duplicate`;
      context.addIssue({ code: "custom", path: [index], message, params: { rule: "listed-twice" } });
    });
  }, evenIfEntriesAreInvalid);
}
