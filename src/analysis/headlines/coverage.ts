import { type Headline, isOfFile, severityOf, type Told } from "./headline.ts";
import { count } from "../../text/numbers.ts";
import { named, valueText } from "../../text/wording.ts";

/** The chance, over all pairs together, that a headline is chance. */
const LEVEL = 0.01;

/**
 * The pair of values that is wanted most and that no ok row has, where so many were expected that
 * chance would hardly leave it out.
 */
export function coverageHeadlines(told: Told): Headline[] {
  const { findings } = told;
  const { byAttributes, pairs } = findings.coverage;
  const { ok } = findings.rows;
  let worst: Headline | null = null;
  for (const { attributes: [one, other], never } of byAttributes) {
    const first = never[0];
    if (first === undefined || ok === 0) continue;
    // A pair that is expected e times is missing with probability exp(-e).
    const enough = Math.log(Math.max(1, pairs.possible) / LEVEL);
    const severity = severityOf(1 - enough / first.expected, first.expected / ok);
    if (severity <= (worst?.severity ?? 0)) continue;
    const [a, b] = first.values;
    worst = {
      kind: "pairs",
      attribute: null,
      severity,
      says: `No ok row has ${named(one)} ${valueText(a)} with ${named(other)} ${valueText(b)}: ${
        count(Math.round(first.expected))
      } were expected`,
      next: isOfFile(told)
        ? "add rows with both"
        : "see what becomes of them: deno task export, with --outcome all",
    };
  }
  return worst === null ? [] : [worst];
}
