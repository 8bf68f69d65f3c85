import { readFileSync, writeFileSync } from "node:fs";
import { basename, dirname } from "node:path";
import { z } from "zod";
import { withImageRoot } from "../setup/runInImage.ts";
import { getLastLine } from "../terminal/getLastLine.ts";
import type { PushedImage } from "./builtImages.ts";
import type { SigningRunner } from "./signingPrograms.ts";

/** The media type of CycloneDX, under which scanners look for a bill of materials beside an image. */
export const sbomMediaType = "application/vnd.cyclonedx+json";

const sbomSchema = z.looseObject({
  metadata: z.looseObject({ component: z.looseObject({ "bom-ref": z.string() }) }),
  components: z.array(z.looseObject({ type: z.string(), name: z.string(), purl: z.string().optional() })),
});

/** Splits `registry.example/mixcpt/data@sha256:…` into repository, name and digest. */
function splitReference(reference: string): { repository: string; name: string; digest: string } {
  const [repository = "", digest = ""] = reference.split("@");
  return { repository, name: basename(repository), digest };
}

/** Makes a bill of materials, written for a folder, one of the image that the folder is the root of. */
export function describeSubject(text: string, reference: string): string {
  const sbom = sbomSchema.parse(JSON.parse(text));
  const { repository, name, digest } = splitReference(reference);
  const purl = `pkg:oci/${name}@${encodeURIComponent(digest)}?repository_url=${encodeURIComponent(repository)}`;
  const component = { "bom-ref": sbom.metadata.component["bom-ref"], type: "container", name: repository };
  const metadata = { ...sbom.metadata, component: { ...component, version: digest, purl } };
  return JSON.stringify({ ...sbom, metadata });
}

/** The numbers of packages of each kind: `deb`, `pypi`. */
export function countPackages(text: string): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { purl = "" } of sbomSchema.parse(JSON.parse(text)).components) {
    const kind = /^pkg:([a-z]+)\//.exec(purl)?.[1];
    if (kind !== undefined) counts[kind] = (counts[kind] ?? 0) + 1;
  }
  return counts;
}

/** A folder is read as what it is, the root of an image: installed packages, and no lists of packages to install. */
const scanOptions = ["--quiet", "--override-default-catalogers", "image"];

async function runSyft(args: readonly string[], image: PushedImage, run: SigningRunner): Promise<void> {
  const env = image.isPlain ? { SYFT_REGISTRY_INSECURE_USE_HTTP: "true" } : {};
  const { hasSucceeded, complaint } = await run("syft", args, { reference: image.reference, env });
  if (!hasSucceeded) throw new Error(`image ${image.reference}: syft: ${getLastLine(complaint)}`);
}

/** Writes the bill of materials of an image that this machine has, without unpacking it again. */
export async function writeBuiltSbom(image: PushedImage, file: string, run: SigningRunner): Promise<void> {
  await withImageRoot(image.local, (root) =>
    runSyft(
      ["scan", `dir:${root}`, "--base-path", root, ...scanOptions, "--output", `cyclonedx-json=${file}`],
      image,
      run,
    ),
  );
  writeFileSync(file, describeSubject(readFileSync(file, "utf8"), image.reference));
}

/** Writes the bill of materials of an image that only the registry has, which is fetched for it. */
export async function writePulledSbom(image: PushedImage, file: string, run: SigningRunner): Promise<void> {
  const output = ["--output", `cyclonedx-json=${file}`];
  await runSyft(["scan", `registry:${image.reference}`, "--quiet", ...output], image, run);
  writeFileSync(file, describeSubject(readFileSync(file, "utf8"), image.reference));
}

const discoverySchema = z.looseObject({ referrers: z.array(z.unknown()) });

async function runOras(args: readonly string[], image: PushedImage, run: SigningRunner): Promise<string> {
  const options = [...args.slice(1), ...(image.isPlain ? ["--plain-http"] : [])];
  const { reference } = image;
  const { hasSucceeded, output, complaint } = await run("oras", [args[0] ?? "", ...options], { reference });
  if (!hasSucceeded) throw new Error(`image ${reference}: oras ${args[0] ?? ""}: ${getLastLine(complaint)}`);
  return output;
}

/** True if the registry has a bill of materials beside an image. */
export async function hasSbom(image: PushedImage, run: SigningRunner): Promise<boolean> {
  const args = ["discover", "--format", "json", "--artifact-type", sbomMediaType, image.reference];
  const { referrers } = discoverySchema.parse(JSON.parse(await runOras(args, image, run)));
  return referrers.length > 0;
}

/** Puts a bill of materials beside its image in the registry, as an artifact that refers to it. */
export async function attachSbom(image: PushedImage, file: string, run: SigningRunner): Promise<void> {
  // oras records the path that it is given, so that it is called in the folder of the file
  const layer = `${basename(file)}:${sbomMediaType}`;
  await runOras(["attach", "--artifact-type", sbomMediaType, image.reference, layer], image, (program, args, context) =>
    run(program, args, { ...context, cwd: dirname(file) }),
  );
}
