import { attributeHeadlines } from "./attributes.ts";
import { coverageHeadlines } from "./coverage.ts";
import type { Headline, Told } from "./headline.ts";
import { followedHeadlines } from "./followed.ts";
import { lengthHeadlines } from "./lengths.ts";
import { failedHeadlines, lostHeadlines } from "./lost.ts";
import { phraseHeadlines } from "./phrases.ts";
import { samenessHeadlines } from "./sameness.ts";
import { severalHeadlines } from "./several.ts";
import { unmeasuredHeadlines } from "./unmeasured.ts";

export type { Headline, Told } from "./headline.ts";

/** Lines that a screen has room for beside the first and the last. */
const MOST = 3;
/** What is off by less, on the scale of {@linkcode Headline.severity}, isn't worth a line. */
const LEAST_SEVERITY = 0.015;

/**
 * The three findings that matter most, the worst first: fewer where fewer matter, none that noise
 * explains. Each kind is told once, so that one fault doesn't take all the lines; what hasn't been
 * measured comes last, where there is room.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { chosenHeadlines } from "./headlines.ts";
 * const headline = (severity: number, kind: "phrase" | "lost") => ({
 *   kind, attribute: null, severity, says: "", next: "",
 * });
 * const all = [headline(0.1, "lost"), headline(0.2, "phrase"), headline(0.15, "phrase")];
 * assert.deepEqual(chosenHeadlines(all).map(({ severity }) => severity), [0.2, 0.1]);
 * ```
 */
export function chosenHeadlines(all: readonly Headline[]): Headline[] {
  const chosen: Headline[] = [];
  const told = new Set<string>();
  const worthy = all.filter(({ kind, severity }) =>
    severity >= LEAST_SEVERITY || kind === "unmeasured"
  );
  for (const headline of worthy.toSorted((a, b) => b.severity - a.severity)) {
    if (chosen.length === MOST) break;
    if (headline.kind === "accepted" && worthy.some((other) => explains(other, headline))) continue;
    const things = thingsOf(headline);
    if (things.some((thing) => told.has(thing))) continue;
    for (const thing of things) told.add(thing);
    chosen.push(headline);
  }
  return chosen;
}

/** What is lost of a value is missing among the ok rows: then the losses are the thing to tell. */
function explains(other: Headline, { attribute }: Headline): boolean {
  return other.kind === "lost" && other.attribute === attribute;
}

/** What a headline takes up: others about the same aren't told too. */
function thingsOf({ kind, attribute }: Headline): string[] {
  switch (kind) {
    // Rows that share a phrase begin alike.
    case "openings":
      return ["phrase"];
    case "accepted":
    case "realised":
      return [`${kind} ${attribute}`];
    default:
      return [kind];
  }
}

/** All that stands out in an analysis, chosen by {@linkcode chosenHeadlines}. */
export function headlines(told: Told): Headline[] {
  return chosenHeadlines([
    ...phraseHeadlines(told),
    ...lengthHeadlines(told),
    ...attributeHeadlines(told),
    ...followedHeadlines(told),
    ...failedHeadlines(told),
    ...lostHeadlines(told),
    ...samenessHeadlines(told),
    ...severalHeadlines(told),
    ...coverageHeadlines(told),
    ...unmeasuredHeadlines(told),
  ]);
}
