// Jest 30 does not use `testTimeout` of a project.
jest.setTimeout(globalThis.testLimit);
