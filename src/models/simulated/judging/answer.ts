import { uniform } from "../../../stats/random.ts";
import type { Answer } from "../answer.ts";
import { outcomeOf } from "../decide.ts";
import { expectedJudged } from "../expected.ts";
import type { Profile } from "../profiles.ts";
import type { JudgeQuestion, JudgeRequest } from "./question.ts";
import { follows, trueAnswer } from "./truth.ts";

/** How a request to judge is answered. */
export interface JudgedOptions {
  profile: Profile;
  seed: number;
  /** All that is said in the request. */
  words: string;
}

/**
 * A simulated judge's answer: a JSON object of what the text really is, with the profile's errors.
 * Filters, empty and cut answers come as often as in other calls; nothing is refused. Errors are a
 * pure function of the text, the question and the seed. Whether an answer is one of those that may
 * be given is drawn anew by the request's words, as where a judge is asked once more.
 *
 * @returns Null: the endpoint's filter takes the prompt.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { profileOf } from "../profiles.ts";
 * import { judgedAnswer } from "./answer.ts";
 * const answers = ["Angry", "none", "other"];
 * const question = { stem: "tone", kind: "one" as const, answers };
 * const text = "Where is my card? Disgraceful!";
 * const options = { profile: profileOf("faithful"), seed: 1, words: "" };
 * const answer = judgedAnswer({ text, questions: [question] }, options);
 * assert.equal(answer?.content, '{"tone":"Angry"}');
 * ```
 */
export function judgedAnswer(request: JudgeRequest, options: JudgedOptions): Answer | null {
  const { profile, seed, words } = options;
  const drawn = uniform("simulated, judge's outcome", seed, words);
  const outcome = outcomeOf(profile, { refused: 0, uniform: drawn });
  const answer = (content: string | null, finishReason: Answer["finishReason"] = "stop") => ({
    content,
    refusal: null,
    finishReason,
  });
  if (outcome === "filtered prompt") return null;
  if (outcome === "filtered answer") return answer(null, "content_filter");
  if (outcome === "empty") return answer("");
  const said = JSON.stringify(judgement(request, options));
  return outcome === "truncated"
    ? answer(said.slice(0, Math.ceil(said.length / 2)), "length")
    : answer(said);
}

function judgement(
  { text, questions }: JudgeRequest,
  { profile, seed, words }: JudgedOptions,
): Record<string, string> {
  return Object.fromEntries(questions.map((question) => {
    const { stem } = question;
    const label = labelFor(text, { question, profile, seed });
    const isOutside = uniform("simulated, outside", seed, stem, words) < profile.judge.outside;
    return [stem, isOutside ? `perhaps ${label}` : label];
  }));
}

function labelFor(
  text: string,
  { question, profile, seed }: { question: JudgeQuestion; profile: Profile; seed: number },
): string {
  const u = uniform("simulated, judged", seed, question.stem, text);
  if (question.kind === "followed") {
    const { missed, imagined } = profile.judge.followed;
    const does = follows(text, question);
    return does === (u >= (does ? missed : imagined)) ? "yes" : "no";
  }
  const { answers } = question;
  const truth = trueAnswer(text, question);
  let left = u;
  const shares = Object.entries(expectedJudged({ profile, truth, answers }));
  return shares.find(([, share]) => (left -= share) < 0)?.[0] ?? truth;
}
