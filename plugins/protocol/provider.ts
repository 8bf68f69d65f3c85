import type { PropertyChange } from "./changes.ts";
import type { Properties, PropertiesWithSecrets } from "./propertyValues.ts";

/** What the engine asks of one resource. `type` is the token, `name` the resource's name in the program. */
export interface ResourceRequest {
  readonly urn: string;
  readonly type: string;
  readonly name: string;
}

export interface CheckRequest extends ResourceRequest {
  readonly olds: PropertiesWithSecrets | undefined;
  readonly news: PropertiesWithSecrets;
  /** Random bytes of the engine's choosing: the same plan gives the same names. */
  readonly seed: Uint8Array;
  /** A name that the engine's own autonaming proposes; undefined where it leaves naming to us. */
  readonly proposedName: string | undefined;
}

export interface CheckFailure {
  readonly property: string;
  readonly reason: string;
}

export interface CheckResult {
  readonly inputs: PropertiesWithSecrets;
  readonly failures: CheckFailure[];
}

export interface DiffRequest extends ResourceRequest {
  readonly id: string;
  readonly oldInputs: PropertiesWithSecrets;
  readonly oldOutputs: PropertiesWithSecrets;
  readonly news: PropertiesWithSecrets;
  readonly ignoreChanges: string[];
}

export interface ResourceChange extends PropertyChange {
  readonly replaces: boolean;
}

export interface DiffResult {
  readonly changes: ResourceChange[];
  readonly deleteBeforeReplace: boolean;
}

/** `timeout` in seconds, 0 where the program sets none. */
export interface CreateRequest extends ResourceRequest {
  readonly inputs: PropertiesWithSecrets;
  readonly timeout: number;
  readonly preview: boolean;
}

export interface CreateResult {
  readonly id: string;
  readonly outputs: PropertiesWithSecrets;
}

export interface UpdateRequest extends ResourceRequest {
  readonly id: string;
  readonly oldInputs: PropertiesWithSecrets;
  readonly oldOutputs: PropertiesWithSecrets;
  readonly news: PropertiesWithSecrets;
  readonly timeout: number;
  readonly preview: boolean;
}

export interface ReadRequest extends ResourceRequest {
  readonly id: string;
  /** Absent on import. */
  readonly inputs: PropertiesWithSecrets | undefined;
  readonly outputs: PropertiesWithSecrets | undefined;
}

/** Undefined where a read finds nothing. */
export interface ResourceReadResult {
  readonly id: string;
  readonly inputs: PropertiesWithSecrets;
  readonly outputs: PropertiesWithSecrets;
}

export interface DeleteRequest extends ResourceRequest {
  readonly id: string;
  readonly inputs: PropertiesWithSecrets;
  readonly outputs: PropertiesWithSecrets;
  readonly timeout: number;
}

/** A provider as this project's two stand-ins need it. `log` reaches the user, through the engine. */
export interface ResourceProvider {
  checkConfig(args: Properties): CheckFailure[];
  /** Argument names whose change means another cluster, so that everything must be made anew. */
  diffConfig(olds: Properties, news: Properties): ResourceChange[];
  /** `id` is the provider resource's own: given to it when it was made, recorded in the state, in no other state. */
  configure(args: Properties, id: string): Promise<void>;
  check(request: CheckRequest): Promise<CheckResult>;
  diff(request: DiffRequest): Promise<DiffResult>;
  create(request: CreateRequest): Promise<CreateResult>;
  read(request: ReadRequest): Promise<ResourceReadResult | undefined>;
  update(request: UpdateRequest): Promise<PropertiesWithSecrets>;
  delete(request: DeleteRequest): Promise<void>;
  invoke(token: string, args: Properties): Promise<Properties>;
  /** Ctrl-C: whatever waits gives up at once. */
  cancel(): void;
}

/** Made, but not ready: the engine records it and the next `up` goes on from there. */
export class ResourceInitError extends Error {
  readonly id: string;
  readonly outputs: PropertiesWithSecrets;
  readonly inputs: PropertiesWithSecrets;

  constructor(message: string, made: ResourceReadResult) {
    super(message);
    this.id = made.id;
    this.outputs = made.outputs;
    this.inputs = made.inputs;
  }
}
