import { z } from "zod";
import { evaluationHashAnnotation } from "../../jobs/kube/objectLabels.ts";
import { fetchKubectlList } from "./kubectl.ts";
import type { KubectlOptions } from "./kubectl.ts";
import { readClusterNamespace } from "./kubeconfigFile.ts";
import { scoresSelector } from "./objectKinds.ts";

const scoresListSchema = z.object({
  items: z.array(
    z.object({
      metadata: z.object({ name: z.string(), annotations: z.record(z.string(), z.string()).optional() }),
      data: z.record(z.string(), z.string()).optional(),
    }),
  ),
});

/** The settings and the checkpoint that published scores are of; undefined where a ConfigMap does not say. */
export interface PublishedScores {
  readonly evaluationHash: string | undefined;
  readonly checkpoint: string | undefined;
  /** True if units have no score, because their evaluation failed. */
  readonly isIncomplete: boolean;
}

/** Published scores by the names of their ConfigMaps, or the reason why they could not be read. */
type PublishedScoresResult =
  { scores: ReadonlyMap<string, PublishedScores>; unavailable?: never } | { unavailable: string; scores?: never };

const publishedDocumentSchema = z.object({ checkpoint: z.string(), failures: z.array(z.unknown()).default([]) });

/** Reads the published document, whose other problems the report describes. */
function parseDocument(text: string | undefined): Omit<PublishedScores, "evaluationHash"> {
  try {
    const { checkpoint, failures = [] } = publishedDocumentSchema.safeParse(JSON.parse(text ?? "{}")).data ?? {};
    return { checkpoint, isIncomplete: failures.length > 0 };
  } catch {
    return { checkpoint: undefined, isIncomplete: false };
  }
}

function parsePublishedScores(json: string): ReadonlyMap<string, PublishedScores> {
  return new Map(
    scoresListSchema
      .parse(JSON.parse(json))
      .items.map(({ metadata: { name, annotations }, data }) => [
        name,
        { evaluationHash: annotations?.[evaluationHashAnnotation], ...parseDocument(data?.["scores.json"]) },
      ]),
  );
}

/** Lists the scores published on a cluster. It uses kubectl because the API client takes long to load. */
export async function listPublishedScores(cluster: string, options: KubectlOptions): Promise<PublishedScoresResult> {
  const requestTimeout = `--request-timeout=${String(options.timeoutMilliseconds)}ms`;
  const args = [
    "configmaps",
    "--namespace",
    readClusterNamespace(cluster),
    "--selector",
    scoresSelector,
    requestTimeout,
  ];
  const { json, unavailable } = await fetchKubectlList(cluster, args, options);
  return unavailable === undefined ? { scores: parsePublishedScores(json) } : { unavailable };
}
