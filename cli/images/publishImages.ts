import { mkdirSync, readFileSync } from "node:fs";
import { resolve } from "node:path";
import type { ImageRefs } from "../../jobs/kube/clusterOutputs.ts";
import { resolveCacheDirectory } from "../../workspace/environment.ts";
import { printLine } from "../terminal/printLine.ts";
import type { PushedImage } from "./builtImages.ts";
import { isBuiltHere } from "./builtImages.ts";
import { attestSbom, findSignatureProblem, hasSignedSbom, signImage } from "./imageSignatures.ts";
import { attachSbom, countPackages, hasSbom, writeBuiltSbom, writePulledSbom } from "./sbom.ts";
import type { SigningKey } from "./signingKey.ts";
import type { SigningRunner } from "./signingPrograms.ts";

interface PublishContext {
  /** The key that signs; undefined if nothing is signed. */
  readonly key: SigningKey | undefined;
  /** True if each image gets a bill of materials. */
  readonly withSbom: boolean;
  readonly run: SigningRunner;
}

/** Bills of materials stay in the cache, by the digest of their image. */
function resolveSbomFile(image: PushedImage): string {
  const folder = resolve(resolveCacheDirectory(), "sbom");
  mkdirSync(folder, { recursive: true });
  const [repository = "", digest = ""] = image.reference.split("@sha256:");
  return resolve(folder, `${repository.slice(repository.lastIndexOf("/") + 1)}-${digest.slice(0, 12)}.cdx.json`);
}

/** Writes the bill of materials of a pushed image. Returns its file. */
async function writeSbom(image: PushedImage, run: SigningRunner): Promise<string> {
  const file = resolveSbomFile(image);
  if (await isBuiltHere(image)) await writeBuiltSbom(image, file, run);
  else await writePulledSbom(image, file, run);
  const counts = Object.entries(countPackages(readFileSync(file, "utf8")));
  const packages = counts.map(([kind, count]) => `${String(count)} ${kind}`).join(", ");
  printLine(`image ${image.reference}: bill of materials with ${packages} packages in ${file}`);
  return file;
}

/** Puts a bill of materials beside an image in the registry, unless there is one. */
async function publishSbom(image: PushedImage, run: SigningRunner): Promise<void> {
  if (!(await hasSbom(image, run))) await attachSbom(image, await writeSbom(image, run), run);
}

/**
 * Refuses to sign what this machine has not built and tested: whoever may push to the registry could otherwise get a
 * signature for anything, under the name of these sources.
 */
async function refuseOtherBuild(image: PushedImage): Promise<void> {
  if (await isBuiltHere(image)) return;
  throw new Error(
    `image ${image.reference}: is another build of the same sources than this machine's and not signed by this key, ` +
      "so that it is not signed; push from the machine that built it, or delete it from the registry, or push under " +
      "another path of the registry",
  );
}

/** Signs an image, and its bill of materials if it gets one, unless this key has. */
async function publishSigned(image: PushedImage, key: SigningKey, { withSbom, run }: PublishContext): Promise<void> {
  const verifying = { publicKey: key.publicKey, run };
  const isSigned = (await findSignatureProblem(image, verifying)) === undefined;
  if (!isSigned) await refuseOtherBuild(image);
  if (withSbom && !(await hasSignedSbom(image, verifying))) {
    const file = await writeSbom(image, run);
    if (!(await hasSbom(image, run))) await attachSbom(image, file, run);
    await attestSbom(image, file, { key, run });
  }
  // last, so that a signature says that all else is there
  if (!isSigned) await signImage(image, { key, run });
  printLine(`image ${image.reference}: signed`);
}

interface PushedImages {
  /** Names in buildah's storage. */
  readonly local: ImageRefs;
  /** Names in the registry, with digests. */
  readonly pushed: ImageRefs;
  readonly isPlain: boolean;
}

/** Puts bills of materials beside pushed images, and signatures if there is a key. */
export async function publishImages(images: PushedImages, context: PublishContext): Promise<void> {
  const { key, withSbom, run } = context;
  for (const name of Object.keys(images.pushed) as (keyof ImageRefs)[]) {
    const image = { local: images.local[name], reference: images.pushed[name], isPlain: images.isPlain };
    if (key !== undefined) await publishSigned(image, key, context);
    else if (withSbom) await publishSbom(image, run);
  }
}
