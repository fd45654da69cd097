/** Who speaks as the user in chats: OpenAI's word and ShareGPT's. */
const USERS: readonly string[] = ["user", "human"];
/** Turns by which a chat is known. */
const LOOKED_AT = 10;

/**
 * Whether a list is a chat: turns as `{role, content}` (OpenAI) or `{from, value}` (ShareGPT).
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { isChat } from "./turns.ts";
 * assert(isChat([{ from: "human", value: "Where is my ring?" }]));
 * assert(!isChat([{ text: "Where is my ring?" }]));
 * ```
 */
export function isChat(value: unknown): value is readonly unknown[] {
  return Array.isArray(value) && value.length > 0 &&
    value.slice(0, LOOKED_AT).every((turn) => speakerOf(turn) !== null);
}

/** What the user says in a chat, turn by turn; of content in parts the texts. */
export function userTurns(chat: readonly unknown[]): string[] {
  return chat.flatMap((turn) =>
    USERS.includes(speakerOf(turn) ?? "") ? [textOf(fieldOf(turn, "content", "value"))] : []
  );
}

function speakerOf(turn: unknown): string | null {
  const speaker = fieldOf(turn, "role", "from");
  return typeof speaker === "string" ? speaker.toLowerCase() : null;
}

function textOf(content: unknown): string {
  if (typeof content === "string") return content;
  if (!Array.isArray(content)) return "";
  const texts = content.map((part) => typeof part === "string" ? part : fieldOf(part, "text"));
  return texts.filter((text) => typeof text === "string").join("\n");
}

function fieldOf(value: unknown, ...names: string[]): unknown {
  if (typeof value !== "object" || value === null) return undefined;
  const fields = new Map<string, unknown>(Object.entries(value));
  return fields.get(names.find((name) => fields.has(name)) ?? "");
}
