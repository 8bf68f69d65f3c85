import { z } from "zod";
import { platformNames } from "../../jobs/kube/clusterOutputs.ts";
import { evaluationHashAnnotation } from "../../jobs/kube/objectLabels.ts";
import { fetchKubectlList } from "./kubectl.ts";
import type { KubectlOptions } from "./kubectl.ts";
import { scoresSelector } from "./objectKinds.ts";

const scoresListSchema = z.object({
  items: z.array(
    z.object({ metadata: z.object({ name: z.string(), annotations: z.record(z.string(), z.string()).optional() }) }),
  ),
});

/** Evaluation hashes by the names of published scores, or the reason why they could not be read. */
type PublishedScoresResult =
  { scores: ReadonlyMap<string, string | undefined>; unavailable?: never } | { unavailable: string; scores?: never };

function parsePublishedScores(json: string): ReadonlyMap<string, string | undefined> {
  return new Map(
    scoresListSchema
      .parse(JSON.parse(json))
      .items.map(({ metadata }) => [metadata.name, metadata.annotations?.[evaluationHashAnnotation]]),
  );
}

/** Lists the scores published on a cluster. It uses kubectl because the API client takes long to load. */
export async function listPublishedScores(cluster: string, options: KubectlOptions): Promise<PublishedScoresResult> {
  const requestTimeout = `--request-timeout=${String(options.timeoutMilliseconds)}ms`;
  const args = ["configmaps", "--namespace", platformNames.namespace, "--selector", scoresSelector, requestTimeout];
  const { json, unavailable } = await fetchKubectlList(cluster, args, options);
  return unavailable === undefined ? { scores: parsePublishedScores(json) } : { unavailable };
}
