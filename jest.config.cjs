// swc only strips types, `tsc --noEmit` checks them once for the whole project.
const swc = ["@swc/jest", { jsc: { target: "es2023" }, module: { type: "commonjs" } }];
// Jest cannot load an ES module from Node.js's packages: this one runs in unit tests, others are mocked.
const transform = { "\\.ts$": swc, "/p-map/index\\.js$": swc };
const transformIgnorePatterns = ["/node_modules/(?!p-map/)"];

/** Milliseconds, after which a test ends that would wait for ever. One that starts programs exceeds Jest's 5 s if busy. */
const usualLimit = 60_000;

/** Longer than the nine minutes after which a command of a test is ended, which would outlive its test otherwise. */
const engineLimit = 600_000;

/** unit: no process, no network. pages: the report in a browser. engine: a real API server and the real Pulumi engine. cluster: real hosts. chaos: as engine, at random moments. racks: as cluster, of machines that fail. tenants: as cluster, two teams and faults. versions: those of engine and chaos that need the controllers, for the versions that MIXCPT_TEST_SOFTWARE names. */
const project = (displayName, testMatch, { testLimit = usualLimit, ...more } = {}) => ({
  displayName,
  testMatch,
  transform,
  transformIgnorePatterns,
  testEnvironment: "node",
  testPathIgnorePatterns: ["/node_modules/", "/\\.mixcpt/"],
  modulePathIgnorePatterns: ["<rootDir>/\\.mixcpt/"],
  setupFilesAfterEnv: ["<rootDir>/tests/support/limitTests.cjs"],
  globals: { testLimit },
  ...more,
});

module.exports = {
  projects: [
    project("unit", [
      "<rootDir>/{cli,infra,jobs,plugins,policies,reporting,stacks,tools,validation,workspace}/**/*.test.ts",
      "<rootDir>/tests/config/*.test.ts",
      "<rootDir>/tests/render/*.test.ts",
    ]),
    project("pages", ["<rootDir>/tests/report/*.test.ts"]),
    project("engine", ["<rootDir>/tests/engine/*.test.ts"], { testLimit: engineLimit }),
    project("cluster", ["<rootDir>/tests/cluster/*.test.ts"]),
    project("chaos", ["<rootDir>/tests/chaos/*.test.ts"]),
    project("racks", ["<rootDir>/tests/racks/*.test.ts"]),
    project("tenants", ["<rootDir>/tests/tenants/*.test.ts"], {
      globalSetup: "<rootDir>/tests/tenants/makeMachines.cjs",
      globalTeardown: "<rootDir>/tests/tenants/removeMachines.cjs",
    }),
    project(
      "versions",
      [
        "<rootDir>/tests/versions/*.test.ts",
        "<rootDir>/tests/engine/{installedPlatform,manifestAdmission,requiredPreflight,waitingReasons}.test.ts",
        "<rootDir>/tests/chaos/weekOfPreemptions.test.ts",
      ],
      { testLimit: engineLimit },
    ),
  ],
};
