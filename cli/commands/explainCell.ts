import { formatAllowedWords } from "../../validation/suggestions.ts";
import { readToolchain } from "../../workspace/toolchain.ts";
import { findClusterConfig } from "../cluster/readClusterConfig.ts";
import { updateKubeconfig } from "../engine/clusterKubeconfig.ts";
import { readSubmittedStack } from "../engine/submittedStack.ts";
import { readClusterName } from "../engine/stackDeclarations.ts";
import { explainClientError } from "../kubernetes/apiErrors.ts";
import type { ClusterSnapshot } from "../kubernetes/apiObjects.ts";
import { formatUnreadKinds } from "../kubernetes/evidenceReader.ts";
import { formatKubectlPrefix } from "../kubernetes/formatKubectlPrefix.ts";
import { readClusterKubeconfig } from "../kubernetes/kubeconfigFile.ts";
import { createSnapshotReader, getNamespaceAccess } from "../kubernetes/snapshotReader.ts";
import { printLine } from "../terminal/printLine.ts";
import { explainSubject, findSubject, listSubjects } from "../watch/story/explainSubject.ts";
import { convertSubmittedStack } from "../watch/watchedStack.ts";

async function readExplainedSnapshot(cluster: string): Promise<ClusterSnapshot> {
  await updateKubeconfig(cluster);
  const kubeconfig = readClusterKubeconfig(cluster);
  try {
    return await createSnapshotReader(getNamespaceAccess(kubeconfig), { allEvents: true })();
  } catch (error) {
    throw new Error(explainClientError(cluster, error, kubeconfig), { cause: error });
  }
}

/**
 * Prints why a cell of a stack waits, and what to do about it.
 * @throws Error with the nearest name if the stack has no such cell, base model or data job
 */
export async function explainCell(stack: string, word: string): Promise<void> {
  const submitted = await readSubmittedStack(stack, readToolchain());
  const subjects = listSubjects(convertSubmittedStack(submitted), submitted.shared);
  const subject = findSubject(subjects, word);
  if (subject === undefined) {
    const names = subjects.map(({ id }) => id);
    throw new Error(`cell "${word}": not in stack "${stack}"; ${formatAllowedWords(word, names)}`);
  }
  const cluster = readClusterName(stack);
  const snapshot = await readExplainedSnapshot(cluster);
  const context = { snapshot, kubectlPrefix: formatKubectlPrefix(cluster) };
  const rights = findClusterConfig(cluster)?.kind === "tenant" ? "namespace" : "cluster";
  const frame = { stack, cluster, rights, now: snapshot.now, notice: formatUnreadKinds(snapshot.unread) } as const;
  for (const line of explainSubject(subject, context, frame)) printLine(line);
}
