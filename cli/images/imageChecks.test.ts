import { listImageChecks } from "./imageChecks.ts";

jest.mock("../setup/runInImage.ts", () => ({ imagePython: "/opt/mixcpt/bin/python" }));

describe("the checks of images", () => {
  it("import what each image runs, as the pods' user", () => {
    const checks = listImageChecks("cpu", "").filter(({ spec }) => spec === undefined);
    expect(checks.map(({ image }) => image)).toEqual(["data", "llamaFactory", "evaluate", "store"]);
    const training = checks[1];
    expect(training?.command[2]).toMatch(/getpass\.getuser\(\)\nimport mixcpt_train\.main, mixcpt_preflight\.main, /);
    expect(training?.command[2]).toContain("mixcpt_export.main");
    expect(training?.command[2]).toContain("os.getuid() == 1000");
  });

  it("import DeepSpeed and vLLM in the images for AMD GPUs", () => {
    const titles = listImageChecks("rocm", "").map(({ title }) => title);
    expect(titles).toContainEqual(expect.stringMatching(/llamafactory.*, deepspeed$/));
    expect(titles).toContainEqual(expect.stringMatching(/mixcpt_evaluate.*, vllm$/));
  });

  it("load libibverbs in the training image for AMD GPUs only", () => {
    const listRdmaChecks = (target: "cpu" | "rocm") =>
      listImageChecks(target, "").filter(({ command }) => command.join(" ").includes("libibverbs.so.1"));
    expect(listRdmaChecks("rocm").map(({ image }) => image)).toEqual(["llamaFactory"]);
    expect(listRdmaChecks("cpu")).toEqual([]);
  });

  it("let LLaMA-Factory read the recipes that the repository holds", () => {
    expect(listImageChecks("rocm", "recipes: {}")).toContainEqual(
      expect.objectContaining({ image: "llamaFactory", command: ["mixcpt-train", "check"], spec: "recipes: {}" }),
    );
  });
});
