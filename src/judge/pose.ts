import { uniform } from "../stats/random.ts";
import { NO_VALUE, type Question } from "./questions.ts";

/** A question as it is put for one row. */
export interface Posed {
  stem: string;
  kind: Question["kind"];
  /** The answers that may be given, in the order in which they are shown. */
  answers: readonly string[];
  /** Of `one`: what its answers mean, where that is said. */
  descriptions: ReadonlyMap<string, string>;
  /** Of `followed`: the value that is asked about; it needn't be the row's own. */
  about: string | null;
}

/** Of rows with an instruction so many are asked about their own; the others about another's. */
const OWN = 0.75;

/**
 * Puts the questions for one row. Values stand in an order of the row's own, so that none is favoured
 * by its place. An instruction is the row's own in three rows of four and else another one, so that
 * whoever judges can't know what was asked for; a row without any is asked about one of all.
 *
 * @param options `requested`: what the row was asked for, by stem. `seed`: the run's.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { posedFor } from "./pose.ts";
 * const values = ["Calm", "Angry"].map((value) => ({ value, description: null }));
 * const [tone] = posedFor([{ stem: "tone", kind: "one", values }], {
 *   row: 3, seed: 1, requested: { tone: "Calm" },
 * });
 * assert.deepEqual(tone?.answers.toSorted(), ["Angry", "Calm", "none", "other"]);
 * assert.deepEqual(tone.answers.slice(-2), ["none", "other"]);
 * ```
 */
export function posedFor(
  questions: readonly Question[],
  options: { row: number; seed: number; requested: Readonly<Record<string, string>> },
): Posed[] {
  const { row, seed, requested } = options;
  return questions.map(({ stem, kind, values }): Posed => {
    const names = values.map(({ value }) => value);
    if (kind === "followed") {
      const about = instructionFor(names, {
        own: requested[stem] ?? "",
        u: (what) => uniform("judge", what, seed, stem, row),
      });
      return { stem, kind, answers: ["yes", "no"], descriptions: new Map(), about };
    }
    const order = new Map(
      names.map((name, i) => [name, uniform("judge order", seed, stem, row, i)]),
    );
    const shuffled = names.toSorted((a, b) => (order.get(a) ?? 0) - (order.get(b) ?? 0));
    const descriptions = new Map(
      values.flatMap(({ value, description }) =>
        description === null ? [] : [[value, description] as const]
      ),
    );
    // A value of that name means what it says.
    const without = NO_VALUE.filter((name) => !names.includes(name));
    for (const name of without) descriptions.set(name, meaningOf(name, stem));
    return { stem, kind, answers: [...shuffled, ...without], descriptions, about: null };
  });
}

function meaningOf(name: typeof NO_VALUE[number], stem: string): string {
  const what = stem.replaceAll("_", " ");
  return name === "none" ? `it has no ${what}` : `it has a ${what} that isn't listed`;
}

function instructionFor(
  names: readonly string[],
  { own, u }: { own: string; u: (what: string) => number },
): string {
  const others = names.filter((name) => name !== own);
  const isOwn = names.includes(own) && (u("own") < OWN || others.length === 0);
  return isOwn ? own : others[Math.floor(u("other") * others.length)] ?? own;
}
