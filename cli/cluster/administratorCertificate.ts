import { X509Certificate } from "node:crypto";
import { parse } from "yaml";
import { z } from "zod";
import { isForeignCluster } from "../../infra/clusterConfig.ts";
import type { DoctorFinding } from "../commands/doctorDocument.ts";
import { readClusterKubeconfig } from "../kubernetes/kubeconfigFile.ts";
import { readClusterConfig } from "./readClusterConfig.ts";

const kubeconfigSchema = z.object({
  users: z.tuple([z.object({ user: z.object({ "client-certificate-data": z.base64() }) })]),
});

/**
 * Reads when the certificate of a kubeconfig ends; undefined if its only user has none, as on clusters of others, whose
 * users get tokens or programs.
 */
export function readCertificateEnd(kubeconfig: string): Date | undefined {
  const { success, data } = kubeconfigSchema.safeParse(parse(kubeconfig));
  if (!success) return undefined;
  const certificate = Buffer.from(data.users[0].user["client-certificate-data"], "base64");
  return new X509Certificate(certificate).validToDate;
}

const msPerDay = 86_400_000;

/** Whole days from `now` to `end`; negative after it. */
export function countRemainingDays(end: Date, now: Date): number {
  return Math.floor((end.getTime() - now.getTime()) / msPerDay);
}

/**
 * `cluster up` reads the kubeconfig again in the last days of its certificate. By then the control plane has renewed
 * it: infra/cluster/files/control-plane/usr/local/sbin/mixcpt-renew-certificates does so in the last 120 days.
 */
export const rereadingDays = 90;

/** Describes how long the administrator's certificate of a cluster that this project made is valid. */
export function describeAdministratorCertificate(cluster: string, end: Date, now: Date): DoctorFinding {
  const subject = `certificate of cluster ${cluster}`;
  const date = end.toISOString().slice(0, 10);
  const days = countRemainingDays(end, now);
  if (days >= rereadingDays) return { subject, observation: `valid until ${date}, for ${days} days` };
  return {
    subject,
    observation: days < 0 ? `ended on ${date}` : `ends on ${date}, in ${days} days`,
    remedy: `run ./mixcpt cluster up ${cluster}, which reads the one that the control plane has renewed`,
  };
}

/** Tells how long the administrator's certificate of a cluster is valid; nothing about clusters of others. */
export function checkCertificate(cluster: string): DoctorFinding[] {
  if (isForeignCluster(readClusterConfig(cluster))) return [];
  const end = readCertificateEnd(readClusterKubeconfig(cluster));
  return end === undefined ? [] : [describeAdministratorCertificate(cluster, end, new Date())];
}
