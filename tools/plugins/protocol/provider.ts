import type { Change } from "./changes.ts";
import type { Properties, Unwrapped } from "./values.ts";

/** What the engine asks of one resource. `type` is the token, `name` the resource's name in the program. */
export interface ResourceRequest {
  urn: string;
  type: string;
  name: string;
}

export interface CheckRequest extends ResourceRequest {
  olds: Unwrapped | undefined;
  news: Unwrapped;
  /** Random bytes of the engine's choosing: the same plan gives the same names. */
  seed: Uint8Array;
  /** A name that the engine's own autonaming proposes; undefined where it leaves naming to us. */
  proposedName: string | undefined;
}

export interface CheckFailure {
  property: string;
  reason: string;
}

export interface CheckResult {
  inputs: Unwrapped;
  failures: CheckFailure[];
}

export interface DiffRequest extends ResourceRequest {
  id: string;
  oldInputs: Unwrapped;
  oldOutputs: Unwrapped;
  news: Unwrapped;
  ignoreChanges: string[];
}

export interface ResourceChange extends Change {
  replaces: boolean;
}

export interface DiffResult {
  changes: ResourceChange[];
  deleteBeforeReplace: boolean;
}

/** `timeout` in seconds, 0 where the program sets none. */
export interface CreateRequest extends ResourceRequest {
  inputs: Unwrapped;
  timeout: number;
  preview: boolean;
}

export interface CreateResult {
  id: string;
  outputs: Unwrapped;
}

export interface UpdateRequest extends ResourceRequest {
  id: string;
  oldInputs: Unwrapped;
  oldOutputs: Unwrapped;
  news: Unwrapped;
  timeout: number;
  preview: boolean;
}

export interface ReadRequest extends ResourceRequest {
  id: string;
  /** Absent on import. */
  inputs: Unwrapped | undefined;
  outputs: Unwrapped | undefined;
}

/** Undefined where a read finds nothing. */
export interface ReadResult {
  id: string;
  inputs: Unwrapped;
  outputs: Unwrapped;
}

export interface DeleteRequest extends ResourceRequest {
  id: string;
  inputs: Unwrapped;
  outputs: Unwrapped;
  timeout: number;
}

/** A provider as this project's two stand-ins need it. `log` reaches the user, through the engine. */
export interface Provider {
  checkConfig(args: Properties): CheckFailure[];
  /** Argument names whose change means another cluster, so that everything must be made anew. */
  diffConfig(olds: Properties, news: Properties): ResourceChange[];
  /** `id` is the provider resource's own: given to it when it was made, recorded in the state, in no other state. */
  configure(args: Properties, id: string): Promise<void>;
  check(request: CheckRequest): Promise<CheckResult>;
  diff(request: DiffRequest): Promise<DiffResult>;
  create(request: CreateRequest): Promise<CreateResult>;
  read(request: ReadRequest): Promise<ReadResult | undefined>;
  update(request: UpdateRequest): Promise<Unwrapped>;
  delete(request: DeleteRequest): Promise<void>;
  invoke(token: string, args: Properties): Promise<Properties>;
  /** Ctrl-C: whatever waits gives up at once. */
  cancel(): void;
}

/** Made, but not ready: the engine records it and the next `up` goes on from there. */
export class NotReady extends Error {
  readonly id: string;
  readonly outputs: Unwrapped;
  readonly inputs: Unwrapped;

  constructor(message: string, made: ReadResult) {
    super(message);
    this.id = made.id;
    this.outputs = made.outputs;
    this.inputs = made.inputs;
  }
}
