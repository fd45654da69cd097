import type { ChatMessage } from "../../../prompt/types.ts";

/** A question about a text, as far as its wording says. */
export type JudgeQuestion =
  & { stem: string }
  & (
    /** Which of the answers is it? */
    | { kind: "one"; answers: readonly string[] }
    /** Does it do this? */
    | { kind: "followed"; about: string }
  );

/** What a judge is asked. */
export interface JudgeRequest {
  text: string;
  questions: JudgeQuestion[];
}

/** What a request to judge begins with; any other request is one to write. */
const SYSTEM = "You label messages that people wrote to an assistant.";

const FENCE = /^The message stands between the two lines (\S+):$/m;
const QUESTION =
  /^("(?:[^"\\]|\\.)*"): (?:which .* does the message have\?|does the message do this: ("(?:[^"\\]|\\.)*")\? yes or no\.)$/;

/**
 * Reads a request to judge a text: the text between its two lines, and the questions after them. An
 * answer is told from what it means by the JSON schema; without one it ends before its first colon.
 *
 * @param schema The JSON schema that the request wants its answer in, if any.
 * @returns Null: it isn't such a request.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { readJudgeRequest } from "./question.ts";
 * const system = "You label messages that people wrote to an assistant.";
 * const user = "The message stands between the two lines ==:\n==\nHi!\n==\n\n" +
 *   '"tone": which tone does the message have?\n- Calm\n- none: it has no tone\n';
 * const messages = [{ role: "system" as const, content: system }, { role: "user" as const, content: user }];
 * assert.deepEqual(readJudgeRequest(messages, null), {
 *   text: "Hi!", questions: [{ stem: "tone", kind: "one", answers: ["Calm", "none"] }],
 * });
 * ```
 */
export function readJudgeRequest(
  messages: readonly ChatMessage[],
  schema: unknown,
): JudgeRequest | null {
  // Where the system message stands in the user's, the words begin there.
  if (messages[0]?.content.startsWith(SYSTEM) !== true) return null;
  const asked = messages.find(({ content }) => FENCE.test(content))?.content ?? "";
  const fence = FENCE.exec(asked)?.[1];
  if (fence === undefined) return null;
  const [, text, after] = asked.split(`\n${fence}\n`);
  if (text === undefined || after === undefined) return null;
  return { text, questions: questionsIn(after, schema) };
}

function questionsIn(lines: string, schema: unknown): JudgeQuestion[] {
  const questions: JudgeQuestion[] = [];
  let answers: string[] = [];
  for (const line of lines.split("\n")) {
    const [, name, about] = QUESTION.exec(line) ?? [];
    const stem = textOf(name);
    if (stem !== null) {
      const what = textOf(about);
      answers = [];
      questions.push(
        what === null
          ? { stem, kind: "one", answers: enumOf(schema, stem) ?? answers }
          : { stem, kind: "followed", about: what },
      );
    } else if (line.startsWith("- ")) answers.push(line.slice(2).split(": ", 1)[0] ?? "");
  }
  return questions;
}

function textOf(json: string | undefined): string | null {
  if (json === undefined) return null;
  try {
    const value: unknown = JSON.parse(json);
    return typeof value === "string" ? value : null;
  } catch {
    return null;
  }
}

/** The answers that a JSON schema allows for a question. */
function enumOf(schema: unknown, stem: string): string[] | null {
  const values = memberOf(memberOf(memberOf(schema, "properties"), stem), "enum");
  return Array.isArray(values) ? values.filter((value) => typeof value === "string") : null;
}

function memberOf(value: unknown, name: string): unknown {
  return typeof value === "object" && value !== null && Object.hasOwn(value, name)
    ? Reflect.get(value, name)
    : undefined;
}
