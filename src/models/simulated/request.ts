import type { ChatMessage } from "../../prompt/types.ts";
import { languageOf, spokenNames, toneOf, topicOf } from "./languages.ts";

/** What a prompt asks for, as far as its text says; names are as written there. */
export interface SimulatedRequest {
  topic: string | null;
  tone: string | null;
  language: string | null;
  instruction: string | null;
  /** Any other attribute whose name has no more than three words, and a second one of a kind. */
  others: { label: string; value: string }[];
  /** Length in words, at least 1. */
  words: number | null;
  /** Terms to avoid, in lower case. */
  avoid: string[];
  /** The message that all this was read from. */
  text: string;
}

// "- Topic: Car loan"; the dash may be missing.
const GUIDELINE = /^[ \t]*([-*•][ \t]*)?([^\s:][^:\n]{0,39}):[ \t]+(\S.*)$/gm;
const LENGTH = /(\d{1,5})[ \t]+(?:words?|ord)(?!\p{L})/giu;
const AVOID = /^Avoid these words and openings:(.*)$/m;
const QUOTED = /“([^”]+)”|"([^"]+)"/g;

const KINDS: [keyof typeof spokenNames | "instruction" | "length", RegExp][] = [
  ["topic", /^(topics?|subject|theme|product|service)\b/],
  ["tone", /^(tone|mood|emotion|style)\b/],
  ["language", /^language\b/],
  ["instruction", /instruction/],
  ["length", /^length\b/],
];

const NAMES = {
  topic: namePattern(spokenNames.topic),
  tone: namePattern(spokenNames.tone),
  language: namePattern(spokenNames.language),
};

/**
 * Reads what a prompt asks for: guideline lines such as `- Topic: Car loan`, the number before the
 * word "words", the avoid-list, and where a prompt has no guideline line, the last known topic, tone
 * and language that its text names. Only the last user message counts (the ones before it are
 * examples), and the system message where that one asks for nothing.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { readRequest } from "./request.ts";
 * const content = "Write one message.\n- Topic: Car loan\n- Length: 14 words";
 * const request = readRequest([{ role: "user", content }]);
 * assert(request.topic === "Car loan" && request.words === 14);
 * ```
 */
export function readRequest(messages: ChatMessage[]): SimulatedRequest {
  const user = readText(messages.findLast((message) => message.role === "user")?.content ?? "");
  if (asksForSomething(user)) return user;
  const system = readText(messages.find((message) => message.role === "system")?.content ?? "");
  return { ...system, avoid: [...system.avoid, ...user.avoid], text: system.text + user.text };
}

function asksForSomething(request: SimulatedRequest): boolean {
  const { topic, tone, language, instruction, words, others } = request;
  return [topic, tone, language, instruction, words].some((part) => part !== null) ||
    others.length > 0;
}

function readText(text: string): SimulatedRequest {
  const request: SimulatedRequest = {
    topic: null,
    tone: null,
    language: null,
    instruction: null,
    others: [],
    words: null,
    avoid: [],
    text,
  };
  let guidelines = 0;
  for (const [, dash, label = "", value = ""] of text.matchAll(GUIDELINE)) {
    if (label.startsWith("Avoid these words")) continue;
    const kind = kindOf(label, value.trim());
    if (kind === null && (!dash || label.split(" ").length > 3)) continue;
    guidelines++;
    if (kind === "length") continue;
    // A second one of a kind is as good as any other attribute.
    if (kind === null || request[kind] !== null) {
      request.others.push({ label: label.trim(), value: value.trim() });
    } else request[kind] = value.trim();
  }
  const length = [...text.matchAll(LENGTH)].at(-1)?.[1];
  if (length !== undefined) request.words = Math.max(1, Number(length));
  const avoid = AVOID.exec(text);
  if (avoid) {
    request.avoid = Array.from(
      (avoid[1] ?? "").matchAll(QUOTED),
      (match) => (match[1] ?? match[2] ?? "").toLowerCase(),
    );
  }
  if (guidelines === 0) {
    const rest = avoid ? text.replace(avoid[0], "") : text;
    request.topic = lastName(rest, NAMES.topic);
    request.tone = lastName(rest, NAMES.tone);
    request.language = lastName(rest, NAMES.language);
  }
  return request;
}

/** What an attribute is taken for, by its label or else by its value; null: none of the kinds. */
export function kindOf(label: string, value: string): typeof KINDS[number][0] | null {
  const name = label.toLowerCase();
  const kind = KINDS.find(([, pattern]) => pattern.test(name))?.[0];
  if (kind) return kind;
  if (topicOf(value)) return "topic";
  if (languageOf(value) && value.length > 3) return "language";
  return toneOf(value) ? "tone" : null;
}

function namePattern(names: readonly string[]): RegExp {
  const longestFirst = names.toSorted((a, b) => b.length - a.length);
  return new RegExp(`(?<![\\p{L}\\d])(?:${longestFirst.join("|")})(?=s?(?![\\p{L}\\d]))`, "giu");
}

function lastName(text: string, pattern: RegExp): string | null {
  return [...text.matchAll(pattern)].at(-1)?.[0] ?? null;
}
