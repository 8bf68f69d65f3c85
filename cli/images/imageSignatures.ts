import type { PushedImage } from "./builtImages.ts";
import type { SigningKey } from "./signingKey.ts";
import type { SigningRunner } from "./signingPrograms.ts";
import { extractCosignMessage } from "./signingPrograms.ts";

/**
 * No transparency log: an entry of the public one publishes the names of registry and images, and a cluster without
 * access to the internet could not check it. The older format of signatures, because Kyverno 1.18 and policy-controller
 * 0.13 do not find signatures by a key in the newer one (kyverno issue 16267, policy-controller issue 1958).
 */
const signingOptions = ["--yes", "--tlog-upload=false", "--use-signing-config=false", "--new-bundle-format=false"];

export type Signable = Pick<PushedImage, "reference" | "isPlain">;

function listRegistryOptions({ isPlain }: Signable): string[] {
  return isPlain ? ["--allow-http-registry"] : [];
}

/** The type of attestations that hold a bill of materials, as cosign and policies call it. */
const sbomType = ["--type", "cyclonedx"];

async function signWith(
  command: readonly string[],
  image: Signable,
  { key, run }: { readonly key: SigningKey; readonly run: SigningRunner },
): Promise<void> {
  const args = [...command, ...signingOptions, ...listRegistryOptions(image), "--key", key.reference, image.reference];
  const { hasSucceeded, complaint } = await run("cosign", args, { reference: image.reference, env: key.env });
  if (!hasSucceeded)
    throw new Error(`image ${image.reference}: cosign ${command[0] ?? ""}: ${extractCosignMessage(complaint)}`);
}

interface SigningContext {
  readonly key: SigningKey;
  readonly run: SigningRunner;
}

/** Signs the digest of an image; the signature is stored beside it. */
export function signImage(image: Signable, context: SigningContext): Promise<void> {
  return signWith(["sign"], image, context);
}

/** Signs a bill of materials as a statement about an image, stored beside it. */
export function attestSbom(image: Signable, file: string, context: SigningContext): Promise<void> {
  return signWith(["attest", ...sbomType, "--predicate", file], image, context);
}

export interface VerifyingContext {
  /** A file or a URI, as cosign takes it. */
  readonly publicKey: string;
  readonly run: SigningRunner;
}

/** cosign's complaints, each with what is wrong with the image. Capitals are a registry's codes, not those of a KMS. */
const explanations: readonly (readonly [RegExp, string])[] = [
  [/\b(UNAUTHORIZED|DENIED)\b|status code 40[13]/, "cannot be read: the registry wants another login (skopeo login)"],
  [/no signatures found|no matching signatures|no matching attestations/i, "has no signature by this key"],
];

/** Says what is wrong with an image, in place of cosign's complaint. */
export function explainComplaint(complaint: string): string {
  const [, explanation] = explanations.find(([pattern]) => pattern.test(complaint)) ?? [];
  return explanation ?? `cannot be verified: ${extractCosignMessage(complaint)}`;
}

/**
 * Verifies with the arguments of each form until one succeeds.
 * @returns the first complaint; undefined if one form has succeeded
 */
async function verifyWith(
  forms: readonly (readonly string[])[],
  image: Signable,
  { publicKey, run }: VerifyingContext,
): Promise<string | undefined> {
  const { reference } = image;
  const options = ["--insecure-ignore-tlog=true", ...listRegistryOptions(image), "--key", publicKey];
  const complaints: string[] = [];
  for (const form of forms) {
    const { hasSucceeded, complaint } = await run("cosign", [...form, ...options, reference], { reference });
    if (hasSucceeded) return undefined;
    complaints.push(complaint);
  }
  return complaints[0];
}

/**
 * A signature in the older format, or in the newer one, in which a site's own pipeline may sign. There `cosign verify`
 * takes every attestation for a signature, even one that says that a scan failed: only the type of signatures counts.
 */
const signatureForms = [
  ["verify", "--new-bundle-format=false"],
  ["verify-attestation", "--type", "https://sigstore.dev/cosign/sign/v1"],
] as const;

/** Verifies the signature of an image. Returns what is wrong with it; undefined if the key has signed it. */
export async function findSignatureProblem(image: Signable, context: VerifyingContext): Promise<string | undefined> {
  const complaint = await verifyWith(signatureForms, image, context);
  return complaint === undefined ? undefined : explainComplaint(complaint);
}

/** True if the key has signed a bill of materials of the image, in the format in which this project signs. */
export async function hasSignedSbom(image: Signable, context: VerifyingContext): Promise<boolean> {
  const form = ["verify-attestation", ...sbomType, "--new-bundle-format=false"];
  return (await verifyWith([form], image, context)) === undefined;
}
