/** Who may import whom. The order of the work is the order of the imports. */
const rule = (name, comment, from, to) => ({ name, comment, severity: "error", from, to });
const code = "^(?!.*\\.test\\.ts$)";
const inJobs = (folder) => ({ path: `${code}jobs/${folder}/` });
const notJobs = (allowed) => ({ path: `^jobs/(?!(${allowed.join("|")})/)` });

module.exports = {
  forbidden: [
    rule("no-cycles", "A cycle has no first file to read.", {}, { circular: true }),
    rule("jobs-is-pure", "jobs/ says what runs: data in, manifests out.", { path: `${code}jobs/` },
      { path: "@pulumi/|^(node:)?(fs|child_process|os|net|http|https|process)$", dependencyTypesNot: ["type-only"] }),
    rule("jobs-stands-alone", "jobs/ imports nothing else of ours.", { path: "^jobs/" }, { path: "^(cli|infra|stacks|tools|tests)/" }),
    rule("kube-and-hardware-are-leaves", "They know nothing of the study.", { path: `${code}jobs/(kube|hardware)/` }, notJobs(["kube", "hardware"])),
    rule("matrix-is-first", "matrix <- data <- train <- evaluate <- report", inJobs("matrix"), notJobs(["matrix", "kube", "hardware"])),
    rule("data-is-second", "matrix <- data <- train <- evaluate <- report", inJobs("data"), notJobs(["matrix", "data", "kube", "hardware"])),
    rule("train-is-third", "matrix <- data <- train <- evaluate <- report", inJobs("train"), notJobs(["matrix", "data", "train", "kube", "hardware"])),
    rule("evaluate-is-fourth", "matrix <- data <- train <- evaluate <- report", inJobs("evaluate"), notJobs(["matrix", "data", "train", "evaluate", "kube", "hardware"])),
    rule("plan-costs-what-the-others-say", "The cost of a cell follows from its parts.", inJobs("plan"), notJobs(["matrix", "data", "train", "evaluate", "plan", "kube", "hardware"])),
    rule("nobody-needs-the-plan", "A cell runs without an estimate.", inJobs("(matrix|data|train|evaluate|report)"), { path: "^jobs/plan/" }),
    rule("commands-on-demand", "Each command is read when it is asked for: Pulumi alone takes a second.", { path: "^cli/index\\.ts$" }, { path: "^cli/commands/", dynamic: false }),
    rule("plan-is-quick", "plan, render and the offline preview start without Pulumi and the Kubernetes client.", { path: "^cli/(plan|preview|render)/|^cli/commands/(plan|render)\\.ts$" }, { path: "@pulumi/|@kubernetes/", reachable: true }),
    rule("stacks-import-jobs-only", "When and where, not how.", { path: "^stacks/" }, { path: "^(cli|infra|tools|tests)/" }),
    rule("infra-knows-no-study", "The machine outlives every experiment. It says what is wrong with a file in the same words.", { path: "^infra/" }, { path: "^(cli|stacks|tools|tests)/|^jobs/(?!kube/|hardware/|matrix/(problems|schemaKeys|zodProblems)\\.ts$)" }),
    rule("plugins-stand-alone", "They speak the provider protocol and nothing else.", { path: "^tools/plugins/" }, { path: "^(cli|infra|jobs|stacks|tests)/" }),
    rule("test-support-stays-in-tests", "", { pathNot: "^tests/" }, { path: "^tests/support/" }),
  ],
  options: { tsPreCompilationDeps: true, doNotFollow: { path: "node_modules" }, tsConfig: { fileName: "tsconfig.json" } },
};
