import type { KeyObject } from "node:crypto";
import { createPublicKey } from "node:crypto";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { resolve } from "node:path";
import { callerDirectory } from "../../workspace/environment.ts";
import { formatErrorMessage } from "../explainError.ts";
import { askSecret } from "../terminal/askSecret.ts";
import type { SigningRunner } from "./signingPrograms.ts";
import { extractCosignMessage } from "./signingPrograms.ts";

/** A private key that cosign can use. The passphrase is in the environment of cosign only. */
export interface SigningKey {
  /** A file, or a URI such as `awskms://…` or `env://NAME`. */
  readonly reference: string;
  readonly env: Readonly<Record<string, string>>;
  /** The file of its public key. */
  readonly publicKey: string;
}

/** True if cosign takes a key from elsewhere than a file. */
function isKeyUri(reference: string): boolean {
  return /^[a-z0-9]+:\/\//.test(reference) || reference.startsWith("pkcs11:");
}

/**
 * Resolves a key as cosign takes it: a file, relative to a folder, or a URI.
 * @throws Error with what is allowed, if there is no such file
 */
export function resolveKeyReference(setting: string, reference: string, folder: string): string {
  if (isKeyUri(reference)) return reference;
  const file = resolve(folder, reference);
  if (existsSync(file)) return file;
  throw new Error(
    `${setting}: ${file} does not exist; must be the file of a key, or a URI as cosign takes it (awskms://…, ` +
      "gcpkms://…, azurekms://…, hashivault://…, k8s://…, env://…); " +
      "./mixcpt images cosign generate-key-pair makes a pair",
  );
}

function readPublicKey(setting: string, file: string): KeyObject {
  try {
    return createPublicKey(readFileSync(file));
  } catch (error) {
    throw new Error(`${setting}: ${file} is not a public key (${formatErrorMessage(error)}); must be a PEM file`);
  }
}

/**
 * Refuses a private key that does not belong to a public one.
 * @param publicKey a file or a URI; what is in a KMS is not fetched, so that only signatures show a difference
 * @throws Error that names both
 */
export function refuseOtherPair(setting: string, publicKey: string, key: SigningKey): void {
  if (isKeyUri(publicKey)) return;
  if (readPublicKey(setting, publicKey).equals(readPublicKey("--sign", key.publicKey))) return;
  throw new Error(
    `--sign ${key.reference}: is not the private key of ${publicKey}, which ${setting} names, so that cluster up ` +
      "would refuse the images; name the other key of either pair",
  );
}

/** Keys in files and variables are encrypted with a passphrase; those of a KMS never leave it. */
function isEncrypted(reference: string): boolean {
  return !isKeyUri(reference) || reference.startsWith("env://");
}

async function readPassphrase(reference: string, given: string | undefined): Promise<Record<string, string>> {
  if (given !== undefined) return { COSIGN_PASSWORD: given };
  if (!isEncrypted(reference)) return {};
  const answer = await askSecret(`passphrase of ${reference}: `);
  if (answer !== undefined) return { COSIGN_PASSWORD: answer };
  throw new Error(
    `--sign ${reference}: needs its passphrase, and this is not a terminal to ask on; ` +
      "set COSIGN_PASSWORD (empty if the key has none)",
  );
}

function explainKeyProblem(complaint: string): string {
  if (complaint.includes("decryption failed")) return "the passphrase is wrong";
  return `cosign cannot use this key: ${extractCosignMessage(complaint)}`;
}

/** What the user gave for a private key. */
interface GivenKey {
  /** The value of --sign. */
  readonly sign: string;
  /** The value of `COSIGN_PASSWORD`; undefined if it is to be asked for. */
  readonly passphrase: string | undefined;
}

/**
 * Opens a private key for the duration of `use`, so that a wrong passphrase shows before anything is built.
 * @throws Error if there is no such key, or cosign cannot use it
 */
export async function withSigningKey<T>(
  { sign, passphrase }: GivenKey,
  run: SigningRunner,
  use: (key: SigningKey) => Promise<T>,
): Promise<T> {
  const reference = resolveKeyReference("--sign", sign, callerDirectory);
  const env = await readPassphrase(reference, passphrase);
  const folder = mkdtempSync(resolve(tmpdir(), "mixcpt-key-"));
  try {
    const publicKey = resolve(folder, "cosign.pub");
    const args = ["public-key", "--key", reference, "--outfile", publicKey];
    const { hasSucceeded, complaint } = await run("cosign", args, { reference: "", env });
    if (!hasSucceeded) throw new Error(`--sign ${sign}: ${explainKeyProblem(complaint)}; nothing was built`);
    return await use({ reference, env, publicKey });
  } finally {
    rmSync(folder, { recursive: true });
  }
}
