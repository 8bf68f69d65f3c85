import * as fc from "fast-check";
import { formatSlug, maxLabelLength } from "../kube/objectNames.ts";
import type { AxisValue, AxisValues } from "./axisSettings.ts";
import { axisSettings, formatVariant, listAxisValues, parseVariant, splitCellId } from "./axisSettings.ts";
import { categoryNames, dataKinds } from "./axisNames.ts";
import { familyNames } from "./families.ts";
import { buildCell } from "./matrixCell.ts";

const anyValue: Readonly<Record<"number" | "text" | "flag", fc.Arbitrary<AxisValue>>> = {
  number: fc.oneof(
    fc.nat(),
    fc.double({ min: 1e-6, max: 1, noNaN: true }),
    fc.constantFrom(1e-6, 2e-5, 0.00004, 1.5e-5, 0.001, 0.03, 0.1, 500, 2 ** 40),
  ),
  text: fc.stringMatching(/^[A-Za-z][A-Za-z0-9_]{0,9}$/),
  flag: fc.boolean(),
};

/** Values on any axes. Texts may look like the labels of other axes. */
const axisValues: fc.Arbitrary<AxisValues> = fc
  .tuple(
    ...Object.entries(axisSettings).map(([setting, { values }]) => {
      const value = fc.oneof(values === "text" ? fc.constantFrom("seed2", "lr4e") : anyValue[values], anyValue[values]);
      return fc.option(value.map((one) => [setting, one] as const));
    }),
  )
  .map((entries) => Object.fromEntries(entries.filter((entry) => entry !== null)));

const coordinates = fc.record({
  family: fc.constantFrom(...familyNames),
  data: fc.constantFrom(...dataKinds),
  category: fc.constantFrom(...categoryNames),
});

describe("the end of an id with values on added axes", () => {
  it.each([
    [{ learning_rate: 4e-5, seed: 2 }, "-lr4e-5-seed2"],
    [{ seed: 42 }, "-seed42"],
    [{ warmup_ratio: 0.03, learning_rate: 0.00002 }, "-lr2e-5-warmup0.03"],
    [{ lr_scheduler_type: "constant_with_warmup", bf16: false }, "-sched-constant_with_warmup-bf16-false"],
    [{ eval_steps: 500, num_train_epochs: 0.5 }, "-epochs0.5-evalsteps500"],
    [{}, ""],
  ])("of %j is %s", (values, text) => {
    expect(formatVariant(values)).toBe(text);
  });

  it("gives back the values that it was made of", () => {
    fc.assert(
      fc.property(axisValues, (values) => {
        expect(parseVariant(formatVariant(values))).toEqual({ ...values });
      }),
    );
  });

  it("does not depend on the order in which a file has the axes", () => {
    fc.assert(
      fc.property(axisValues, (values) => {
        expect(formatVariant(Object.fromEntries(Object.entries(values).toReversed()))).toBe(formatVariant(values));
      }),
    );
  });

  it("is split from the id of any cell of the study", () => {
    fc.assert(
      fc.property(coordinates, axisValues, (at, values) => {
        const { id, matrixId } = buildCell({ ...at, axisValues: values });
        expect(splitCellId(id)).toEqual({ matrixId, variant: formatVariant(values) });
      }),
    );
  });

  it.each(["-Stag", "-lr", "-seed", "-seed2-lr4e-5", "-lr4e-5seed2", "x", "-sched-", "-bf16-maybe", "-seed2-seed3"])(
    "is not %s",
    (text) => {
      expect(parseVariant(text)).toBeUndefined();
    },
  );
});

describe("a cell with values on added axes", () => {
  it("has an id and a slug of its own, beside any other values", () => {
    fc.assert(
      fc.property(coordinates, axisValues, axisValues, (at, values, others) => {
        const [one, other] = [values, others].map((own) => buildCell({ ...at, axisValues: own }));
        const isSame = formatVariant(values) === formatVariant(others);
        expect(one?.id === other?.id).toBe(isSame);
      }),
    );
  });

  it("has another slug with another number", () => {
    const numbers = fc.record({ learning_rate: anyValue.number, warmup_ratio: anyValue.number, seed: fc.nat() });
    fc.assert(
      fc.property(coordinates, numbers, numbers, (at, values, others) => {
        const [one, other] = [values, others].map((own) => buildCell({ ...at, axisValues: own }));
        expect(one?.slug === other?.slug).toBe(one?.id === other?.id);
      }),
    );
  });

  it("has a slug that is valid in a label if it is short enough", () => {
    fc.assert(
      fc.property(coordinates, axisValues, (at, values) => {
        const { id, slug } = buildCell({ ...at, axisValues: values });
        expect(slug).toBe(formatSlug(id));
        if (slug.length <= maxLabelLength) expect(slug).toMatch(/^[a-z]([a-z0-9-]*[a-z0-9])?$/);
      }),
    );
  });

  it("is a repetition of the cells that differ in the seed alone", () => {
    const at = { family: "llama-3.1", data: "Mono", category: "Stag" };
    const [one, two, other] = [
      { learning_rate: 4e-5, seed: 1 },
      { learning_rate: 4e-5, seed: 2 },
      { learning_rate: 2e-5, seed: 1 },
    ].map((values) => buildCell({ ...at, axisValues: values }).withoutSeed);
    expect([one, two, other]).toEqual(["L3-Mono-Stag-lr4e-5", "L3-Mono-Stag-lr4e-5", "L3-Mono-Stag-lr2e-5"]);
  });
});

describe("the combinations of added axes", () => {
  it("are a single empty one without axes, else one for each combination", () => {
    expect(listAxisValues({})).toEqual([{}]);
    expect(listAxisValues({ seed: [1, 2], learning_rate: [2e-5, 4e-5] })).toEqual([
      { learning_rate: 2e-5, seed: 1 },
      { learning_rate: 2e-5, seed: 2 },
      { learning_rate: 4e-5, seed: 1 },
      { learning_rate: 4e-5, seed: 2 },
    ]);
  });
});
