import { getListAt, getTextAt } from "../protocol/propertyValues.ts";
import type { Properties } from "../protocol/propertyValues.ts";
import { formatReference } from "./objectKind.ts";
import type { ObjectReference } from "./objectKind.ts";

function listManagedFields(live: Properties) {
  return getListAt(live, "metadata", "managedFields");
}

/** Lists the managers that set fields of an object; those that only report its status do not count. */
function listFieldManagers(live: Properties): string[] {
  const owners = listManagedFields(live).filter((entry) => getTextAt(entry, "subresource") === "");
  return [...new Set(owners.map((entry) => getTextAt(entry, "manager")))];
}

/** True if this field manager applied the object. */
export function isAppliedBy(live: Properties, manager: string): boolean {
  return listManagedFields(live).some(
    (entry) => getTextAt(entry, "manager") === manager && getTextAt(entry, "operation") === "Apply",
  );
}

/** The error for an object that someone else created: another checkout with its own state, a person, a controller. */
export function buildForeignObjectError(identity: ObjectReference, live: Properties): Error {
  const managers = listFieldManagers(live).join(", ") || "none recorded";
  return new Error(
    `${formatReference(identity)} is already in the cluster under another owner (field managers: ${managers}). ` +
      "If another checkout created it, continue there or destroy it from there; " +
      "to take it over, use the resource option `import` (or `pulumi import`). " +
      "Otherwise delete it or choose another name.",
  );
}

/** The error for an object that this resource created in an interrupted `up` and would now change. */
export function buildInterruptedUpError(identity: ObjectReference): Error {
  return new Error(
    `${formatReference(identity)} is already in the cluster: an interrupted up of this resource created it, ` +
      "and it or the program has changed since. " +
      "Take it over with the resource option `import` (or `pulumi import`), or delete it.",
  );
}
