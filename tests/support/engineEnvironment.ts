import type { Circus } from "@jest/types";
import { TestEnvironment } from "jest-environment-node";

const engineClosedPattern = /Resource monitor is terminating/;

/**
 * Jest for tests that let a Pulumi program fail. The engine closes its side while the program's last calls are under
 * way; Pulumi takes their rejections for granted, on a `process` that jest does not let it reach. They say nothing
 * that the failed `up` does not say.
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

// Jest looks an environment up under this name.
export { EngineEnvironment as default };
