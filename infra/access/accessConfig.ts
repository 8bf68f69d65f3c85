import { z } from "zod";
import type { AccessRoleName } from "./accessRoles.ts";

const groupNameRule =
  "must be the name of a group of your users, not one of Kubernetes' own (system:…) except " +
  "system:serviceaccounts:NAMESPACE";

const groupNameSchema = z
  .string(groupNameRule)
  .regex(/^(?!system:(?!serviceaccounts:[a-z0-9-]+$))[^\s]+$/, groupNameRule);

function buildGroupListSchema(meaning: string) {
  return z.array(groupNameSchema).exactOptional().describe(`groups that may ${meaning}`);
}

const accessSchema = z.strictObject({
  view: buildGroupListSchema("watch the work and read its scores"),
  submit: buildGroupListSchema("also run up, retry and destroy for stacks of experiments"),
  operate: buildGroupListSchema("also run preflight, put nodes into quarantine and hold the queues"),
} satisfies Record<AccessRoleName, unknown>);

/** The field of a cluster's file about its users. */
export const roleFields = {
  access: accessSchema
    .exactOptional()
    .describe("the groups of users by role, as the cluster's authentication reports them"),
};
