import { z } from "zod";

const numberRule =
  "must be a whole number from 1 to 250 that the machine keeps for life; its pods get 10.244.NUMBER.0/24";
const hostKeyRule =
  "must be the host's public key of type ssh-ed25519, as in /etc/ssh/ssh_host_ed25519_key.pub without the comment";

const hostEntrySchema = z.strictObject({
  name: z.string().regex(/^[a-z0-9]([a-z0-9-]*[a-z0-9])?$/),
  number: z.int(numberRule).min(1, numberRule).max(250, numberRule),
  address: z.ipv4(),
  user: z.string().default("root"),
  port: z.int().default(22),
  hostKey: z.string(hostKeyRule).regex(/^ssh-ed25519 [A-Za-z0-9+/]+=*$/, hostKeyRule),
});

/**
 * Machines that are reached by SSH. The first is the control plane; the others can be added and removed independently
 * of each other.
 */
export const inventorySchema = z
  .array(hostEntrySchema)
  .min(1)
  .superRefine((machines, context) => {
    for (const key of ["name", "number", "address"] as const) {
      machines.forEach(({ [key]: value }, index) => {
        const first = machines.findIndex((other) => other[key] === value);
        if (first < index)
          context.addIssue({
            code: "custom",
            path: [index, key],
            message: `${String(value)} is already used by machines[${String(first)}]; every ${key} must be unique`,
          });
      });
    }
  });
