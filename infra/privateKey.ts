import { resolve } from "node:path";
import ssh2 from "ssh2";
import { checkoutDirectory } from "../workspace/environment.ts";
import { ConfiguredFileError, readConfiguredFile } from "./configuredFile.ts";

const allowedKeys =
  "must be a private key without a passphrase in a format of OpenSSH: " +
  "ssh-keygen -t ed25519 -N '' -f FILE creates one, and ssh-copy-id -i FILE.pub USER@ADDRESS allows it to log in";

const passphraseProblem =
  "is protected by a passphrase, which nothing could enter; remove privateKeyFile from the cluster's file, and the " +
  "keys of the SSH agent (ssh-add FILE) log in. Otherwise the file ";

/**
 * The reason why a key cannot log in without a person at the keyboard, or undefined. Checked before the first
 * connection, because SSH clients retry such a key like a host that is still starting.
 */
export function describeKeyProblem(text: string): string | undefined {
  if (text.trim() === "") return `is empty; ${allowedKeys}`;
  if (text.startsWith("PuTTY-User-Key-File"))
    return `is a key of PuTTY; ${allowedKeys}, or puttygen FILE -O private-openssh converts this one`;
  if (text.startsWith("-----BEGIN ENCRYPTED PRIVATE KEY")) return `${passphraseProblem}${allowedKeys}`;
  if (text.startsWith("-----BEGIN PRIVATE KEY"))
    return `is a key in the format PKCS #8; ${allowedKeys}, or ssh-keygen -p -N '' -f FILE converts this one`;
  const parsed: unknown = ssh2.utils.parseKey(text);
  if (parsed instanceof Error)
    return /passphrase|encrypted/i.test(parsed.message)
      ? `${passphraseProblem}${allowedKeys}`
      : `is not a private key (${parsed.message}); ${allowedKeys}`;
  const [key] = [parsed].flat() as [{ isPrivateKey(): boolean }];
  return key.isPrivateKey() ? undefined : `is a public key; ${allowedKeys}`;
}

/**
 * The private key in a file that the configuration names under `key`.
 * @throws ConfiguredFileError if it cannot be read or used without a person
 */
export function readPrivateKey(key: string, name: string): string {
  const text = readConfiguredFile(key, name);
  const problem = describeKeyProblem(text);
  if (problem !== undefined) throw new ConfiguredFileError(key, `${resolve(checkoutDirectory, name)} ${problem}`);
  return text;
}
