import type { ChatRequest } from "../models/types.ts";
import { rowSeed } from "../plan/row_seed.ts";
import type { JudgeItem } from "./items.ts";
import type { Posed } from "./pose.ts";
import { judgeMessages, judgeSchema } from "./prompt.ts";

/** Tokens beside the answers: brackets, and what a model says before them. */
const SPARE_TOKENS = 64;

/**
 * What a judge is asked for an item. The answer is held to the answers that can be given, by a JSON
 * schema where the endpoint takes one; a question that is asked once more is asked in words alone.
 */
export function judgeRequests({ seed }: { seed: number }): (item: JudgeItem) => ChatRequest {
  return ({ row, posed, isAgain }) => ({
    messages: judgeMessages(posed, row.text, { form: isAgain ? "plain" : "json" }),
    seed: rowSeed(seed, row.row),
    maxTokens: SPARE_TOKENS + posed.reduce((sum, question) => sum + longest(question), 0),
    ...(isAgain ? {} : { responseFormat: { name: "labels", schema: judgeSchema(posed) } }),
  });
}

/** No answer has more tokens than bytes, and hardly one as many. */
function longest({ stem, answers }: Posed): number {
  const bytes = (text: string) => new TextEncoder().encode(text).length;
  return bytes(JSON.stringify(stem)) + Math.max(0, ...answers.map(bytes));
}
