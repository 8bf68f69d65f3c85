import { buildDoctorDocument, doctorDocumentSchema } from "./doctorDocument.ts";

it("doctor --json has a status for each finding, and a remedy for what is wrong", () => {
  const document = buildDoctorDocument([
    { subject: "toolchain", observation: "complete" },
    { subject: "machine", observation: "too small", remedy: "use another" },
    { subject: "cluster dev", observation: "hidden", unknown: true },
  ]);
  expect(doctorDocumentSchema.parse(document)).toEqual(document);
  expect(document.findings.map(({ status, remedy }) => [status, remedy])).toEqual([
    ["fine", null],
    ["wrong", "use another"],
    ["unknown", null],
  ]);
});
