import type { Posed } from "./pose.ts";

/** By stem: the answer that was given; null: none of the question's answers was. */
export type Judgement = Record<string, string | null>;

/** More of an answer isn't read: it is longer than any judgement. */
const LONGEST = 20_000;

/**
 * Reads a judge's answer. Case, white space and Unicode form of an answer don't matter, and text
 * around the JSON object is passed over; nothing else is guessed. A single question may also be
 * answered by the bare answer.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { readJudgement } from "./judgement.ts";
 * const posed = [{
 *   stem: "tone", kind: "one" as const, answers: ["Calm", "none"], descriptions: new Map(), about: null,
 * }];
 * assert.deepEqual(readJudgement('{"tone": "calm"}', posed), { tone: "Calm" });
 * assert.deepEqual(readJudgement("Calm.", posed), { tone: "Calm" });
 * assert.deepEqual(readJudgement("rather calm", posed), { tone: null });
 * ```
 */
export function readJudgement(text: string, posed: readonly Posed[]): Judgement {
  const said = objectIn(text.slice(0, LONGEST));
  const [only, ...others] = posed;
  if (said === null && only !== undefined && others.length === 0) {
    const bare = text.trim().replace(/^["'`]|["'`]?[.!]?$/g, "");
    return { [only.stem]: answerIn(bare, only) };
  }
  return Object.fromEntries(
    posed.map((question) => {
      const value = said !== null && Object.hasOwn(said, question.stem)
        ? Reflect.get(said, question.stem)
        : null;
      return [question.stem, typeof value === "string" ? answerIn(value, question) : null];
    }),
  );
}

function answerIn(text: string, { answers }: Posed): string | null {
  return answers.find((answer) => plain(answer) === plain(text)) ?? null;
}

function plain(text: string): string {
  return text.normalize("NFC").trim().replace(/\s+/g, " ").toLowerCase();
}

/** The object from the first `{` to the last `}`; null: there is none. */
function objectIn(text: string): object | null {
  const start = text.indexOf("{");
  const end = text.lastIndexOf("}");
  if (start < 0 || end < start) return null;
  try {
    const value: unknown = JSON.parse(text.slice(start, end + 1));
    return typeof value === "object" && value !== null && !Array.isArray(value) ? value : null;
  } catch {
    return null;
  }
}
