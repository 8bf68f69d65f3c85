import { isIPv4 } from "node:net";
import { z } from "zod";
import { buildVariantsSchema, evenIfFieldsAreInvalid } from "../validation/completeSchemas.ts";
import { selectControlPlanes } from "./inventory.ts";

const heldAddressRule =
  "must be an unused IPv4 address in the network of the control planes, which one of them holds at a time";
const balancerAddressRule = "must be the address or the name of a load balancer in front of the control planes";
const missingRule =
  "is missing; several control planes need an address that is none of theirs, such as " +
  "{ heldBy: kube-vip, address: 10.0.0.10 }";
const portRule = "must be a whole number from 1 to 65535";

/** An address that kube-vip moves to a control plane that answers. */
const kubeVipSchema = z.strictObject({
  heldBy: z.literal("kube-vip"),
  address: z.string(heldAddressRule).refine((address) => isIPv4(address), heldAddressRule),
  port: z.literal(6443, "must be 6443, where the API servers listen: kube-vip moves the address alone").default(6443),
});

const balancerSchema = z.strictObject({
  heldBy: z.literal("load-balancer"),
  address: z.string(balancerAddressRule).regex(/^[a-z0-9]([a-z0-9.-]*[a-z0-9])?$/, balancerAddressRule),
  port: z.int(portRule).min(1, portRule).max(65_535, portRule).default(6443),
});

export const endpointSchema = buildVariantsSchema("heldBy", [kubeVipSchema, balancerSchema])
  .optional()
  .describe("the address of the API servers that stays when a control plane goes; needed with several of them");
export type EndpointConfig = NonNullable<z.infer<typeof endpointSchema>>;

interface ApiServers {
  readonly machines: readonly { readonly address: string; readonly role?: "control-plane" }[];
  readonly endpoint?: EndpointConfig | undefined;
}

/** Formats the address of the API servers as HOST:PORT; without an endpoint that of the only control plane. */
export function formatApiAddress({ machines, endpoint }: ApiServers): string {
  if (endpoint !== undefined) return `${endpoint.address}:${String(endpoint.port)}`;
  return `${selectControlPlanes(machines)[0]?.address ?? ""}:6443`;
}

const controlPlaneFieldsSchema = z.object({
  machines: z.array(z.object({ address: z.string(), role: z.literal("control-plane").exactOptional() })),
  endpoint: z.object({ heldBy: z.string(), address: z.string() }).optional(),
});

/** Adds a check of control planes and endpoint together to the schema of a cluster's fields. */
export function checkEndpoint<Schema extends z.ZodObject>(schema: Schema): Schema {
  return schema.superRefine((fields, context) => {
    const { data } = controlPlaneFieldsSchema.safeParse(fields);
    if (data === undefined) return;
    const { machines, endpoint } = data;
    if (endpoint === undefined && selectControlPlanes(machines).length > 1)
      context.addIssue({ code: "custom", path: ["endpoint"], message: missingRule });
    const index = machines.findIndex(({ address }) => address === endpoint?.address);
    if (endpoint?.heldBy === "kube-vip" && index >= 0)
      context.addIssue({
        code: "custom",
        path: ["endpoint", "address"],
        message: `${endpoint.address} is the address of machines[${String(index)}]; ${heldAddressRule}`,
      });
  }, evenIfFieldsAreInvalid);
}
