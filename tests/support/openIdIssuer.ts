/** A stand-in for an OpenID Connect issuer such as Keycloak or Dex: it publishes its keys, the test signs tokens. */
import { createSign, generateKeyPairSync } from "node:crypto";
import type { KeyObject } from "node:crypto";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import https from "node:https";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { makeCertificate } from "./controllerWebhooks.ts";

type Claims = Readonly<Record<string, unknown>>;

export interface OpenIdIssuer {
  readonly url: string;
  /** The certificate with which it answers, which is its own authority. */
  readonly certificateFile: string;
  /** Signs a token that is valid for an hour; claims replace those that every token has. */
  sign(claims: Claims): string;
  /** Signs a token in the issuer's name with a key that the issuer does not have. */
  forge(claims: Claims): string;
  stop(): void;
}

const keyId = "first";

function encodePart(part: object): string {
  return Buffer.from(JSON.stringify(part)).toString("base64url");
}

function signToken(key: KeyObject, claims: Claims): string {
  const content = `${encodePart({ alg: "RS256", typ: "JWT", kid: keyId })}.${encodePart(claims)}`;
  return `${content}.${createSign("RSA-SHA256").update(content).sign(key, "base64url")}`;
}

function makeKey() {
  return generateKeyPairSync("rsa", { modulusLength: 2048 });
}

/** Answers at loopback by HTTPS with the discovery document and the public key, and nothing else. */
export async function startOpenIdIssuer(folder: string): Promise<OpenIdIssuer> {
  makeCertificate(folder);
  const certificateFile = join(folder, "tls.crt");
  const [issuerKey, otherKey] = [makeKey(), makeKey()];
  const keys = [{ ...issuerKey.publicKey.export({ format: "jwk" }), kid: keyId, use: "sig", alg: "RS256" }];
  const answers: Record<string, object> = { "/keys": { keys } };
  const server = https.createServer(
    { cert: readFileSync(certificateFile), key: readFileSync(join(folder, "tls.key")) },
    ({ url = "" }, response) => {
      const answer = answers[url];
      response.writeHead(answer === undefined ? 404 : 200, { "content-type": "application/json" });
      response.end(JSON.stringify(answer ?? {}));
    },
  );
  await once(server.listen(0, "127.0.0.1"), "listening");
  const url = `https://127.0.0.1:${String((server.address() as AddressInfo).port)}`;
  answers["/.well-known/openid-configuration"] = {
    issuer: url,
    jwks_uri: `${url}/keys`,
    response_types_supported: ["id_token"],
    subject_types_supported: ["public"],
    id_token_signing_alg_values_supported: ["RS256"],
  };
  const complete = (claims: Claims): Claims => {
    const now = Math.floor(Date.now() / 1000);
    return { iss: url, iat: now, exp: now + 3600, ...claims };
  };
  return {
    url,
    certificateFile,
    sign: (claims) => signToken(issuerKey.privateKey, complete(claims)),
    forge: (claims) => signToken(otherKey.privateKey, complete(claims)),
    stop: () => {
      server.close();
      server.closeAllConnections();
    },
  };
}
