import type { ImageRefs } from "../../jobs/kube/clusterOutputs.ts";
import type { ImageDelivery } from "../demo/imageDelivery.ts";
import { readImageRefs } from "../setup/workImageRefs.ts";
import type { ImageTarget } from "../setup/workImageRefs.ts";
import { printLine } from "../terminal/printLine.ts";
import { formatStorageAddress } from "./builtImages.ts";

/** Pushes an image unless the registry has it; returns its reference with the digest. */
async function pushImage(reference: string, { findImage, deliverImage }: ImageDelivery): Promise<string> {
  const found = await findImage(reference);
  if (found !== undefined) return found;
  printLine(`image ${reference}: on its way to the registry`);
  await deliverImage(reference, formatStorageAddress(reference));
  const pushed = await findImage(reference);
  if (pushed === undefined) throw new Error(`image ${reference}: not found in the registry after it was pushed`);
  return pushed;
}

/** Pushes the images of a target; returns their references with digests, as a cluster's file names them. */
export async function pushImages(target: ImageTarget, delivery: ImageDelivery): Promise<ImageRefs> {
  const { data, llamaFactory, evaluate, store } = readImageRefs(target);
  return {
    data: await pushImage(data, delivery),
    llamaFactory: await pushImage(llamaFactory, delivery),
    evaluate: await pushImage(evaluate, delivery),
    store: await pushImage(store, delivery),
  };
}
