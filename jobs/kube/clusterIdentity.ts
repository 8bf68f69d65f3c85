/** The Pulumi project of the cluster stacks, as in `infra/Pulumi.yaml`. */
export const infraProject = "mixcpt-infra";

/**
 * The name by which Pulumi recognizes the cluster of a stack of `infra/`. Without it, Pulumi takes a kubeconfig with
 * another address or certificate authority for another cluster: it would create every object and submit every run
 * again, and delete the existing ones.
 */
export function formatClusterIdentifier(stack: string): string {
  return `${infraProject}/${stack}`;
}
