import { parseDocument } from "yaml";
import { z } from "zod";
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
