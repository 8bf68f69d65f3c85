/** The webhooks of controllers that run as processes of this machine, and the certificate with which they answer. */
import { execFileSync } from "node:child_process";
import { generateKeyPairSync } from "node:crypto";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { limitWebhookNamespaces } from "../../infra/platform/controllerManifests.ts";
import type { KubernetesObject } from "../../infra/platform/controllerManifests.ts";
import { queuedNamespaceLabel } from "../../infra/platform/experimentResources.ts";
import type { ControllerName } from "../../workspace/toolchain.ts";
import type { ApiServer } from "./apiServer.ts";
import { readControllerManifests } from "./toolchainPrograms.ts";

interface KindObject extends KubernetesObject {
  readonly spec?: { readonly conversion?: { readonly webhook?: object } };
}

interface WebhookObject extends KubernetesObject {
  readonly webhooks: readonly { clientConfig: { service: { path: string } } }[];
}

const kueueNames = ["kueue-ca", "kueue-webhook-service.kueue-system.svc"];

/**
 * Makes a certificate for loopback; it is its own authority. Kueue accepts one that it finds if it has its names and
 * some months left.
 */
export function makeCertificate(folder: string): string {
  mkdirSync(folder, { recursive: true });
  const [key, certificate] = [join(folder, "tls.key"), join(folder, "tls.crt")];
  const { privateKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
  writeFileSync(key, privateKey.export({ type: "pkcs1", format: "pem" }));
  const alternatives = ["IP:127.0.0.1", ...kueueNames.map((name) => `DNS:${name}`)].join(",");
  const subject = ["-subj", "/CN=kueue-ca", "-addext", `subjectAltName=${alternatives}`];
  execFileSync("openssl", ["req", "-x509", "-new", "-key", key, "-days", "365", ...subject, "-out", certificate]);
  return readFileSync(certificate, "base64");
}

export async function createCertificateSecret(api: ApiServer, folder: string): Promise<void> {
  const [certificate, key] = ["tls.crt", "tls.key"].map((file) => readFileSync(join(folder, file), "base64"));
  const { status, body } = await api.call("POST", "/api/v1/namespaces/kueue-system/secrets", {
    metadata: { name: "kueue-webhook-server-cert" },
    data: { "ca.crt": certificate, "ca.key": key, "tls.crt": certificate, "tls.key": key },
  });
  if (status !== 201) throw new Error(JSON.stringify(body));
}

/** Lets a webhook configuration of the manifests call loopback instead of a Service. */
function redirectWebhooks(object: KubernetesObject, port: number, caBundle: string): KubernetesObject {
  const { webhooks, ...rest } = object as WebhookObject;
  const redirected = webhooks.map((webhook) => {
    const url = `https://127.0.0.1:${String(port)}${webhook.clientConfig.service.path}`;
    return { ...webhook, clientConfig: { url, caBundle } };
  });
  return { ...rest, webhooks: redirected } as KubernetesObject;
}

export async function registerWebhooks(
  api: ApiServer,
  name: ControllerName,
  { port, caBundle }: { port: number; caBundle: string },
): Promise<void> {
  const objects = readControllerManifests<KindObject>(name)
    .filter(({ kind }) => kind.endsWith("WebhookConfiguration"))
    .map((object) => (name === "kueue" ? limitWebhookNamespaces(object, queuedNamespaceLabel) : object));
  for (const object of objects) {
    const path = `/apis/admissionregistration.k8s.io/v1/${object.kind.toLowerCase()}s`;
    const { status, body } = await api.call("POST", path, redirectWebhooks(object, port, caBundle));
    if (status !== 201) throw new Error(`${object.metadata.name}: ${JSON.stringify(body)}`);
  }
}

/** Lets the versions of Kueue's kinds be converted by its webhook, without which it does not become ready. */
export async function redirectConversions(
  api: ApiServer,
  { port, caBundle }: { port: number; caBundle: string },
): Promise<void> {
  const clientConfig = { url: `https://127.0.0.1:${String(port)}/convert`, caBundle };
  for (const { kind, metadata, spec } of readControllerManifests<KindObject>("kueue")) {
    if (kind !== "CustomResourceDefinition" || spec?.conversion?.webhook === undefined) continue;
    const webhook = { ...spec.conversion.webhook, clientConfig };
    const path = `/apis/apiextensions.k8s.io/v1/customresourcedefinitions/${metadata.name}`;
    const { status, body } = await api.call("PATCH", path, { spec: { conversion: { strategy: "Webhook", webhook } } });
    if (status !== 200) throw new Error(`${metadata.name}: ${JSON.stringify(body)}`);
  }
}
