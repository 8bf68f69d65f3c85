import { readFileSync, writeFileSync } from "node:fs";
import type { ImageRefs } from "../../jobs/kube/clusterOutputs.ts";
import { selectSignedImages } from "../../infra/clusterImages.ts";
import { callerDirectory, checkoutDirectory, takeSigningPassphrase } from "../../workspace/environment.ts";
import { readClusterConfig } from "../cluster/readClusterConfig.ts";
import { replaceImages, resolveStackPath } from "../demo/demoStackFiles.ts";
import { parseRegistryAddress } from "../demo/registryAddress.ts";
import { buildRegistryDelivery } from "../demo/registryDelivery.ts";
import { formatStackFileName } from "../engine/stackDeclarations.ts";
import { runSetup } from "../setup/runSetup.ts";
import type { ImageTarget } from "../setup/workImageRefs.ts";
import { readImageRefs } from "../setup/workImageRefs.ts";
import { printLine } from "../terminal/printLine.ts";
import { buildImages } from "./buildImages.ts";
import { publishImages } from "./publishImages.ts";
import { pushImages } from "./pushImages.ts";
import type { SigningKey } from "./signingKey.ts";
import { refuseOtherPair, resolveKeyReference, withSigningKey } from "./signingKey.ts";
import { runSigningProgram } from "./signingPrograms.ts";
import { formatImageSetting, listUnsignedImages } from "./verifyImages.ts";

/** The flags of `images push`. */
export interface PushFlags {
  readonly target: ImageTarget;
  readonly registry: string;
  readonly cluster?: string;
  /** The private key that signs; nothing is signed without one. */
  readonly sign?: string;
  /** True if a bill of materials is put beside each image. */
  readonly sbom: boolean;
}

/** Names the images in a cluster's file, or prints them for one. */
function recordImages(images: ImageRefs, cluster: string | undefined): void {
  if (cluster === undefined) {
    for (const line of ["images:", ...Object.entries(images).map(([name, image]) => `  ${name}: ${image}`)])
      printLine(line);
    return;
  }
  const file = resolveStackPath("mixcpt-infra", cluster);
  writeFileSync(file, replaceImages(readFileSync(file, "utf8"), images));
  printLine(`${formatStackFileName("mixcpt-infra", cluster)} names the images by digest; next: cluster up ${cluster}`);
}

/** The key that the file of a cluster names; undefined without one. */
function findPublicKey(cluster: string | undefined): string | undefined {
  return cluster === undefined ? undefined : selectSignedImages(readClusterConfig(cluster))?.publicKey;
}

/** Refuses to name images in a file that may have none. */
function refuseLocalCluster(cluster: string | undefined): void {
  if (cluster === undefined || readClusterConfig(cluster).kind !== "local") return;
  throw new Error(
    `${formatStackFileName("mixcpt-infra", cluster)}: a cluster of kind local runs the images that setup built; ` +
      "name one of another kind with --cluster, or none",
  );
}

/** Refuses to build for minutes what `cluster up` would refuse. */
function refuseMissingKey({ cluster, sign }: PushFlags): void {
  const publicKey = findPublicKey(cluster);
  if (cluster === undefined || publicKey === undefined || sign !== undefined) return;
  throw new Error(
    `${formatStackFileName("mixcpt-infra", cluster)}: images.publicKey is ${publicKey}, so that cluster up refuses ` +
      "images without its signature; add --sign with its private key, or remove images.publicKey",
  );
}

/** Refuses to name images in a cluster's file that its public key, which may be in a KMS, has not signed. */
async function refuseOtherKey(images: ImageRefs, { cluster, registry }: PushFlags): Promise<void> {
  const publicKey = findPublicKey(cluster);
  if (cluster === undefined || publicKey === undefined) return;
  const { isPlain } = parseRegistryAddress(registry);
  const problems = await listUnsignedImages({ stack: cluster, images, publicKey, isPlain });
  if (problems.length === 0) return;
  const remedy = `the images are pushed; --sign must be the private key of ${publicKey}, or images.publicKey another`;
  throw new Error([...problems, remedy].join("\n"));
}

/** Refuses to build for minutes with a key whose signatures `cluster up` would refuse. */
function refuseOtherSigner(cluster: string | undefined, key: SigningKey): void {
  const publicKey = findPublicKey(cluster);
  if (cluster === undefined || publicKey === undefined) return;
  const setting = formatImageSetting(cluster, "publicKey");
  refuseOtherPair(setting, resolveKeyReference(setting, publicKey, checkoutDirectory), key);
}

async function pushWith(key: SigningKey | undefined, flags: PushFlags): Promise<void> {
  const { target, cluster, sbom } = flags;
  const registry = parseRegistryAddress(flags.registry);
  await buildImages(target);
  const pushed = await pushImages(target, buildRegistryDelivery(registry));
  const images = { local: readImageRefs(target), pushed, isPlain: registry.isPlain };
  await publishImages(images, { key, withSbom: sbom, run: runSigningProgram });
  await refuseOtherKey(pushed, flags);
  recordImages(pushed, cluster);
}

/**
 * Builds and checks the images, pushes them with bills of materials and signatures, and names them in a cluster's file.
 * @throws Error that says what was not done; images that are pushed stay in the registry
 */
export async function runPush(flags: PushFlags): Promise<void> {
  const passphrase = takeSigningPassphrase(); // before setup and builds, whose programs would inherit it
  parseRegistryAddress(flags.registry);
  refuseLocalCluster(flags.cluster);
  refuseMissingKey(flags);
  if (flags.sign !== undefined) resolveKeyReference("--sign", flags.sign, callerDirectory);
  if (flags.sbom || flags.sign !== undefined) await runSetup("signing");
  if (flags.sign === undefined) return pushWith(undefined, flags);
  await withSigningKey({ sign: flags.sign, passphrase }, runSigningProgram, (key) => {
    refuseOtherSigner(flags.cluster, key);
    return pushWith(key, flags);
  });
}
