import { parse, parseDocument } from "yaml";
import { z } from "zod";
import { defaultNamespace } from "../jobs/kube/platformNames.ts";
import { ConfiguredFileError } from "./configuredFile.ts";

const kubeconfigSchema = z.object({ contexts: z.array(z.object({ name: z.string() })) });

/**
 * The kubeconfig with the configured context as its current one. The experiments and kubectl get this text and
 * nothing else, so they reach the same cluster.
 * @throws ConfiguredFileError for an unknown context, with the known ones
 */
export function selectKubeconfigContext(
  kubeconfig: string,
  { context, file }: { context: string; file: string },
): string {
  const document = parseDocument(kubeconfig);
  const parsed = kubeconfigSchema.safeParse(document.errors.length > 0 ? undefined : document.toJS());
  const names = parsed.success ? parsed.data.contexts.map(({ name }) => name) : [];
  if (!names.includes(context)) {
    const allowed = names.join(", ") || "none";
    throw new ConfiguredFileError("context", `${file} has no context "${context}"; allowed: ${allowed}`);
  }
  document.set("current-context", context);
  return document.toString({ lineWidth: 0 });
}

const namespacedContextsSchema = z.object({
  "current-context": z.string(),
  contexts: z.array(z.object({ name: z.string(), context: z.object({ namespace: z.string().optional() }) })),
});

/** Finds the position of the current context and the namespace in it; undefined for a text without such a context. */
function findCurrentContext(kubeconfig: unknown): { index: number; namespace: string } | undefined {
  const { data } = namespacedContextsSchema.safeParse(kubeconfig);
  const index = data?.contexts.findIndex(({ name }) => name === data["current-context"]) ?? -1;
  const entry = data?.contexts[index];
  return entry && { index, namespace: entry.context.namespace ?? defaultNamespace };
}

/**
 * Sets the namespace of a kubeconfig's current context to that of the experiments, so that whoever has the text knows
 * it. The text of a cluster with the default namespace stays the same, unless its context names another one.
 */
export function setContextNamespace(kubeconfig: string, namespace: string): string {
  const document = parseDocument(kubeconfig);
  const current = document.errors.length > 0 ? undefined : findCurrentContext(document.toJS());
  if (current === undefined || current.namespace === namespace) return kubeconfig;
  document.setIn(["contexts", current.index, "context", "namespace"], namespace);
  return document.toString({ lineWidth: 0 });
}

/** Reads the namespace of the experiments in a kubeconfig that `setContextNamespace` returned. */
export function readContextNamespace(kubeconfig: string): string {
  try {
    return findCurrentContext(parse(kubeconfig))?.namespace ?? defaultNamespace;
  } catch {
    return defaultNamespace;
  }
}
