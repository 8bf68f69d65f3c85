import { z } from "zod";

const nodeListSchema = z.object({
  items: z.array(
    z.object({
      metadata: z.object({ name: z.string() }),
      status: z
        .object({
          conditions: z
            .array(z.object({ type: z.string(), status: z.string(), message: z.string().default("") }))
            .default([]),
        })
        .default({ conditions: [] }),
    }),
  ),
});

/** The nodes of a cluster that are Ready, and those that are not. */
export interface NodeReadiness {
  readonly ready: readonly string[];
  /** One line for each node that is not Ready or does not exist, with the reason. */
  readonly problems: readonly string[];
  /** True if waiting may help. A node whose kubelet is silent is off, which only a person can change. */
  readonly isChanging: boolean;
}

/** Judges an answer of the API server about its nodes by the names of those that the cluster must have. */
export function judgeNodes(nodeList: unknown, expectedNames: readonly string[]): NodeReadiness {
  const nodes = nodeListSchema.parse(nodeList).items.map(({ metadata: { name }, status }) => {
    const condition = status.conditions.find(({ type }) => type === "Ready");
    return {
      name,
      state: condition?.status ?? "False",
      reason: condition?.message || "its kubelet has reported nothing",
    };
  });
  const names = nodes.map(({ name }) => name);
  const missing = expectedNames.filter((name) => !names.includes(name));
  const unready = nodes.filter(({ state }) => state !== "True");
  const ready = nodes.filter(({ state }) => state === "True").map(({ name }) => name);
  return {
    ready,
    problems: [
      ...missing.map((name) => `node ${name} is not in the cluster`),
      ...unready.map(({ name, reason }) => `node ${name} is not Ready: ${reason}`),
    ],
    isChanging: ready.length === 0 || unready.some(({ state }) => state === "False"),
  };
}
