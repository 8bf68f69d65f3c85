import * as pulumi from "@pulumi/pulumi";
import { parseDocument } from "yaml";
import { z } from "zod";

const kubeconfigSchema = z.object({ contexts: z.array(z.object({ name: z.string() })) });

/**
 * The kubeconfig with a context of its own as the current one: whoever gets no more than this text, as the experiments
 * and kubectl do, goes to the same cluster.
 * @throws pulumi.RunError for a context that is not there, with those that are
 */
export function selectKubeconfigContext(
  kubeconfig: string,
  { context, file }: { context: string; file: string },
): string {
  const document = parseDocument(kubeconfig);
  const parsed = kubeconfigSchema.safeParse(document.errors.length > 0 ? undefined : document.toJS());
  const names = parsed.success ? parsed.data.contexts.map(({ name }) => name) : [];
  if (!names.includes(context)) {
    throw new pulumi.RunError(
      `mixcpt-infra:cluster.context: ${file} has no context "${context}"; it has: ${names.join(", ") || "none"}`,
    );
  }
  document.set("current-context", context);
  return document.toString({ lineWidth: 0 });
}
