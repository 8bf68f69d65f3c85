import { anyStackConfig, stackConfig } from "../../jobs/experiment.ts";
import type { CorporaConfig, StackConfig, StackFile } from "../../jobs/matrix/index.ts";
import { stackValues } from "../engine/declared.ts";

const read = (stack: string): StackFile => ({ stack, file: `Pulumi.${stack}.yaml`, values: stackValues("mixcpt", stack) });

/**
 * The configuration of a family's stack out of its file, without Pulumi.
 * @throws Error for a stack that there is not, ConfigError with all problems of its file
 */
export const readStackFile = (stack: string): StackConfig => stackConfig(read(stack));

/** The same of any stack. */
export const readAnyStackFile = (stack: string): StackConfig | CorporaConfig => anyStackConfig(read(stack));
