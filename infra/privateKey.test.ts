import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describeKeyProblem } from "./privateKey.ts";

const home = mkdtempSync(join(tmpdir(), "mixcpt-key-"));

afterAll(() => rmSync(home, { recursive: true }));

function generateKey(name: string, ...args: string[]): string {
  const file = join(home, name);
  execFileSync("ssh-keygen", ["-q", "-f", file, ...args]);
  return file;
}

describe("a private key", () => {
  it.each([
    ["ed25519", []],
    ["rsa", []],
    ["ecdsa", []],
    ["rsa", ["-m", "PEM"]],
  ])("is accepted without a passphrase (%s %j)", (type, args) => {
    const file = generateKey(`plain-${type}-${String(args.length)}`, "-t", type, "-N", "", ...args);
    expect(describeKeyProblem(readFileSync(file, "utf8"))).toBeUndefined();
  });

  it.each([
    ["ed25519", []],
    ["rsa", ["-m", "PEM"]],
    ["rsa", ["-m", "PKCS8"]],
  ])("is refused with advice if it has a passphrase (%s %j)", (type, args) => {
    const file = generateKey(`protected-${type}-${args.join("")}`, "-t", type, "-N", "secret", ...args);
    expect(describeKeyProblem(readFileSync(file, "utf8"))).toMatch(
      /^is protected by a passphrase, .*SSH agent \(ssh-add FILE\).* must be a private key without .*ssh-copy-id/,
    );
  });

  it("is refused if it is a public key, in another format, or not a key", () => {
    const file = generateKey("pair", "-t", "ed25519", "-N", "");
    const pkcs8 = generateKey("pkcs8", "-t", "rsa", "-N", "", "-m", "PKCS8");
    expect(describeKeyProblem(readFileSync(pkcs8, "utf8"))).toMatch(/^is a key in the format PKCS #8; .* converts/);
    expect(describeKeyProblem(readFileSync(`${file}.pub`, "utf8"))).toMatch(/^is a public key; must be/);
    expect(describeKeyProblem("PuTTY-User-Key-File-3: ssh-ed25519\n")).toMatch(/^is a key of PuTTY; must be/);
    expect(describeKeyProblem("KEY")).toMatch(/^is not a private key \(.*\); must be/);
    expect(describeKeyProblem(" \n")).toMatch(/^is empty; must be/);
  });
});
