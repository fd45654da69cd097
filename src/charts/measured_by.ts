import type { AttributeFindings } from "../analysis/findings.ts";
import { isJudgeAlone } from "../analysis/shares/measured.ts";
import { counted, shortLabel } from "./labels.ts";

/**
 * Who says what texts are, and whether a person corrected it.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { measuredByText } from "./measured_by.ts";
 * assert.equal(measuredByText({ measuredBy: "eld" }), "eld");
 * const text = measuredByText({ measuredBy: "judge:openai:m", corrected: 120 });
 * assert.match(text, /^judge:openai:m, corrected by 120.hand labels$/);
 * ```
 */
export function measuredByText(
  { measuredBy, corrected = 0 }: Pick<AttributeFindings, "measuredBy" | "corrected">,
): string {
  const by = shortLabel(measuredBy ?? "nobody", 40);
  if (isJudgeAlone({ by: measuredBy ?? "", corrected })) {
    return `${by} alone, not corrected by hand labels`;
  }
  return (measuredBy ?? "").startsWith("judge:")
    ? `${by}, corrected by ${counted(corrected, "hand label")}`
    : by;
}
