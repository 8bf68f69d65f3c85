import { BlockList, isIPv4 } from "node:net";
import { z } from "zod";
import { buildMapSchema, evenIfEntriesAreInvalid } from "../validation/completeSchemas.ts";
import { labelSchema, labelValueSchema } from "./labelSchemas.ts";

const nameRule =
  "must be a name of at most 63 lower-case letters, digits and hyphens that begins and ends with a letter or digit";
const numberRule = "must be a whole number from 1 to 250 that the machine keeps for life";
const addressRule = "must be an IPv4 address under which the other machines reach this one";
const userRule = "must be the name of a user who is root or may use sudo without a password";
const portRule = "must be a whole number from 1 to 65535";
const roleRule = "must be control-plane, or be left out";
const devicesRule = "must be none, for a machine without GPUs, or be left out";
const countRule = "must be 1 or 3, so that most of them can agree";
const hostKeyRule =
  "must be a public key of the host, of type ssh-ed25519, ecdsa-sha2-nistp256 (384, 521) or ssh-rsa, " +
  "as in /etc/ssh/ssh_host_ed25519_key.pub without the comment";
const hostKeyPattern = /^(ssh-ed25519|ecdsa-sha2-nistp(256|384|521)|ssh-rsa) [A-Za-z0-9+/]+=*$/;

/** Networks whose addresses cannot be a machine's, with the reason. */
const refusedNetworks: readonly [network: string, reason: string][] = [
  ["127.0.0.0/8", "leads each machine to itself"],
  ["0.0.0.0/8", "is not the address of a machine"],
  ["224.0.0.0/3", "is not the address of a machine"],
];

function isInNetwork(address: string, network: string): boolean {
  const [base = "", prefix] = network.split("/");
  const list = new BlockList();
  list.addSubnet(base, Number(prefix));
  return list.check(address);
}

function describeAddressProblem(address: string): string | undefined {
  if (!isIPv4(address)) return addressRule;
  const refused = refusedNetworks.find(([network]) => isInNetwork(address, network));
  return refused && `${refused[1]}, ${refused[0]}; ${addressRule}`;
}

/** The login to a machine. */
const loginFields = {
  user: z
    .string(userRule)
    .regex(/^[a-z_][a-z0-9_.-]*\$?$/i, userRule)
    .default("root"),
  port: z.int(portRule).min(1, portRule).max(65_535, portRule).default(22),
  hostKey: z.string(hostKeyRule).regex(hostKeyPattern, hostKeyRule),
};

const localPortRule = "must be an unused port of the operator's machine, a whole number from 1024 to 65535";
const bastionAddressRule = "must be the name or address under which the operator's machine reaches the bastion";

export const bastionSchema = z
  .strictObject({
    address: z.string(bastionAddressRule).regex(/^[a-z0-9][a-z0-9.:-]*$/i, bastionAddressRule),
    ...loginFields,
    localPort: z
      .int(localPortRule)
      .min(1024, localPortRule)
      .max(65_535, localPortRule)
      .exactOptional()
      .describe("port of the operator's machine that leads through the bastion to the API server; direct if omitted"),
  })
  .exactOptional()
  .describe("the machine through which all others are reached; it needs neither root nor sudo");

const reservedKeyRule =
  "is set by the node, AMD's node labeller or this project; choose a key of your own, such as example.com/rack";
const reservedKeyPattern =
  /^(kubernetes\.io\/(hostname|os|arch)$|([a-z0-9.-]+\.)?(amd\.com|mixcpt\.io|node\.kubernetes\.io)\/)/;
const ownKeySchema = labelSchema.refine((key) => !reservedKeyPattern.test(key), reservedKeyRule);

const nodeTaintSchema = z.strictObject({
  key: ownKeySchema,
  value: labelValueSchema.exactOptional(),
  effect: z.enum(["NoSchedule", "PreferNoSchedule", "NoExecute"]),
});

/** The labels and taints of a node. */
const nodeFields = {
  labels: buildMapSchema(ownKeySchema, labelValueSchema).default({}).describe("labels of the node"),
  taints: z.array(nodeTaintSchema).default([]).describe("taints of the node, which its work must tolerate"),
};

const hostEntrySchema = z.strictObject({
  name: z
    .string(nameRule)
    .max(63, nameRule)
    .regex(/^[a-z0-9]([a-z0-9-]*[a-z0-9])?$/, nameRule),
  number: z.int(numberRule).min(1, numberRule).max(250, numberRule),
  address: z.string(addressRule).superRefine((address, context) => {
    const message = describeAddressProblem(address);
    if (message !== undefined) context.addIssue({ code: "custom", message });
  }),
  role: z.literal("control-plane", roleRule).exactOptional(),
  devices: z
    .literal("none", devicesRule)
    .exactOptional()
    .describe("none for a machine without GPUs; those of the cluster if omitted"),
  ...loginFields,
  ...nodeFields,
});

type HostEntry = z.infer<typeof hostEntrySchema>;

/** etcd decides by majority: of two members both must answer, which is worse than one, and five add little to three. */
function isControlPlaneCount(count: number): boolean {
  return count === 0 || count === 1 || count === 3;
}

/**
 * Machines that are reached by SSH. Those with the role are control planes, without any the first; the others can be
 * added and removed independently of each other.
 */
export const inventorySchema = z
  .array(hostEntrySchema)
  .min(1)
  .superRefine((machines: readonly (Partial<HostEntry> | null)[], context) => {
    for (const key of ["name", "number", "address"] as const) {
      machines.forEach((machine, index) => {
        const value = machine?.[key];
        const first = machines.findIndex((other) => other?.[key] === value);
        if (value !== undefined && first < index)
          context.addIssue({
            code: "custom",
            path: [index, key],
            message: `${String(value)} is already used by machines[${String(first)}]; every ${key} must be unique`,
          });
      });
    }
    const count = machines.filter((machine) => machine?.role !== undefined).length;
    if (!isControlPlaneCount(count))
      context.addIssue({
        code: "custom",
        path: [machines.findLastIndex((machine) => machine?.role !== undefined), "role"],
        message: `${String(count)} machines have the role control-plane; ${countRule}`,
      });
    if (machines.every((machine) => machine?.devices === "none"))
      context.addIssue({
        code: "custom",
        path: [0, "devices"],
        message: "is none on every machine; at least one must have GPUs",
      });
  }, evenIfEntriesAreInvalid);

/** Counts the machines with GPUs. */
export function countGpuMachines(machines: readonly Pick<HostEntry, "devices">[]): number {
  return machines.filter(({ devices }) => devices === undefined).length;
}

/** The machines that run the control plane, the one that made the cluster first. */
export function selectControlPlanes<Machine extends { readonly role?: "control-plane" }>(
  machines: readonly Machine[],
): Machine[] {
  const named = machines.filter(({ role }) => role !== undefined);
  return named.length > 0 ? named : machines.slice(0, 1);
}
