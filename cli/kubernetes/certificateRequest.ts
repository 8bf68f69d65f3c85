import { KeyObject } from "node:crypto";
import "reflect-metadata"; // which x509 needs
import { Pkcs10CertificateRequestGenerator } from "@peculiar/x509";

const algorithm = { name: "ECDSA", namedCurve: "P-256", hash: "SHA-256" };

/** Whom a certificate names. */
export interface CertificateSubject {
  /** The common name, which Kubernetes takes for the user's name. */
  readonly user: string;
  /** The organization, which Kubernetes takes for the user's group. */
  readonly group: string;
}

/** A request for a certificate (PKCS #10, RFC 2986) with the key that it is for, both as PEM. */
interface CertificateRequest {
  readonly request: string;
  readonly privateKey: string;
}

/** Makes a key on the curve P-256 and the request for its certificate. */
export async function buildCertificateRequest({ user, group }: CertificateSubject): Promise<CertificateRequest> {
  const keys = await crypto.subtle.generateKey(algorithm, true, ["sign", "verify"]);
  const request = await Pkcs10CertificateRequestGenerator.create({
    name: [{ O: [group] }, { CN: [user] }],
    keys,
    signingAlgorithm: algorithm,
  });
  const privateKey = KeyObject.from(keys.privateKey).export({ type: "pkcs8", format: "pem" }).toString();
  return { request: request.toString("pem"), privateKey };
}
