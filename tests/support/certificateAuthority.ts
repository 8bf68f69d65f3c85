import { execFileSync } from "node:child_process";
import { generateKeyPairSync } from "node:crypto";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/** The files of an authority that signs certificates of users. */
export interface CertificateAuthority {
  readonly certificateFile: string;
  readonly keyFile: string;
  /** Signs a request for a day. Both are PEM. */
  sign(request: Buffer): Buffer;
}

export function makeCertificateAuthority(folder: string): CertificateAuthority {
  mkdirSync(folder, { recursive: true });
  const [keyFile, certificateFile] = [join(folder, "ca.key"), join(folder, "ca.crt")];
  const { privateKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
  writeFileSync(keyFile, privateKey.export({ type: "pkcs1", format: "pem" }));
  const subject = ["-subj", "/CN=test-users", "-days", "2"];
  execFileSync("openssl", ["req", "-x509", "-new", "-key", keyFile, ...subject, "-out", certificateFile]);
  const sign = (request: Buffer): Buffer => {
    const file = join(folder, "request.pem");
    writeFileSync(file, request);
    const authority = ["-CA", certificateFile, "-CAkey", keyFile, "-CAcreateserial", "-days", "1"];
    execFileSync("openssl", ["x509", "-req", "-in", file, ...authority, "-out", `${file}.crt`], { stdio: "pipe" });
    return readFileSync(`${file}.crt`);
  };
  return { certificateFile, keyFile, sign };
}
