import type { Check, CheckedAttribute, OffValue } from "../analysis/check.ts";
import { plannedText } from "../run/progress_text.ts";
import type { RowCounts } from "../run/types.ts";
import { counted, share } from "../text/numbers.ts";
import { named, percent, percentRange, valueText } from "../text/wording.ts";

/** Values named at most of each attribute that is beyond. */
const LISTED = 3;

/** What is said beside the check. */
export interface CheckTextOptions {
  rows: RowCounts;
  tolerance: number;
  /** Whether what isn't measured fails. */
  requireMeasured: boolean;
  /** The run as it can be typed. */
  run: string;
}

/**
 * A check for people: a line for each attribute, the worst first, with the values that are off where
 * it is beyond; what isn't measured; and what the exit code means.
 */
export function checkText(check: Check, options: CheckTextOptions): string {
  const { rows, tolerance, run, requireMeasured } = options;
  const { beyond, notMeasured } = check;
  const lines = [plannedText(rows)];
  if (rows.ok === 0) {
    return [...lines, "Fails: no row is ok, so there is nothing to compare."].join("\n");
  }
  for (const attribute of check.attributes) {
    lines.push(attributeText(attribute, tolerance));
    if (attribute.isBeyond) lines.push(...valueLines(attribute));
  }
  if (notMeasured.length > 0) {
    lines.push(
      `Not measured: ${names(notMeasured)}. What these texts are is said by a model, with ` +
        `deno task judge ${run}, or by you, with deno task label ${run}.`,
    );
  }
  const reasons = [
    ...(beyond.length > 0 ? [`beyond its limit: ${names(beyond)}`] : []),
    ...(requireMeasured && notMeasured.length > 0 ? [`not measured: ${names(notMeasured)}`] : []),
  ];
  lines.push(
    reasons.length > 0
      ? `Fails: ${reasons.join("; ")}.`
      : `Passes: no attribute is beyond ${share(tolerance)} and its own error.`,
  );
  return lines.join("\n");
}

/** `topic: .142 from its target, beyond .05 + .031 of error (texts, by eld)`. */
function attributeText(checked: CheckedAttribute, tolerance: number): string {
  const { attribute, against, distance, error95, isBeyond } = checked;
  const name = named(attribute);
  if (distance === null || error95 === null) return `${name}: nothing to compare`;
  const from = against === "target" ? "its target" : "what was drawn for";
  return `${name}: ${distanceText(distance)} from ${from}, ${isBeyond ? "beyond" : "within"} ` +
    `${share(tolerance)} + ${distanceText(error95)} of error (${basisText(checked)})`;
}

/** With a digit more than a tolerance has. */
function distanceText(distance: number): string {
  return distance.toFixed(3).replace(/^0(?=\.)/, "");
}

function basisText(
  { stage, measuredBy, corrected, followed, isMissing }: CheckedAttribute,
): string {
  if (stage === "realised") {
    const by = `texts, by ${named(measuredBy ?? "")}`;
    if (!measuredBy?.startsWith("judge:")) return by;
    return corrected > 0
      ? `${by}, corrected by ${counted(corrected, "label")} by hand`
      : `${by} alone: its own error isn't known`;
  }
  if (followed.length > 0) {
    const shares = followed.map((one) => one.followed.share);
    const range = { low: Math.min(...shares), high: Math.max(...shares) };
    const text = range.low === range.high ? percent(range.low) : percentRange(range);
    return `ok rows; ${text} of texts follow it, by ${
      named(measuredBy ?? "")
    }, which has no target`;
  }
  return `ok rows${isMissing ? ", not measured" : ""}`;
}

function valueLines({ off, against, stage }: CheckedAttribute): string[] {
  const lines = off.slice(0, LISTED).map((value) => `  ${offText(value, { against, stage })}`);
  const more = off.length - LISTED;
  if (more > 0) lines.push(`  and ${counted(more, "more value")}`);
  return lines;
}

function offText(
  { value, share, interval, expected }: OffValue,
  { against, stage }: Pick<CheckedAttribute, "against" | "stage">,
): string {
  const what = value === null ? "none of the values" : valueText(value);
  const range = interval === null ? "" : ` (${percentRange(interval)})`;
  return `${what}: ${percent(share)} of ${stage === "realised" ? "texts" : "ok rows"}${range}, ` +
    `${against === "target" ? "wanted" : "drawn for"}: ${percent(expected)}`;
}

function names(stems: readonly string[]): string {
  return stems.map(named).join(", ");
}
