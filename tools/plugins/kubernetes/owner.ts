import { listAt, textAt } from "../protocol/values.ts";
import type { Properties } from "../protocol/values.ts";
import { printIdentity } from "./kind.ts";
import type { Identity } from "./kind.ts";

const entriesOf = (live: Properties) => listAt(live, "metadata", "managedFields");

/** Who set fields of an object, as the API server records it. What controllers report in its status makes nobody an owner. */
function managersOf(live: Properties): string[] {
  const owners = entriesOf(live).filter((entry) => textAt(entry, "subresource") === "");
  return [...new Set(owners.map((entry) => textAt(entry, "manager")))];
}

/** Did this field manager apply the object? */
export function isOurs(live: Properties, manager: string): boolean {
  return entriesOf(live).some((entry) => textAt(entry, "manager") === manager && textAt(entry, "operation") === "Apply");
}

/** An object that somebody else made: another checkout with a state of its own, a person, a controller. */
export function standsUnderAnother(identity: Identity, live: Properties): Error {
  const managers = managersOf(live).join(", ") || "none that is recorded";
  return new Error(
    `${printIdentity(identity)} is already in the cluster under another owner (field managers: ${managers}). ` +
      "If another checkout made it, go on there, or destroy it from there; " +
      "to take it over, use the resource option `import` (or `pulumi import`). Otherwise delete it, or choose another name.",
  );
}

/** An object that this resource made in an `up` that was killed, and that it would now change. */
export function standsOtherwise(identity: Identity): Error {
  return new Error(
    `${printIdentity(identity)} is already in the cluster: an interrupted up of this resource made it, and it or the program has changed since. ` +
      "Take it over with the resource option `import` (or `pulumi import`), or delete it.",
  );
}
