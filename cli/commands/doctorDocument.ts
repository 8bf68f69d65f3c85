import { z } from "zod";

/** One line of the examination. */
export interface DoctorFinding {
  readonly subject: string;
  readonly observation: string;
  /** The command or step that fixes it; absent if nothing is wrong. */
  readonly remedy?: string;
  /** True for what could not be examined, such as a cluster that another network hides. */
  readonly unknown?: boolean;
}

/** The output of `mixcpt doctor --json`. Other programs read it: keys are added, never renamed or removed. */
export const doctorDocumentSchema = z.strictObject({
  findings: z.array(
    z.strictObject({
      subject: z.string().describe("such as toolchain, or cluster dev"),
      status: z.enum(["fine", "wrong", "unknown"]).describe("unknown for what could not be examined"),
      observation: z.string(),
      remedy: z.string().nullable().describe("the command or step that fixes it; null if nothing is wrong"),
    }),
  ),
});
type DoctorDocument = z.infer<typeof doctorDocumentSchema>;

export function buildDoctorDocument(findings: readonly DoctorFinding[]): DoctorDocument {
  return {
    findings: findings.map(({ subject, observation, remedy, unknown = false }) => ({
      subject,
      status: unknown ? "unknown" : remedy === undefined ? "fine" : "wrong",
      observation,
      remedy: remedy ?? null,
    })),
  };
}
