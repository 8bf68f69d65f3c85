import { isFolderUsed, listMountsBelow } from "./processMounts.ts";

/** Files and links below /proc; all others cannot be read. */
let mockProc: Readonly<Record<string, string>>;

function mockRead(path: string): string {
  const text = mockProc[path];
  if (text === undefined) throw new Error(`ENOENT: ${path}`);
  return text;
}

jest.mock("node:fs", () => ({
  readFileSync: mockRead,
  readlinkSync: mockRead,
  readdirSync: () => ["1", "7", "self", "meminfo"],
}));

const folder = "/cache/containers/a";
const overlay = `${folder}/storage/overlay`;

function formatMount(point: string, upper: string): string {
  return `36 25 0:41 / ${point} rw,relatime - overlay overlay rw,lowerdir=/images/l/X,upperdir=${upper}`;
}

it("lists the mounts of a folder, the innermost first, and none of a folder with a longer name", () => {
  const points = ["/", overlay, `${overlay}/1/merged`, "/cache/containers/ab/storage"];
  mockProc = { "/proc/self/mountinfo": points.map((point) => formatMount(point, "/x")).join("\n") };
  expect(listMountsBelow(folder)).toEqual([`${overlay}/1/merged`, overlay]);
});

it("finds mounts below a folder whose name has a blank", () => {
  mockProc = { "/proc/self/mountinfo": formatMount("/my\\040cache/a/storage", "/x") };
  expect(listMountsBelow("/my cache/a")).toEqual(["/my cache/a/storage"]);
});

describe("a folder", () => {
  it("is used by a process that names something in it", () => {
    mockProc = { "/proc/7/cmdline": `buildah\0--root\0${folder}/storage\0run` };
    expect(isFolderUsed(folder)).toBe(true);
    mockProc = { "/proc/7/cmdline": "buildah\0--root\0/cache/containers/ab/storage\0run" };
    expect(isFolderUsed(folder)).toBe(false);
  });

  it("is used by a process whose root is a mount of it", () => {
    mockProc = { "/proc/7/ns/mnt": "mnt:[2]", "/proc/7/mountinfo": formatMount("/", `${overlay}/1/diff`) };
    expect(isFolderUsed(folder)).toBe(true);
  });

  it("is not used by a process that sees the mounts in it, as all later ones do", () => {
    const seen = formatMount(`${overlay}/1/merged`, `${overlay}/1/diff`);
    mockProc = { "/proc/1/mountinfo": seen, "/proc/7/ns/mnt": "mnt:[2]", "/proc/7/mountinfo": seen };
    expect(isFolderUsed(folder)).toBe(false);
  });
});
