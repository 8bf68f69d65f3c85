import { BlockList, isIPv4 } from "node:net";
import { z } from "zod";
import { evenIfEntriesAreInvalid } from "../validation/completeSchemas.ts";

const nameRule =
  "must be a name of at most 63 lower-case letters, digits and hyphens that begins and ends with a letter or digit";
const numberRule = "must be a whole number from 1 to 250 that the machine keeps for life";
const addressRule = "must be an IPv4 address under which the other machines reach this one";
const userRule = "must be root: the scripts change /etc, /usr and systemd, and use no sudo";
const portRule = "must be a whole number from 1 to 65535";
const roleRule = "must be control-plane, or be left out";
const hostKeyRule =
  "must be the host's public key of type ssh-ed25519, as in /etc/ssh/ssh_host_ed25519_key.pub without the comment";

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
  user: z.literal("root", userRule).default("root"),
  port: z.int(portRule).min(1, portRule).max(65_535, portRule).default(22),
  role: z.literal("control-plane", roleRule).exactOptional(),
  hostKey: z.string(hostKeyRule).regex(/^ssh-ed25519 [A-Za-z0-9+/]+=*$/, hostKeyRule),
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
        message: `${String(count)} machines have the role control-plane; must be 1 or 3, so that most of them can agree`,
      });
  }, evenIfEntriesAreInvalid);

/** The machines that run the control plane, the one that made the cluster first. */
export function selectControlPlanes<Machine extends { readonly role?: "control-plane" }>(
  machines: readonly Machine[],
): Machine[] {
  const named = machines.filter(({ role }) => role !== undefined);
  return named.length > 0 ? named : machines.slice(0, 1);
}
