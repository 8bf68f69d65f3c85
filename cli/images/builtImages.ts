import { z } from "zod";
import { runForOutput } from "../demo/imageDelivery.ts";
import { resolveImageCache } from "../setup/workImageRefs.ts";

/** An image that this machine built and tested, and its place in a registry. */
export interface PushedImage {
  /** Its name in buildah's storage, such as `mixcpt.local/data:0123456789ab`. */
  readonly local: string;
  /** Its name in the registry, with the digest. */
  readonly reference: string;
  /** True if the registry speaks plain HTTP. */
  readonly isPlain: boolean;
}

/** The address, for skopeo, of an image that images/build made. */
export function formatStorageAddress(reference: string): string {
  const cache = resolveImageCache();
  return `containers-storage:[overlay@${cache}/storage+${cache}/run]${reference}`;
}

const manifestSchema = z.object({ config: z.object({ digest: z.string() }) });

/** Reads the digest of an image's configuration, which names its layers by their content. */
async function readConfigDigest(address: string, isPlain: boolean): Promise<string> {
  const manifest = await runForOutput("skopeo", ["inspect", "--raw", `--tls-verify=${String(!isPlain)}`, address]);
  return manifestSchema.parse(JSON.parse(manifest)).config.digest;
}

/**
 * True if the registry has the bytes that this machine built and tested. The name of an image is a hash of its sources,
 * and two builds of the same sources differ, for example by Debian's updates in between.
 */
export async function isBuiltHere({ local, reference, isPlain }: PushedImage): Promise<boolean> {
  const pushed = await readConfigDigest(`docker://${reference}`, isPlain);
  return pushed === (await readConfigDigest(formatStorageAddress(local), isPlain));
}
