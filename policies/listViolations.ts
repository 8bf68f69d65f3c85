import type { CheckedObject } from "./objectRules.ts";
import { objectRules } from "./objectRules.ts";

/** An object that breaks a rule. */
interface PolicyViolation {
  readonly rule: string;
  /** `Job/model-viking-7b-bb343c88` */
  readonly object: string;
  readonly message: string;
}

interface NamedObject extends CheckedObject {
  readonly kind: string;
  readonly metadata: { readonly name: string };
}

/** Checks objects against every rule. */
export function listViolations(objects: readonly NamedObject[]): PolicyViolation[] {
  return objects.flatMap((object) =>
    objectRules.flatMap(({ name, check }) =>
      check(object).map((message) => ({ rule: name, object: `${object.kind}/${object.metadata.name}`, message })),
    ),
  );
}
