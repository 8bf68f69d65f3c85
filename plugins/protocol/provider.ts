import type { PropertyChange } from "./changes.ts";
import type { Properties, PropertiesWithSecrets } from "./propertyValues.ts";

/** What the engine asks of one resource. `type` is the token, `name` the resource's name in the program. */
export interface ResourceRequest {
  urn: string;
  type: string;
  name: string;
}

export interface CheckRequest extends ResourceRequest {
  olds: PropertiesWithSecrets | undefined;
  news: PropertiesWithSecrets;
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
  inputs: PropertiesWithSecrets;
  failures: CheckFailure[];
}

export interface DiffRequest extends ResourceRequest {
  id: string;
  oldInputs: PropertiesWithSecrets;
  oldOutputs: PropertiesWithSecrets;
  news: PropertiesWithSecrets;
  ignoreChanges: string[];
}

export interface ResourceChange extends PropertyChange {
  replaces: boolean;
}

export interface DiffResult {
  changes: ResourceChange[];
  deleteBeforeReplace: boolean;
}

/** `timeout` in seconds, 0 where the program sets none. */
export interface CreateRequest extends ResourceRequest {
  inputs: PropertiesWithSecrets;
  timeout: number;
  preview: boolean;
}

export interface CreateResult {
  id: string;
  outputs: PropertiesWithSecrets;
}

export interface UpdateRequest extends ResourceRequest {
  id: string;
  oldInputs: PropertiesWithSecrets;
  oldOutputs: PropertiesWithSecrets;
  news: PropertiesWithSecrets;
  timeout: number;
  preview: boolean;
}

export interface ReadRequest extends ResourceRequest {
  id: string;
  /** Absent on import. */
  inputs: PropertiesWithSecrets | undefined;
  outputs: PropertiesWithSecrets | undefined;
}

/** Undefined where a read finds nothing. */
export interface ResourceReadResult {
  id: string;
  inputs: PropertiesWithSecrets;
  outputs: PropertiesWithSecrets;
}

export interface DeleteRequest extends ResourceRequest {
  id: string;
  inputs: PropertiesWithSecrets;
  outputs: PropertiesWithSecrets;
  timeout: number;
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
