import { z } from "zod";

const labelRule = "must be the name of a label or annotation, such as example.com/rack";
const labelPattern =
  /^([a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)*\/)?[A-Za-z0-9]([\w.-]{0,61}[A-Za-z0-9])?$/;
const labelValueRule =
  "must be the value of a label: at most 63 letters, digits, -, _ and ., both ends not punctuation";
const labelValuePattern = /^([A-Za-z0-9]([\w.-]{0,61}[A-Za-z0-9])?)?$/;

/** The name of a label, or of an annotation. */
export const labelSchema = z.string().regex(labelPattern, labelRule);
export const labelValueSchema = z.string().regex(labelValuePattern, labelValueRule);
