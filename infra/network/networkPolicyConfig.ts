import { z } from "zod";

const calledAddressRule =
  "must be an address with its protocol and, if it is not the protocol's own, port, such as http://mlflow.tools:5000";

const calledAddressSchema = z
  .string(calledAddressRule)
  .refine((address) => /^https?:\/\/./.test(address) && URL.canParse(address), calledAddressRule);

const openPortRule = "must be a port, a whole number from 1 to 65535";
const openPortSchema = z.int(openPortRule).min(1, openPortRule).max(65_535, openPortRule);

function buildAddressListSchema(pods: string) {
  return z.array(calledAddressSchema).exactOptional().describe(`further addresses that the pods of ${pods} may call`);
}

const networkPolicySchema = z.strictObject({
  enabled: z.boolean().exactOptional().describe("false leaves the network of the namespace open"),
  apiServerPorts: z
    .array(openPortSchema)
    .min(1)
    .exactOptional()
    .describe("ports at which publishing reaches the API server, behind its service too; 443 and 6443 if omitted"),
  training: buildAddressListSchema("trainings, such as that of an MLflow server"),
  evaluation: buildAddressListSchema("evaluations"),
  data: buildAddressListSchema("data jobs and exports, besides the hub, its mirror and the proxies in data.env"),
});

/** The field of a cluster's file about the network of its pods. */
export const networkPolicyFields = {
  networkPolicy: networkPolicySchema
    .exactOptional()
    .describe("what the pods may reach; nothing but the few openings of each step by default"),
};

export type NetworkPolicyConfig = z.infer<typeof networkPolicySchema>;
