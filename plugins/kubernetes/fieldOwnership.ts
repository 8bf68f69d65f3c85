import { getListAt, getTextAt } from "../protocol/propertyValues.ts";
import type { Properties } from "../protocol/propertyValues.ts";
import { formatReference } from "./objectKind.ts";
import type { ObjectReference } from "./objectKind.ts";

function listManagedFields(live: Properties) {
  return getListAt(live, "metadata", "managedFields");
}

/** Who set fields of an object, as the API server records it. What controllers report in its status makes nobody an owner. */
function listFieldManagers(live: Properties): string[] {
  const owners = listManagedFields(live).filter((entry) => getTextAt(entry, "subresource") === "");
  return [...new Set(owners.map((entry) => getTextAt(entry, "manager")))];
}

/** Did this field manager apply the object? */
export function isAppliedBy(live: Properties, manager: string): boolean {
  return listManagedFields(live).some(
    (entry) => getTextAt(entry, "manager") === manager && getTextAt(entry, "operation") === "Apply",
  );
}

/** An object that somebody else made: another checkout with a state of its own, a person, a controller. */
export function buildForeignObjectError(identity: ObjectReference, live: Properties): Error {
  const managers = listFieldManagers(live).join(", ") || "none that is recorded";
  return new Error(
    `${formatReference(identity)} is already in the cluster under another owner (field managers: ${managers}). ` +
      "If another checkout made it, go on there, or destroy it from there; " +
      "to take it over, use the resource option `import` (or `pulumi import`). Otherwise delete it, or choose another name.",
  );
}

/** An object that this resource made in an `up` that was killed, and that it would now change. */
export function buildInterruptedUpError(identity: ObjectReference): Error {
  return new Error(
    `${formatReference(identity)} is already in the cluster: an interrupted up of this resource made it, and it or the program has changed since. ` +
      "Take it over with the resource option `import` (or `pulumi import`), or delete it.",
  );
}
