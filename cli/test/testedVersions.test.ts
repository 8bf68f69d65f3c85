import { selectColumns, versionColumns } from "./testedVersions.ts";

// Only versions are read here, and Jest cannot load it.
jest.mock("execa", () => ({}));

it("selects all columns if none is named, and in the table's order otherwise", () => {
  expect(selectColumns(undefined)).toEqual(versionColumns);
  expect(selectColumns("")).toEqual(versionColumns);
  const selected = selectColumns("next-kubernetes, oldest");
  expect(selected.map(({ name }) => name)).toEqual(["oldest", "next-kubernetes"]);
});

it("names the columns that do not exist, with those that do", () => {
  expect(() => selectColumns("oldest,newest,next")).toThrow(
    'test: MIXCPT_TEST_COLUMNS = "oldest,newest,next": no column is called newest, next; ' +
      "the columns are: oldest, oldest-kubernetes, oldest-controllers, next-kubernetes",
  );
});
