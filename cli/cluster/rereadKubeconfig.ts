import { infraProject } from "../../jobs/kube/clusterIdentity.ts";
import { engineOptions } from "../engine/engineOptions.ts";
import { findRecordedStack } from "../engine/findRecordedStack.ts";
import { fetchRecordedResources } from "../engine/recordedRuns.ts";
import { createEventPrinter } from "../engine/updateOutput.ts";
import type { LinePrinter } from "../terminal/printLine.ts";
import { countRemainingDays, readCertificateEnd, rereadingDays } from "./administratorCertificate.ts";
import { findKubeconfigCommand, findRecordedKubeconfig, keepRecordedKubeconfig } from "./recordedKubeconfig.ts";

/**
 * Reads the kubeconfig of a cluster from its control plane again, by SSH, if the certificate in the recorded one ends
 * soon or has ended. Runs before the cluster is asked anything, because it refuses an ended certificate.
 * @throws Error if the control plane cannot be reached
 */
export async function rereadEndingKubeconfig(stack: string, print: LinePrinter): Promise<void> {
  const opened = await findRecordedStack(infraProject, stack);
  if (opened === undefined) return;
  const resources = await fetchRecordedResources(opened);
  const urn = findKubeconfigCommand(resources)?.urn;
  const end = readCertificateEnd(findRecordedKubeconfig(resources) ?? "");
  if (urn === undefined || end === undefined || countRemainingDays(end, new Date()) >= rereadingDays) return;
  print(`the certificate in the kubeconfig ends on ${end.toISOString().slice(0, 10)}; reading it again`);
  await opened.up({ ...engineOptions, target: [urn], replace: [urn], onEvent: createEventPrinter(print) });
  await keepRecordedKubeconfig(stack, opened);
}
