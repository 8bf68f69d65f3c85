import { load } from "js-yaml";
import { stringify } from "yaml";
import { listChangedSettings } from "./changedSettings.ts";
import { buildPublishedRecipe, buildUniformRecipe } from "./publishedRecipes.ts";

const [mono, bilingualWithCode] = [
  buildPublishedRecipe({ data: "Mono", category: "Alt" }),
  buildPublishedRecipe({ data: "Bi+Code", category: "Alt" }),
];
const heldOut = ["do_eval", "eval_steps", "eval_strategy", "per_device_eval_batch_size", "val_size"];

describe("the changed settings of two recipes", () => {
  it("are none after a recipe was written to a file and read with its keys in another order", () => {
    expect(listChangedSettings(mono, load(stringify(mono, { sortMapEntries: true })) as object as typeof mono)).toEqual(
      [],
    );
  });

  it("are those of the held-out text between published cells, and also the epochs for the uniform recipe", () => {
    expect(listChangedSettings(mono, bilingualWithCode)).toEqual(heldOut);
    expect(listChangedSettings(buildUniformRecipe(), mono)).toEqual([
      ...heldOut.slice(0, 3),
      "num_train_epochs",
      ...heldOut.slice(3),
    ]);
  });

  it("leave out the limit of checkpoints that older runs recorded", () => {
    expect(listChangedSettings({ ...mono, save_total_limit: 2 }, mono)).toEqual([]);
  });

  it("include the workers that pack the text, and not the interval of the log", () => {
    expect(
      listChangedSettings({ ...mono, preprocessing_num_workers: 8, logging_steps: 1, ddp_timeout: 60 }, mono),
    ).toEqual(["preprocessing_num_workers"]);
  });
});
