/** Who may import whom: the order of the work is the order of the imports. Unit tests and fixtures are bound by the same rules. */
const rule = (name, comment, from, to) => ({ name, comment, severity: "error", from, to });
const sources = "^(?!.*\\.(test|fixture)\\.ts$)";
const inRoom = (...rooms) => ({ path: `${sources}jobs/(${rooms.join("|")})/` });
const outside = (...rooms) => ({ path: `^jobs/(?!(${rooms.join("|")})/)` });

/** Each room of jobs/ with the rooms that it may import beside itself. */
const order = {
  kube: ["hardware"],
  hardware: [],
  matrix: ["kube", "hardware"],
  config: ["matrix", "kube", "hardware"],
  data: ["config", "matrix", "kube", "hardware"],
  train: ["data", "config", "matrix", "kube", "hardware"],
  evaluate: ["train", "data", "config", "matrix", "kube", "hardware"],
  estimate: ["evaluate", "train", "data", "config", "matrix", "kube", "hardware"],
  preflight: ["kube", "hardware"],
  schedule: [],
  export: ["experiment", "evaluate", "train", "data", "config", "matrix", "kube", "hardware"],
  plan: [
    "lint",
    "schedule",
    "estimate",
    "experiment",
    "evaluate",
    "train",
    "data",
    "config",
    "matrix",
    "kube",
    "hardware",
  ],
  lint: ["estimate", "evaluate", "train", "data", "config", "matrix", "kube", "hardware"],
  experiment: ["lint", "schedule", "estimate", "evaluate", "train", "data", "config", "matrix", "kube", "hardware"],
};

module.exports = {
  forbidden: [
    rule("no-cycles", "A cycle has no first file to read.", {}, { circular: true }),
    rule(
      "jobs-is-pure",
      "jobs/, reporting/ and validation/ are functions from data to data.",
      { path: `${sources}(jobs|reporting|validation)/` },
      { path: "@pulumi/|^(node:)?(fs|child_process|os|net|http|https|process)$", dependencyTypesNot: ["type-only"] },
    ),
    rule(
      "jobs-stands-alone",
      "jobs/ says what runs; it needs only validation/.",
      { path: "^jobs/" },
      { path: "^(cli|infra|plugins|policies|reporting|stacks|tests|tools|workspace)/" },
    ),
    rule(
      "policies-judge-any-object",
      "The rules run inside Pulumi's engine, too; they know objects, not what made them.",
      { path: `${sources}policies/` },
      { path: "^(cli|infra|jobs|plugins|reporting|stacks|tests|tools|validation|workspace)/" },
    ),
    ...Object.entries(order).map(([room, allowed]) =>
      rule(
        `${room}-imports-what-comes-before-it`,
        "kube, hardware, matrix <- config <- data <- train <- evaluate <- estimate, schedule <- lint <- experiment <- plan",
        inRoom(room),
        outside(room, ...allowed),
      ),
    ),
    rule(
      "reporting-reads-results",
      "The report knows the study and the results, not how a cluster is asked.",
      { path: `${sources}reporting/` },
      { path: "^(cli|infra|plugins|stacks|tests|tools|workspace)/|^jobs/(plan|lint|schedule|experiment)/" },
    ),
    rule(
      "validation-is-a-leaf",
      "The words for what is wrong with a file serve every room.",
      { path: "^validation/" },
      { path: "^(cli|infra|jobs|plugins|reporting|stacks|tests|tools|workspace)/" },
    ),
    rule(
      "workspace-is-a-leaf",
      "Paths and toolchain records know nothing of the study.",
      { path: "^workspace/" },
      { path: "^(cli|infra|jobs|plugins|reporting|stacks|tests|tools)/" },
    ),
    rule(
      "commands-on-demand",
      "Each command is loaded when it is called: Pulumi alone takes a second.",
      { path: "^cli/index\\.ts$" },
      { path: "^cli/commands/", dynamic: false },
    ),
    rule(
      "plan-is-quick",
      "plan, render and the offline preview start without Pulumi and the Kubernetes client.",
      { path: "^cli/(plan|preview|render)/|^cli/commands/(planCommand|renderCommand)\\.ts$" },
      { path: "@pulumi/|@kubernetes/", reachable: true },
    ),
    rule(
      "one-room-for-kubernetes",
      "cli/ talks to Kubernetes through cli/kubernetes/.",
      { path: "^cli/(?!kubernetes/)" },
      { path: "@kubernetes/client-node", dependencyTypesNot: ["type-only"] },
    ),
    rule(
      "kubernetes-room-is-a-leaf",
      "Access to the API knows nothing of commands.",
      { path: `${sources}cli/kubernetes/` },
      { path: "^cli/(?!kubernetes/|terminal/)" },
    ),
    rule(
      "stacks-import-jobs-only",
      "When and where, not how.",
      { path: "^stacks/" },
      { path: "^(cli|infra|plugins|reporting|tests|tools)/" },
    ),
    rule(
      "infra-knows-no-study",
      "The cluster outlives every experiment.",
      { path: "^infra/" },
      { path: "^(cli|plugins|reporting|stacks|tests|tools)/|^jobs/(?!kube/|hardware/)" },
    ),
    rule(
      "plugins-stand-alone",
      "They speak the provider protocol and nothing else.",
      { path: "^plugins/" },
      { path: "^(cli|infra|jobs|reporting|stacks|tests|tools|validation|workspace)/" },
    ),
    rule(
      "test-support-stays-in-tests",
      "Product code needs no test code.",
      { pathNot: "^tests/" },
      { path: "^tests/" },
    ),
  ],
  options: {
    tsPreCompilationDeps: true,
    doNotFollow: { path: "node_modules" },
    tsConfig: { fileName: "tsconfig.json" },
  },
};
