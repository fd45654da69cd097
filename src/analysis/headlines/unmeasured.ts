import { type Headline, isOfFile, type Told } from "./headline.ts";
import { named } from "../../text/wording.ts";

/** Attributes named at most. */
const LISTED = 3;

/** Says of which attributes it isn't known what the texts really are. Nothing is wrong with them. */
export function unmeasuredHeadlines(told: Told): Headline[] {
  const { findings } = told;
  const stems = Object.entries(findings.attributes)
    .filter(([, { measuredBy, values }]) => measuredBy === null && values.length > 1)
    .map(([stem]) => stem);
  if (stems.length === 0 || findings.rows.ok === 0) return [];
  const names = stems.slice(0, LISTED).map(named);
  const more = stems.length - names.length;
  const last = more > 0 ? `${more} more` : names.pop() ?? "";
  const list = names.length === 0 ? last : `${names.join(", ")} and ${last}`;
  return [{
    kind: "unmeasured",
    attribute: stems[0] ?? null,
    severity: 0,
    ...(isOfFile(told)
      ? {
        says: `Whether the texts are what their ${list} ${
          stems.length === 1 ? "says" : "say"
        } has not been measured`,
        next: "let a model say it: deno task judge FILE --config DIR",
      }
      : {
        says: `What the texts' ${list} really ${
          stems.length === 1 ? "is" : "are"
        } has not been measured`,
        next: "let a model say it: deno task judge RUN; or say it of a hundred of them: " +
          "deno task label RUN",
      }),
  }];
}
