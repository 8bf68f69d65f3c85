import { engineOptions } from "../../engine/engineOptions.ts";

/**
 * As many machines as Pulumi works on at a time. Each login is a process here and a channel of the one connection to
 * the bastion, whose sshd refuses some of many that begin together (MaxStartups).
 */
export const machinesAtOnce = engineOptions.parallel;
