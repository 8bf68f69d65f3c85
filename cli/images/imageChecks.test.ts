import { listImageChecks } from "./imageChecks.ts";

jest.mock("../setup/runInImage.ts", () => ({ imagePython: "/opt/mixcpt/bin/python" }));

const recipes = { study: "recipes: {}", executions: "recipes: { A: {} }" };

describe("the checks of images", () => {
  it("import what each image runs, as the pods' user", () => {
    const checks = listImageChecks("cpu", recipes).filter(({ spec }) => spec === undefined);
    expect(checks.map(({ image }) => image)).toEqual(["data", "llamaFactory", "evaluate", "store"]);
    const training = checks[1];
    expect(training?.command[2]).toMatch(/getpass\.getuser\(\)\nimport mixcpt_train\.main, mixcpt_preflight\.main, /);
    expect(training?.command[2]).toContain("mixcpt_export.main");
    expect(training?.command[2]).toContain("os.getuid() == 1000");
    expect(training?.command[2]).toContain("os.statvfs('/').f_flag & os.ST_RDONLY");
  });

  it("import DeepSpeed and vLLM in the images for AMD GPUs", () => {
    const titles = listImageChecks("rocm", recipes).map(({ title }) => title);
    expect(titles).toContainEqual(expect.stringMatching(/llamafactory.*, deepspeed$/));
    expect(titles).toContainEqual(expect.stringMatching(/mixcpt_evaluate.*, vllm$/));
  });

  it.each([
    ["load libibverbs", "libibverbs.so.1"],
    ["run amd-smi", "[tool, 'version']"],
  ])("%s in the training image for AMD GPUs only", (_what, code) => {
    const listChecks = (target: "cpu" | "rocm") =>
      listImageChecks(target, recipes).filter(({ command }) => command.join(" ").includes(code));
    expect(listChecks("rocm").map(({ image }) => image)).toEqual(["llamaFactory"]);
    expect(listChecks("cpu")).toEqual([]);
  });

  it("let LLaMA-Factory read the recipes that the repository holds, and those of other executions", () => {
    const checks = listImageChecks("rocm", recipes).filter(({ command }) => command.includes("check"));
    expect(checks).toEqual(
      Object.values(recipes).map((spec) =>
        expect.objectContaining({ image: "llamaFactory", command: ["mixcpt-train", "check"], spec }),
      ),
    );
  });
});
