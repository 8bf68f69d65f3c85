import type { ClusterConfig } from "../../infra/clusterConfig.ts";
import { clusterConfigKey } from "../../infra/clusterConfig.ts";
import type { SignedImages } from "../../infra/clusterImages.ts";
import { selectSignedImages } from "../../infra/clusterImages.ts";
import { checkoutDirectory } from "../../workspace/environment.ts";
import { formatStackFileName } from "../engine/stackDeclarations.ts";
import { findSignatureProblem } from "./imageSignatures.ts";
import { resolveKeyReference } from "./signingKey.ts";
import type { SigningRunner } from "./signingPrograms.ts";
import { runSigningProgram } from "./signingPrograms.ts";

/** Formats the name of a setting of the images in a cluster's file. */
export function formatImageSetting(stack: string, name: string): string {
  return `${formatStackFileName("mixcpt-infra", stack)}: ${clusterConfigKey}.images.${name}`;
}

interface VerifiedImages extends SignedImages {
  /** The cluster whose file names the images. */
  readonly stack: string;
  /** True if the registry speaks plain HTTP; false if omitted. */
  readonly isPlain?: boolean;
}

/** Lists the images that the key has not signed, each with the reason. */
export async function listUnsignedImages(
  { stack, images, publicKey, isPlain = false }: VerifiedImages,
  run: SigningRunner = runSigningProgram,
): Promise<string[]> {
  const key = resolveKeyReference(formatImageSetting(stack, "publicKey"), publicKey, checkoutDirectory);
  const settings = Object.entries(images);
  // a file without store uses evaluate in its place, and says so once
  const named = settings.filter(([, reference], index) => settings.findIndex(([, one]) => one === reference) === index);
  const problems = await Promise.all(
    named.map(async ([name, reference]) => {
      const problem = await findSignatureProblem({ reference, isPlain }, { publicKey: key, run });
      return problem === undefined ? [] : [`${formatImageSetting(stack, name)}: ${reference} ${problem}`];
    }),
  );
  return problems.flat();
}

/**
 * Refuses images that the key of a cluster's file has not signed. A file without a key takes all.
 * @throws Error with every such image and what to do
 */
export async function refuseUnsignedImages(
  stack: string,
  config: ClusterConfig,
  run: SigningRunner = runSigningProgram,
): Promise<void> {
  const signed = selectSignedImages(config);
  if (signed === undefined) return;
  const problems = await listUnsignedImages({ stack, ...signed }, run);
  if (problems.length === 0) return;
  throw new Error(
    [
      ...problems,
      `every image must be signed by ${signed.publicKey}, the images.publicKey of this file; push signed ones with ` +
        `./mixcpt images push --registry REGISTRY --cluster ${stack} --sign KEY, or restore the digests that were ` +
        "signed, or remove images.publicKey to use any",
    ].join("\n"),
  );
}
