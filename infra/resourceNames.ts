/** Names and folders of what infra/ creates. Without Pulumi, which takes a second to load: most commands only look. */
import { createHash } from "node:crypto";
import { resolve } from "node:path";
import { checkoutDirectory, resolveInstanceDirectory } from "../workspace/environment.ts";

/** Six characters that identify this checkout's stack on the machine, because names of network devices are short. */
export function computeInstanceId(stack: string): string {
  return createHash("sha256").update(`${checkoutDirectory}\0${stack}`).digest("hex").slice(0, 6);
}

/** The name of a local host's network namespace, its cgroups and its Kubernetes node. */
export function formatHostName(stack: string, index: number): string {
  return `mx${computeInstanceId(stack)}-${String(index + 1)}`;
}

export function formatBridgeName(stack: string): string {
  return `mx${computeInstanceId(stack)}`;
}

export function resolveHostDirectory(stack: string, index: number): string {
  return resolve(resolveInstanceDirectory(stack), "hosts", String(index + 1));
}

/** The base of the name of the resource with the id by which nodes recognize this Pulumi state (`recordOwner`). */
export const emulatorName = "emulator";

/** The first part of the names of the resources that emulate the devices of a node; the second is the node's name. */
export const emulatedDevicesName = "emulated-gpus";
