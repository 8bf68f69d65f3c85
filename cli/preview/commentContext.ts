/** An active run that a deployment would end, as `up` and `destroy` name it. */
export interface EndedRun {
  readonly stack: string;
  /** Kind and name of the object. */
  readonly object: string;
  readonly description: string;
}

export interface CommentContext {
  /** The commit to compare with, as the reader knows it. */
  readonly base: string;
  /** The difference of the manifests. */
  readonly diff: string;
  /** GPU-hours above which a deployment needs an approval. */
  readonly approvalLimit?: number | undefined;
  /** Active runs that a deployment would have to end; empty where no state of Pulumi is at hand. */
  readonly endedRuns: readonly EndedRun[];
}
