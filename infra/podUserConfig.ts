import { z } from "zod";
import { storeMounts } from "../jobs/kube/podSettings.ts";

const idRule = "must be the number of a user or group other than 0, such as 60012: Pod Security admits no root";

function buildIdSchema(meaning: string) {
  return z.int(idRule).min(1, idRule).exactOptional().describe(meaning);
}

const podUserConfigSchema = z.strictObject({
  runAsUser: buildIdSchema("number of the user, by default 1000, which must be able to write to the store"),
  runAsGroup: buildIdSchema("number of the user's group, by default 1000"),
  fsGroup: buildIdSchema("group that volumes of a storage class get, as far as its driver changes owners"),
  supplementalGroups: z
    .array(z.int(idRule).min(1, idRule))
    .exactOptional()
    .describe("further groups, such as that of a project on Lustre or NFS"),
  storeMount: z
    .enum(storeMounts)
    .exactOptional()
    .describe("what trainings and evaluations can write to; whole where root of a node may not enter the store"),
});

/** The field of a cluster's file about the user of its pods. Local hosts make their store for the default one. */
export const podUserFields = {
  pods: podUserConfigSchema.exactOptional().describe("the user that all pods run as; in no name of a result"),
};
