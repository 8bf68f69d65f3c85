import { hasPodIntegration, listQueueNotes, listQueueProblems } from "./queueRequirements.ts";

const installed = { config: { controllers: "installed" } } as const;
const weighted = { config: { ...installed.config, queue: { cohort: "gpus", weight: 2 } } } as const;
const own = { config: { ...weighted.config, controllers: "published" } } as const;

describe("the weight of a queue", () => {
  it("has no effect if another install's Kueue does not share fairly", () => {
    expect(listQueueProblems({ sharesFairly: false }, weighted)).toEqual([
      expect.stringMatching(/^Kueue: queue\.weight = 2 has no effect without fair sharing; set queue\.w/),
    ]);
    for (const sharesFairly of [true, undefined]) expect(listQueueProblems({ sharesFairly }, weighted)).toEqual([]);
    expect(listQueueProblems({ sharesFairly: false }, own)).toEqual([]);
    expect(listQueueProblems({ sharesFairly: false }, installed)).toEqual([]);
  });

  it("is noted where it depends on a configuration that cannot be read", () => {
    expect(listQueueNotes({ queuesPods: true }, weighted)).toEqual([
      expect.stringMatching(/^Kueue's configuration cannot be read .* only if it has fairSharing$/),
    ]);
    expect(listQueueNotes({ queuesPods: true, sharesFairly: true }, weighted)).toEqual([]);
  });
});

describe("Kueue's integration of pods", () => {
  it("is on only if the configuration names it", () => {
    expect(hasPodIntegration("integrations: { frameworks: [batch/job, pod] }")).toBe(true);
    for (const text of ["integrations: { frameworks: [batch/job] }", "integrations: {}", "integrations:", "", "#"])
      expect(hasPodIntegration(text)).toBe(false);
  });

  it("must be on in a Kueue that somebody else installed", () => {
    expect(listQueueProblems({ queuesPods: false }, installed)).toEqual([
      "Kueue: the integration pod is off, so that trainings may run past their quota; " +
        "add pod to integrations.frameworks in the ConfigMap kueue-manager-config and restart Kueue's manager",
    ]);
    expect(listQueueProblems({ queuesPods: false }, { ...installed, isTenant: true })).toEqual([
      expect.stringContaining("; ask the cluster's administrator to add pod to integrations.frameworks"),
    ]);
    for (const queuesPods of [true, undefined]) expect(listQueueProblems({ queuesPods }, installed)).toEqual([]);
  });

  it("is noted where the configuration cannot be read, because pods show it later", () => {
    expect(listQueueNotes({}, installed)).toEqual([
      expect.stringMatching(/without its integration pod trainings may run past/),
    ]);
    expect(listQueueNotes({}, own)).toEqual([]);
  });
});
