import { relative } from "node:path/posix";
import { z } from "zod";
import { english } from "../../jobs/matrix/index.ts";
import { formatObjectName } from "../preview/snapshotIndex.ts";
import type { ComparedManifest } from "../preview/snapshotSchema.ts";
import type { InputLeaves } from "../preview/stepInputs.ts";
import { listContainerSpecs, listSpecLeaves, readComputedBy, readWorldSize } from "../preview/stepInputs.ts";

/** A folder of the store that a step writes, with everything that decides its content. */
export interface StoreFolder {
  /** Path in the store, such as `runs/tiny-bi-alt-1a2b3c4d`. */
  readonly path: string;
  /** Kind and name of the object whose pods write it. */
  readonly object: string;
  /** Spec of the container that writes it, and for a training the number of its processes. */
  readonly spec: InputLeaves;
  /** Device, code version and packages; empty for a download, and for objects of before the annotation. */
  readonly computedBy: InputLeaves;
  /** Files without which the step computes something, as paths in the folder. */
  readonly files: readonly string[];
}

/** Folders of the store, each after those that it is made from. */
export const storeSections = ["models", "benchmarks", "corpora", "tokenised", "runs", "scores"] as const;

const marker = "COMPLETE";

const evaluationSpecSchema = z.object({
  checkpoint: z.string(),
  languages: z.array(z.string()),
  directions: z.array(z.string()).optional(),
});

const trainingSpecSchema = z.object({
  checkpoints: z.object({ steps: z.array(z.number()).optional(), last: z.boolean().optional() }),
});

/** Lists the files of scores: two for each language, or for each language but English and direction. */
function listScoreFiles({ languages, directions }: z.infer<typeof evaluationSpecSchema>): string[] {
  const units =
    directions === undefined
      ? languages
      : languages
          .filter((language) => language !== english.code)
          .flatMap((language) => directions.map((direction) => `${language}.${direction}`));
  return units.flatMap((unit) => [`${unit}.json`, `${unit}.predictions.jsonl`]);
}

function listRequiredFiles(spec: unknown): string[] {
  const evaluation = evaluationSpecSchema.safeParse(spec).data;
  if (evaluation !== undefined) return listScoreFiles(evaluation);
  const { steps = [], last = false } = trainingSpecSchema.safeParse(spec).data?.checkpoints ?? {};
  const checkpoints = [...steps, ...(last ? ["last"] : [])];
  return [marker, ...checkpoints.map((checkpoint) => `checkpoint-${String(checkpoint)}/${marker}`)];
}

function listFolders(manifest: ComparedManifest, mount: string): StoreFolder[] {
  return listContainerSpecs(manifest).flatMap((spec) => {
    const { output } = spec;
    if (typeof output !== "string" || !output.startsWith(`${mount}/`)) return [];
    return {
      path: relative(mount, output),
      object: formatObjectName(manifest),
      spec: new Map([...listSpecLeaves(spec), ...readWorldSize(manifest)]),
      computedBy: new Map(readComputedBy(manifest)),
      files: listRequiredFiles(spec),
    };
  });
}

function rankSection({ path }: StoreFolder): number {
  return storeSections.findIndex((section) => path.startsWith(`${section}/`));
}

/** Lists the folders that steps write, each once and after those that it is made from. */
export function listStoreFolders(manifests: readonly ComparedManifest[], mount: string): StoreFolder[] {
  const folders = manifests.flatMap((manifest) => listFolders(manifest, mount));
  const byPath = new Map(folders.map((folder) => [folder.path, folder]));
  return [...byPath.values()].sort((a, b) => rankSection(a) - rankSection(b));
}
