import type { ChatMessage } from "../../prompt/types.ts";

/** How endpoints say that a chat of theirs knows no system message. */
const REFUSED = [
  /\b(system|developer) (role|message|prompt|instruction)s? (is |are )?(not|isn't|aren't|unsupported|unavailable)\b/i,
  /\b(not|n't) (support|allow|accept|have|take)\w* (a |the |any )?['"`]?(system|developer)['"`]? (role|message|prompt|instruction)/i,
  /\broles? must alternate\b/i,
  /\bunsupported (role|value)?:? ?['"`]?(system|developer)\b/i,
  /\b(unexpected|invalid|unknown|unsupported) (message )?role:? ['"`]?(system|developer)\b/i,
  /\brole['"`]? (does not|doesn't) support ['"`]?(system|developer)\b/i,
  /\bonly ['"`]?user['"`]?,? (and|or) ['"`]?(assistant|model)['"`]? roles?\b/i,
  /['"`]system['"`] (is not|isn't) (one of|supported|allowed|a valid)/i,
];

/**
 * Whether an endpoint's words say that it takes no system message, or none before the user's.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { refusesSystemRole } from "./system_role.ts";
 * assert(refusesSystemRole("System role not supported"));
 * assert(!refusesSystemRole("The system is not available"));
 * ```
 */
export function refusesSystemRole(words: string): boolean {
  return REFUSED.some((pattern) => pattern.test(words));
}

/**
 * The same chat without a system message: its text stands before the first message of the user.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { inUserMessage } from "./system_role.ts";
 * const chat = [
 *   { role: "system" as const, content: "You ride trains." },
 *   { role: "user" as const, content: "Write." },
 * ];
 * assert.deepEqual(inUserMessage(chat), [{ role: "user", content: "You ride trains.\n\nWrite." }]);
 * ```
 */
export function inUserMessage(messages: readonly ChatMessage[]): ChatMessage[] {
  const system = messages.filter(({ role }) => role === "system").map(({ content }) => content);
  const rest = messages.filter(({ role }) => role !== "system");
  if (system.length === 0) return rest;
  const at = rest.findIndex(({ role }) => role === "user");
  const content = [...system, ...(rest[at] === undefined ? [] : [rest[at].content])].join("\n\n");
  if (at < 0) return [{ role: "user", content }, ...rest];
  return rest.map((message, index) => index === at ? { role: "user", content } : message);
}
