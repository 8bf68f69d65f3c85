import { existsSync, readFileSync } from "node:fs";
import { parse } from "yaml";
import { z } from "zod";

const contextFileSchema = z.object({
  "current-context": z.string().nullish(),
  contexts: z
    .array(z.object({ name: z.string(), context: z.object({ cluster: z.string(), user: z.string().default("") }) }))
    .nullish(),
  clusters: z.array(z.object({ name: z.string(), cluster: z.object({ server: z.string() }).optional() })).nullish(),
  users: z.array(z.object({ name: z.string() })).nullish(),
});

/** A context, and the kubeconfig that has it. */
export interface KubeconfigContext {
  readonly file: string;
  readonly context: string;
  /** The address of its API server. */
  readonly server: string;
}

interface ContextFile extends z.infer<typeof contextFileSchema> {
  readonly file: string;
}

function readContextFile(file: string): ContextFile {
  const { data } = contextFileSchema.safeParse(parse(readFileSync(file, "utf8")));
  if (data === undefined) throw new Error(`${file}: not a kubeconfig; name one by KUBECONFIG`);
  return { file, ...data };
}

const mergeAdvice = "write one file with kubectl config view --flatten > FILE, and name it by KUBECONFIG";

/**
 * Finds the API server of a context.
 * @throws Error if the cluster or the user of the context is in another file
 */
function findContextServer({ file, contexts, clusters, users }: ContextFile, name: string): string {
  const found = contexts?.find((entry) => entry.name === name)?.context;
  const entry = clusters?.find((cluster) => cluster.name === found?.cluster);
  const hasUser = found?.user === "" || users?.some((user) => user.name === found?.user) === true;
  if (entry === undefined || !hasUser)
    throw new Error(`${file}: context "${name}" has its cluster or its user in another file; ${mergeAdvice}`);
  return entry.cluster?.server ?? "a server that the file does not name";
}

/**
 * Finds the context that kubectl would use, or the named one, in the files that kubectl reads.
 * @throws Error if there is none, or if no single file describes it
 */
export function findKubeconfigContext(files: readonly string[], named?: string): KubeconfigContext {
  const read = files.filter((file) => existsSync(file)).map(readContextFile);
  if (read.length === 0)
    throw new Error(`${files.join(", ")}: missing; name the kubeconfig of a cluster by KUBECONFIG`);
  const names = read.flatMap(({ contexts }) => contexts?.map(({ name }) => name) ?? []);
  const known = `known: ${names.join(", ") || "none"}`;
  const context = named ?? read.map((file) => file["current-context"]).find((name) => (name ?? "") !== "");
  if (context === undefined || context === null)
    throw new Error(`${files.join(", ")}: has no current context; choose one with --context; ${known}`);
  const owner = read.find(({ contexts }) => contexts?.some(({ name }) => name === context));
  if (owner === undefined) throw new Error(`context "${context}": not in ${files.join(", ")}; ${known}`);
  return { file: owner.file, context, server: findContextServer(owner, context) };
}
