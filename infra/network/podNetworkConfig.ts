import { z } from "zod";
import { evenIfFieldsAreInvalid } from "../../validation/completeSchemas.ts";
import { doRangesOverlap, isAddressInRange, parseRange } from "./addressRanges.ts";

const privateRanges = ["10.0.0.0/8", "100.64.0.0/10", "172.16.0.0/12", "192.168.0.0/16"];

/** The ranges of clusters whose file names none. */
const defaultPods = "10.244.0.0/16";
const defaultServices = "10.96.0.0/16";

/** Every node gets 256 addresses for its pods. */
const bitsOfNodeRange = 24;
const bitsOfRoutedRange = 16;

function isPrivateRange(text: string, bits: { readonly fewest: number; readonly most: number }): boolean {
  const range = parseRange(text);
  if (range === undefined || range.prefix < bits.fewest || range.prefix > bits.most) return false;
  return privateRanges.some((other) => isAddressInRange(text.split("/")[0] ?? "", other));
}

function buildRangeSchema(bits: { readonly fewest: number; readonly most: number }, example: string) {
  const rule =
    `must be a private range of /${String(bits.fewest)} to /${String(bits.most)} that begins with its first address, ` +
    `such as ${example}`;
  return z.string(rule).refine((text) => isPrivateRange(text, bits), rule);
}

export type PodNetworkKind = "cilium" | "routes";

/** Builds the field of a cluster whose nodes this project makes. */
export function buildPodNetworkField(defaultKind: PodNetworkKind) {
  return z
    .strictObject({
      kind: z
        .enum(["cilium", "routes"])
        .default(defaultKind)
        .describe("Cilium, or a bridge and static routes, which need one layer-2 network and enforce no policies"),
      pods: buildRangeSchema({ fewest: 8, most: 22 }, defaultPods)
        .default(defaultPods)
        .describe("addresses of pods, a /24 for each node"),
      services: buildRangeSchema({ fewest: 12, most: 24 }, defaultServices)
        .default(defaultServices)
        .describe("addresses of services"),
    })
    .prefault({})
    .describe("the network between pods; a cluster that exists keeps its own");
}

export type PodNetwork = z.infer<ReturnType<typeof buildPodNetworkField>>;

interface NetworkProblem {
  readonly path: (string | number)[];
  readonly message: string;
}

function listRangeProblems({ kind, pods, services }: PodNetwork): NetworkProblem[] {
  const problems: NetworkProblem[] = [];
  if (doRangesOverlap(pods, services))
    problems.push({
      path: ["podNetwork", "services"],
      message: `overlaps podNetwork.pods, ${pods}; choose ranges without a common address`,
    });
  if (kind === "routes" && parseRange(pods)?.prefix !== bitsOfRoutedRange)
    problems.push({
      path: ["podNetwork", "pods"],
      message: `must be a /16 with kind: routes, whose nodes get a.b.NUMBER.0/24, such as ${defaultPods}`,
    });
  return problems;
}

/** Explains an address, or a range, that pods could not reach, because another one inside the cluster has it. */
function listCollisions(
  podNetwork: PodNetwork,
  { path, range }: { readonly path: (string | number)[]; readonly range: string },
): NetworkProblem[] {
  return (["pods", "services"] as const)
    .filter((key) => doRangesOverlap(range, podNetwork[key]))
    .map((key) => ({
      path,
      message: `is in the range of the ${key}, ${podNetwork[key]}; choose another podNetwork.${key}`,
    }));
}

function listMachineProblems(podNetwork: PodNetwork, machines: readonly unknown[]): NetworkProblem[] {
  const room = 2 ** (bitsOfNodeRange - (parseRange(podNetwork.pods)?.prefix ?? 0));
  const tooMany = `has room for ${String(room)} machines, a /24 each, and there are ${String(machines.length)}`;
  return [
    ...(machines.length > room ? [{ path: ["podNetwork", "pods"], message: `${tooMany}; choose a larger range` }] : []),
    ...machines.flatMap((machine, index) => {
      const { data } = z.object({ address: z.string() }).safeParse(machine);
      const path = ["machines", index, "address"];
      return data === undefined ? [] : listCollisions(podNetwork, { path, range: `${data.address}/32` });
    }),
  ];
}

/** The fields that depend on each other, as far as they are valid. */
const relatedFieldsSchema = z.object({
  podNetwork: buildPodNetworkField("routes"),
  machines: z.array(z.unknown()).catch([]),
  network: z.string().optional().catch(undefined),
  endpoint: z.object({ address: z.string() }).optional().catch(undefined),
  kind: z.string(),
});

/** Adds the rules between the ranges, the machines and the network of local hosts, as far as they are valid. */
export function checkPodNetwork<Schema extends z.ZodObject>(schema: Schema): Schema {
  return schema.superRefine((fields, context) => {
    const { data } = relatedFieldsSchema.safeParse(fields);
    if (data === undefined) return;
    const { podNetwork, machines, network, endpoint, kind } = data;
    const problems = [
      ...listRangeProblems(podNetwork),
      ...listMachineProblems(podNetwork, machines),
      ...(kind === "local" && network !== undefined
        ? listCollisions(podNetwork, { path: ["network"], range: network })
        : []),
      ...(endpoint === undefined
        ? []
        : listCollisions(podNetwork, { path: ["endpoint", "address"], range: `${endpoint.address}/32` })),
    ];
    for (const { path, message } of problems) context.addIssue({ code: "custom", path, message });
  }, evenIfFieldsAreInvalid);
}

/** The range of pod addresses of the node with this number, in a network of the kind `routes`. */
export function formatPodRange(number: number, pods: string): string {
  return pods.replace(/\.0\.0\/16$/, `.${String(number)}.0/24`);
}

/** The network in one line for the scripts of nodes, which compare it with what they already have. */
export function formatPodNetwork({ kind, pods, services }: PodNetwork): string {
  return `${kind} ${pods} ${services}`;
}
