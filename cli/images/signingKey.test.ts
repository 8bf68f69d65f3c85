import { generateKeyPairSync } from "node:crypto";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { refuseOtherPair, resolveKeyReference, withSigningKey } from "./signingKey.ts";
import type { SigningRunner } from "./signingPrograms.ts";

jest.mock("execa", () => ({ execa: jest.fn() }));
let folder: string;
const calls: { readonly args: readonly string[]; readonly env: object }[] = [];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "key-"));
  writeFileSync(join(folder, "cosign.key"), "encrypted");
  calls.length = 0;
});
afterEach(() => rmSync(folder, { recursive: true }));

const run: SigningRunner = (_program, args, context) => {
  calls.push({ args, env: context.env ?? {} });
  return Promise.resolve({ hasSucceeded: true, output: "", complaint: "" });
};

function refuseKey(complaint: string): SigningRunner {
  return () => Promise.resolve({ hasSucceeded: false, output: "", complaint });
}

function writePublicKey(name: string): string {
  const { publicKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
  const file = join(folder, name);
  writeFileSync(file, publicKey.export({ type: "spki", format: "pem" }));
  return file;
}

describe("the public key of a cluster's file", () => {
  it("must belong to the key that signs", () => {
    const key = { reference: "/keys/cosign.key", env: {}, publicKey: writePublicKey("derived.pub") };
    writeFileSync(join(folder, "same.pub"), `${readFileSync(key.publicKey, "utf8")}\n`);
    refuseOtherPair("images.publicKey", join(folder, "same.pub"), key);
    refuseOtherPair("images.publicKey", "awskms:///alias/mixcpt", key);
    expect(() => refuseOtherPair("images.publicKey", writePublicKey("other.pub"), key)).toThrow(
      /^--sign \/keys\/cosign\.key: is not the private key of .*other\.pub, which images\.publicKey names/,
    );
  });

  it("must be one", () => {
    const key = { reference: "/keys/cosign.key", env: {}, publicKey: writePublicKey("derived.pub") };
    expect(() => refuseOtherPair("images.publicKey", join(folder, "cosign.key"), key)).toThrow(
      /^images\.publicKey: .*cosign\.key is not a public key \(.*\); must be a PEM file/,
    );
  });
});

describe("the key of --sign", () => {
  it("is a file, relative to the folder of the caller, or a URI", () => {
    expect(resolveKeyReference("--sign", "cosign.key", folder)).toBe(join(folder, "cosign.key"));
    for (const uri of [
      "awskms:///alias/mixcpt",
      "hashivault://mixcpt",
      "env://KEY",
      "k8s://ops/cosign",
      "pkcs11:token=a",
    ])
      expect(resolveKeyReference("--sign", uri, folder)).toBe(uri);
  });

  it("that does not exist is refused with what is allowed", () => {
    expect(() => resolveKeyReference("--sign", "missing.key", folder)).toThrow(
      /^--sign: .*missing\.key does not exist; must be the file of a key, or a URI .*generate-key-pair/,
    );
  });

  it("has its passphrase in the environment of cosign, and no argument names it", async () => {
    const given = { sign: join(folder, "cosign.key"), passphrase: "swordfish" };
    const key = await withSigningKey(given, run, (opened) => Promise.resolve(opened));
    expect(key.env).toEqual({ COSIGN_PASSWORD: "swordfish" });
    expect(calls).toEqual([{ args: expect.arrayContaining(["public-key"]) as string[], env: key.env }]);
    expect(JSON.stringify(calls[0]?.args)).not.toContain("swordfish");
    expect(existsSync(key.publicKey)).toBe(false);
  });

  it("of a KMS needs no passphrase", async () => {
    await withSigningKey({ sign: "awskms:///alias/mixcpt", passphrase: undefined }, run, ({ env: variables }) => {
      expect(variables).toEqual({});
      return Promise.resolve();
    });
  });

  it("is refused without a passphrase where nobody can be asked", async () => {
    const given = { sign: join(folder, "cosign.key"), passphrase: undefined };
    await expect(withSigningKey(given, run, () => Promise.resolve())).rejects.toThrow(
      /--sign .*cosign\.key: needs its passphrase, .*set COSIGN_PASSWORD/,
    );
  });

  it.each([
    ["error during command execution: decrypt: encrypted: decryption failed\n", "the passphrase is wrong"],
    [
      "error during command execution: reading key: invalid pem block\n",
      "cosign cannot use this key: reading key: inv",
    ],
  ])("that cosign cannot use is refused before anything is built: %p", async (complaint, explanation) => {
    const given = { sign: join(folder, "cosign.key"), passphrase: "wrong" };
    const use = jest.fn();
    await expect(withSigningKey(given, refuseKey(complaint), use)).rejects.toThrow(explanation);
    expect(use).not.toHaveBeenCalled();
  });
});
