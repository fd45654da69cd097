import { count } from "../../text/numbers.ts";
import { percent, percentRange } from "../../text/wording.ts";
import { type Headline, isOfFile, severityOf, type Told } from "./headline.ts";

/** Rows named at most. */
const NAMED = 3;

/** Rows that hold several messages each: whoever asks for rows gets fewer than there are, and longer. */
export function severalHeadlines(told: Told): Headline[] {
  const { several, rows: { ok } } = told.findings;
  if (!several || several.rows === 0) return [];
  const named = several.examples.slice(0, NAMED)
    .map(({ row, run }) => run === undefined ? `${row}` : `${row} of ${run}`);
  return [{
    kind: "several",
    attribute: null,
    severity: severityOf(several.low, 1),
    says: `${count(several.rows)} of ${count(ok)} rows hold several messages each, as a list (${
      percent(several.share)
    }, ${percentRange(several)}), such as row${named.length === 1 ? "" : "s"} ${named.join(", ")}`,
    next: isOfFile(told)
      ? "split them into rows"
      : "ask in prompt.md for one message and no list, or try another model",
  }];
}
