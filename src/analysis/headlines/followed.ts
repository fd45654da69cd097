import { named, percent, percentRange, valueText } from "../../text/wording.ts";
import type { AttributeFindings } from "../findings.ts";
import { PLAUSIBLE_ERROR } from "../shares/measured.ts";
import { byWhom, isAlone } from "./by_whom.ts";
import { type Headline, isOfFile, severityOf, type Told } from "./headline.ts";

/** Fewer texts that don't do as they were asked are nothing strange. */
const LEAST_UNFOLLOWED = 0.1;

/** The instruction of each attribute that is followed least, where that is surely too little. */
export function followedHeadlines(told: Told): Headline[] {
  return Object.entries(told.findings.attributes).flatMap(([stem, found]) => {
    const worst = found.values.map((each) => ({ each, severity: severityFor(each, found) }))
      .reduce<Worst | null>(
        (top, next) => next.severity > (top?.severity ?? 0) ? next : top,
        null,
      );
    const followed = worst?.each.followed;
    if (worst === null || followed === undefined) return [];
    const { unasked } = followed;
    return [{
      kind: "followed",
      attribute: stem,
      severity: worst.severity,
      says:
        `${named(stem)}: ${percent(followed.share)} of the texts asked for ${
          valueText(worst.each.value)
        } do it (${percentRange(followed)})` +
        (unasked === null
          ? ""
          : `, ${percent(unasked.share)} of the others do it unasked (${percentRange(unasked)})`) +
        `, ${byWhom(found, told)}`,
      next: told.config === null || isOfFile(told)
        ? "word that request otherwise"
        : `word it otherwise: "prompt" in injections/${named(stem)}.json`,
    }];
  });
}

interface Worst {
  each: AttributeFindings["values"][number];
  severity: number;
}

function severityFor(
  { followed, accepted }: AttributeFindings["values"][number],
  found: AttributeFindings,
): number {
  if (followed === undefined) return 0;
  const least = isAlone(found) ? PLAUSIBLE_ERROR : LEAST_UNFOLLOWED;
  return severityOf(1 - followed.high - least, accepted);
}
