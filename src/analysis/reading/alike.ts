import type { Config } from "../../config/types.ts";
import { UserError } from "../../error.ts";
import type { Source } from "./rows.ts";

/**
 * Checks that sources can be analysed as one: each has a name of its own, and all were asked for by
 * the same attributes, shares and lengths. Other wordings, models and seeds are no hindrance.
 *
 * @throws {UserError} Exit 2 where there is none, or two differ: it names both and what differs.
 */
export function checkAlike(sources: readonly Source[]): void {
  const [first, ...others] = sources;
  if (first === undefined) throw new UserError("Nothing to analyse: name a run or a file.");
  const names = new Set<string>();
  for (const { name } of sources) {
    if (names.has(name)) {
      throw new UserError(
        `${name} is named twice, so its rows couldn't be told apart. Name each run once.`,
      );
    }
    names.add(name);
  }
  for (const other of others) {
    const lines = differencesOf(first.config, other.config);
    if (lines.length === 0) continue;
    throw new UserError(
      `${other.name} was asked for otherwise than ${first.name}:\n` +
        lines.map((line) => `  ${line}\n`).join("") +
        "Their rows can't be summed. Analyse them one by one.",
    );
  }
}

function differencesOf(one: Config | null, other: Config | null): string[] {
  if (one === null || other === null) return one === other ? [] : ["one has targets, one has none"];
  const stems = new Set([...Object.keys(one.attributes), ...Object.keys(other.attributes)]);
  const lines = [...stems].flatMap((stem) => {
    const [a, b] = [one.attributes[stem], other.attributes[stem]];
    if (a === undefined || b === undefined) return [`injections/${stem}.json is in one alone`];
    const differs = ["value", "when", "score", "factor"].find((part) =>
      wanted(a, part) !== wanted(b, part)
    );
    return differs === undefined ? [] : [`injections/${stem}.json: ${PARTS[differs]}`];
  });
  if (lengthText(one) !== lengthText(other)) {
    lines.push("response_length_distribution.json has changed");
  }
  return lines;
}

const PARTS: Record<string, string> = {
  value: "other values, or another order",
  when: 'another "when"',
  score: "other frequency scores",
  factor: "other draw factors",
};

/** One part of a list's items as a text; scores by their ratios alone. */
function wanted(items: Config["attributes"][string], part: string): string {
  const most = Math.max(...items.map(({ score }) => score));
  return JSON.stringify(items.map((item) => {
    if (part === "score") return Number((item.score / most).toPrecision(12));
    if (part === "factor") return item.factor;
    return part === "when" ? item.when : item.value;
  }));
}

function lengthText({ length }: Config): string {
  if (length === null) return "";
  const { mean, sigma, shift, max, draw } = length;
  return JSON.stringify([mean, sigma, shift, max, draw && [draw.mean, draw.sigma, draw.shift]]);
}
