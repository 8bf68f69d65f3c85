import type { Circus } from "@jest/types";
import { TestEnvironment } from "jest-environment-node";

const engineClosedPattern = /Resource monitor is terminating/;

/**
 * The Jest environment of tests in which a Pulumi program fails. The engine then closes its side during the program's
 * last calls. Pulumi ignores their rejections through a handler on `process`, which Jest replaces, so they are ignored
 * here; the failed `up` reports the same error.
 */
class EngineEnvironment extends TestEnvironment {
  handleTestEvent(_event: Circus.AsyncEvent | Circus.SyncEvent, state: Circus.State): void {
    forgetEngineRejections(state.unhandledRejectionErrorByPromise);
    const test = state.currentlyRunningTest;
    if (test) forgetEngineRejections(test.unhandledRejectionErrorByPromise);
  }
}

function forgetEngineRejections(rejections: Map<Promise<unknown>, unknown>): void {
  for (const [promise, error] of rejections) {
    if (engineClosedPattern.test(String(error))) rejections.delete(promise);
  }
}

// Jest requires a default export.
export { EngineEnvironment as default };
