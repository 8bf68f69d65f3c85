/**
 * The mark that preflight leaves on a node. Where the cluster's file requires preflight, work with devices goes only to
 * nodes that are marked as passed. A label and not a taint, because a new node has neither: without the label it gets
 * no work, and other users of the cluster never notice.
 */
import { z } from "zod";
import { deviceIdLabel, deviceResource } from "../hardware/gpuCatalog.ts";

/** What preflight found; `changed` marks a node that passed and became another machine, or got other devices, since. */
export type PreflightMark = "passed" | "failed" | "changed";

/** What is known of a node: its mark, or that it has none. */
export type PreflightState = PreflightMark | "untested";

const markPrefix = "preflight.mixcpt.io/";

/** The label of a node with its mark, and the annotation with what was tested. Each install has its own. */
export function formatMarkKey(namespace: string): string {
  return `${markPrefix}${namespace}`;
}

export function isMarkKey(label: string): boolean {
  return label.startsWith(markPrefix);
}

export function isPassed(labels: Readonly<Record<string, string>> | undefined, markKey: string): boolean {
  return labels?.[markKey] === "passed";
}

/** The fields of a node that marks are about. Those of the API client and of kubectl's JSON are assignable to it. */
export interface MarkedNode {
  readonly metadata?:
    | {
        readonly name?: string | undefined;
        readonly labels?: Readonly<Record<string, string>> | undefined;
        readonly annotations?: Readonly<Record<string, string>> | undefined;
      }
    | undefined;
  readonly status?:
    | {
        readonly capacity?: Readonly<Record<string, string>> | undefined;
        readonly nodeInfo?: { readonly machineID: string; readonly systemUUID: string } | undefined;
      }
    | undefined;
}

/** The machine behind a node and its devices, as far as they are known. */
const testedMachineSchema = z.object({
  /** /etc/machine-id, which a new installation of the system changes. */
  machine: z.string().exactOptional(),
  /** The number of the board or of the virtual machine. */
  board: z.string().exactOptional(),
  devices: z.string().exactOptional(),
  deviceId: z.string().exactOptional(),
});
type TestedMachine = z.infer<typeof testedMachineSchema>;

/** Reads the machine of a node. A device plugin or labeller that restarts shows no devices for a moment. */
function readMachine({ metadata, status }: MarkedNode): TestedMachine {
  const { machineID: machine = "", systemUUID: board = "" } = status?.nodeInfo ?? {};
  const devices = status?.capacity?.[deviceResource] ?? "0";
  const deviceId = metadata?.labels?.[deviceIdLabel];
  return {
    ...(machine !== "" && { machine }),
    ...(board !== "" && { board }),
    ...(devices !== "0" && { devices }),
    ...(deviceId !== undefined && { deviceId }),
  };
}

/** Formats the machine of a node for the annotation. */
export function formatTestedMachine(node: MarkedNode): string {
  return JSON.stringify(readMachine(node));
}

function parseTestedMachine(text: string | undefined): TestedMachine {
  try {
    return testedMachineSchema.parse(JSON.parse(text ?? "{}"));
  } catch {
    return {}; // edited: a person who opened the node decides
  }
}

function isOtherMachine(tested: TestedMachine, present: TestedMachine): boolean {
  const keys = Object.keys(tested) as (keyof TestedMachine)[];
  return keys.some((key) => present[key] !== undefined && present[key] !== tested[key]);
}

/** Reads how a node did in its last preflight, and whether it still is what was tested. */
export function readPreflightState(node: MarkedNode, namespace: string): PreflightState {
  const key = formatMarkKey(namespace);
  const mark = node.metadata?.labels?.[key];
  if (mark !== "passed") return mark === "failed" || mark === "changed" ? mark : "untested";
  const tested = parseTestedMachine(node.metadata?.annotations?.[key]);
  return isOtherMachine(tested, readMachine(node)) ? "changed" : "passed";
}
