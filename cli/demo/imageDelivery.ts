import { resolve } from "node:path";
import { execa } from "execa";
import type { ImageRefs } from "../../jobs/kube/clusterOutputs.ts";
import { buildChildEnvironment } from "../../workspace/environment.ts";
import { resolveTaskPath } from "../setup/setupTask.ts";
import { defineWorkImagesTask, workLayoutSubfolder } from "../setup/workImages.ts";
import { readWorkImageRefs } from "../setup/workImageRefs.ts";
import { getLastLine } from "../terminal/getLastLine.ts";
import { printLine } from "../terminal/printLine.ts";

/** A way of the images that setup builds to the nodes. */
export interface ImageDelivery {
  /**
   * Finds an image where the nodes take it from.
   * @returns its reference for the nodes; undefined if it is not there yet
   * @throws Error if that cannot be found out
   */
  readonly findImage: (localReference: string) => Promise<string | undefined>;
  /** Brings an image there. `source` is its address for skopeo. */
  readonly deliverImage: (localReference: string, source: string) => Promise<void>;
}

/** The references that the nodes use, as far as the images are there. */
export type FoundImages = Readonly<Record<keyof ImageRefs, string | undefined>>;

/**
 * Runs a program and returns its standard output.
 * @throws Error with its last line of standard error
 */
export async function runForOutput(program: string, args: readonly string[], timeoutSeconds = 0): Promise<string> {
  const result = await execa(program, args, {
    env: buildChildEnvironment({}),
    extendEnv: false,
    reject: false,
    stdin: "ignore",
    timeout: timeoutSeconds * 1000,
  });
  if (!result.failed) return result.stdout.trim();
  const said = getLastLine(result.stderr) || result.shortMessage;
  throw new Error(`${program} ${args[0] ?? ""}: ${said}`);
}

export async function findWorkImages({ findImage }: ImageDelivery): Promise<FoundImages> {
  const { data, llamaFactory, evaluate, store } = readWorkImageRefs();
  return {
    data: await findImage(data),
    llamaFactory: await findImage(llamaFactory),
    evaluate: await findImage(evaluate),
    store: await findImage(store),
  };
}

/** True if every image is where the nodes take it from. */
export function areImagesComplete(found: FoundImages): found is ImageRefs {
  return Object.values(found).every((reference) => reference !== undefined);
}

/**
 * Brings the images that are missing to the nodes.
 * @returns the references that the nodes use
 */
export async function deliverWorkImages(delivery: ImageDelivery, found: FoundImages): Promise<ImageRefs> {
  const layout = resolve(resolveTaskPath(defineWorkImagesTask()), workLayoutSubfolder);
  for (const [name, reference] of Object.entries(readWorkImageRefs())) {
    if (found[name as keyof ImageRefs] !== undefined) continue;
    printLine(`image ${reference}: on its way to the nodes`);
    await delivery.deliverImage(reference, `oci:${layout}:${reference}`);
  }
  const delivered = await findWorkImages(delivery);
  if (areImagesComplete(delivered)) return delivered;
  throw new Error(`images: not found after they were delivered: ${JSON.stringify(delivered)}`);
}
