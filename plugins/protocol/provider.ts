import type { PropertyChange } from "./changes.ts";
import type { Properties, PropertiesWithSecrets } from "./propertyValues.ts";

/** The resource a request is about. `type` is the token, `name` the resource's name in the program. */
export interface ResourceRequest {
  readonly urn: string;
  readonly type: string;
  readonly name: string;
}

export interface CheckRequest extends ResourceRequest {
  readonly olds: PropertiesWithSecrets | undefined;
  readonly news: PropertiesWithSecrets;
  /** Random bytes that the engine chooses: the same plan yields the same names. */
  readonly seed: Uint8Array;
  /** The name that the engine's autonaming proposes; undefined if naming is left to the provider. */
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

/** `timeout` is in seconds; 0 if the program sets none. */
export interface CreateRequest extends ResourceRequest {
  readonly inputs: PropertiesWithSecrets;
  readonly timeout: number;
  readonly preview: boolean;
}

interface CreateResult {
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

/** The state of an existing resource, as a read reports it. */
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

/** The part of a Pulumi provider that both stand-in plugins implement. */
export interface ResourceProvider {
  checkConfig(args: Properties): CheckFailure[];
  /** Lists the changed arguments; `replaces` means another cluster, where every resource must be created again. */
  diffConfig(olds: Properties, news: Properties): ResourceChange[];
  /** `id` is assigned to the provider resource when it is created; it is recorded in this Pulumi state and no other. */
  configure(args: Properties, id: string): Promise<void>;
  check(request: CheckRequest): Promise<CheckResult>;
  diff(request: DiffRequest): Promise<DiffResult>;
  create(request: CreateRequest): Promise<CreateResult>;
  read(request: ReadRequest): Promise<ResourceReadResult | undefined>;
  update(request: UpdateRequest): Promise<PropertiesWithSecrets>;
  delete(request: DeleteRequest): Promise<void>;
  invoke(token: string, args: Properties): Promise<Properties>;
  /** Handles Ctrl-C: everything that is waiting gives up at once. */
  cancel(): void;
}

/** The resource was created but is not ready: the engine records it and the next `up` continues from there. */
export class ResourceInitError extends Error {
  readonly id: string;
  readonly outputs: PropertiesWithSecrets;
  readonly inputs: PropertiesWithSecrets;

  constructor(message: string, created: ResourceReadResult) {
    super(message);
    this.id = created.id;
    this.outputs = created.outputs;
    this.inputs = created.inputs;
  }
}
