import { randomBytes, X509Certificate } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import type { CertificatesV1Api, V1CertificateSigningRequest } from "@kubernetes/client-node";
import { createApiClients } from "./apiClients.ts";
import { explainClientError, isAccessDenied } from "./apiErrors.ts";
import type { CertificateSubject } from "./certificateRequest.ts";

interface UserRequest extends CertificateSubject {
  /** Name of the cluster's stack. */
  readonly cluster: string;
  /** Content of a kubeconfig whose user may create and approve requests for certificates. */
  readonly kubeconfig: string;
  readonly hours: number;
  /** How long the cluster may take to sign, in milliseconds. */
  readonly patienceMs?: number;
}

interface UserCertificate {
  /** PEM. */
  readonly certificate: string;
  /** PEM. No other program has it. */
  readonly privateKey: string;
  readonly expires: Date;
}

/** What to use on a cluster that issues no certificates for users. */
export const certificateAlternative =
  "leave out --user for a token of the role, or give the role to a group of the cluster's own users " +
  "(access in the cluster's file, docs/access.md)";

const signerName = "kubernetes.io/kube-apiserver-client";
/** The controller of Kubernetes signs within a second. */
const defaultPatienceMs = 30_000;
const pauseMs = 500;

/** Names the user in the request's name, because the audit log has names and no contents. */
function formatRequestName({ user, group }: CertificateSubject): string {
  const words = `${group}-${user}`.toLowerCase().replaceAll(/[^a-z0-9]+/g, "-");
  return `mixcpt-${words}-${randomBytes(4).toString("hex")}`;
}

function buildSigningRequest(request: string, order: UserRequest): V1CertificateSigningRequest {
  const spec = {
    request: Buffer.from(request).toString("base64"),
    signerName,
    expirationSeconds: order.hours * 3600,
    usages: ["client auth"],
  };
  return { metadata: { name: formatRequestName(order) }, spec };
}

async function approveRequest(
  certificates: CertificatesV1Api,
  { name, created, order }: { name: string; created: V1CertificateSigningRequest; order: UserRequest },
): Promise<void> {
  const message = `./mixcpt cluster kubeconfig ${order.cluster} --user ${order.user}`;
  const approval = { type: "Approved", status: "True", reason: "AdministratorAsked", message };
  const approved = { ...created, status: { conditions: [approval] } };
  await certificates.replaceCertificateSigningRequestApproval({ name, body: approved });
}

/** The reason why a request gets no certificate; undefined while it may still get one. */
function explainMissingCertificate({ status }: V1CertificateSigningRequest): string | undefined {
  const refusal = status?.conditions?.find(({ type }) => type === "Failed" || type === "Denied");
  return refusal && `${refusal.type}: ${refusal.message ?? refusal.reason ?? "no reason was given"}`;
}

/** @throws Error if the cluster refuses to sign, or does not sign in time */
async function awaitCertificate(certificates: CertificatesV1Api, name: string, order: UserRequest): Promise<string> {
  const { cluster, patienceMs = defaultPatienceMs } = order;
  const end = Date.now() + patienceMs;
  let refusal: string | undefined;
  while (refusal === undefined && Date.now() < end) {
    const request = await certificates.readCertificateSigningRequest({ name });
    if (request.status?.certificate !== undefined) return Buffer.from(request.status.certificate, "base64").toString();
    refusal = explainMissingCertificate(request);
    await sleep(pauseMs);
  }
  const reason = refusal ?? `it approved the request and signed nothing for ${String(patienceMs / 1000)} s, as on EKS`;
  throw new Error(
    `cluster "${cluster}" issues no certificates for users (signer ${signerName}): ${reason}; ` +
      certificateAlternative,
  );
}

/** Signers round up by a few minutes; one that ignores what was asked for signs for a year. */
const toleranceMs = 3_600_000;

function readEnd(certificate: string, { cluster, hours }: UserRequest): Date {
  const end = new X509Certificate(certificate).validToDate;
  if (end.getTime() <= Date.now() + hours * 3_600_000 + toleranceMs) return end;
  throw new Error(
    `cluster "${cluster}" signed until ${end.toISOString()} instead of for ${String(hours)} hours, and a certificate ` +
      `cannot be revoked, so its key was thrown away; ${certificateAlternative}`,
  );
}

async function signRequest(request: string, order: UserRequest): Promise<string> {
  const { certificates } = createApiClients(order.kubeconfig);
  const created = await certificates.createCertificateSigningRequest({ body: buildSigningRequest(request, order) });
  const name = created.metadata?.name ?? "";
  try {
    await approveRequest(certificates, { name, created, order });
    return await awaitCertificate(certificates, name, order);
  } finally {
    // The cluster would remove it, too: within an hour, and one that nobody approves within a day.
    await certificates.deleteCertificateSigningRequest({ name }).catch(() => undefined);
  }
}

/**
 * Makes a key and lets the cluster sign a certificate of a user for it. The key leaves this process with the result
 * alone.
 * @throws Error that says why the cluster signed none
 */
export async function issueUserCertificate(order: UserRequest): Promise<UserCertificate> {
  const { buildCertificateRequest } = await import("./certificateRequest.ts"); // its library takes a moment to load
  const { request, privateKey } = await buildCertificateRequest(order);
  const certificate = await signRequest(request, order).catch((error: unknown) => {
    if (!isAccessDenied(error)) throw error;
    const explanation = explainClientError(order.cluster, error, order.kubeconfig);
    throw new Error(`${explanation}; or ${certificateAlternative}`, { cause: error });
  });
  return { certificate, privateKey, expires: readEnd(certificate, order) };
}
