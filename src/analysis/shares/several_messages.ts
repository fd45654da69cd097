import { wilson } from "../../stats/intervals.ts";
import type { SeveralFindings } from "../findings.ts";
import { referenceTo } from "../reading/corpus.ts";
import type { Corpus } from "../reading/rows.ts";

/** Rows named at most. */
const MOST_EXAMPLES = 20;
/** Characters of a text that are looked at: a list shows at its start. */
const LONGEST = 20_000;
/** Lines of it, likewise. */
const MOST_LINES = 200;
/** Characters in which an announcement ends, or the list has begun. */
const LONGEST_LEAD = 300;

/**
 * How a text that holds several messages may begin: with a number, a bullet, a quote, a bracket or a
 * fence. All others are done with at once, but for those with a line of their own before the list.
 */
const BEGINS = /^[\s#*_>]*(?:\(?1[.):\]]|\p{L}{2,20} #?1[.):]|[-*•–—+]\s|["“”„«»']|[[{`])/u;
/** `Here are three messages:`, as models say it; people who list things speak of their own. */
const LEAD =
  /^\s*(?:sure|certainly|of course|here(?:'s| are| is)|below|absolutely|voici|bien sûr|hier sind|natürlich|här (?:är|kommer)|självklart|her er|selvfølgelig|tässä|aquí|claro|ecco|certo|aqui est)[^\n]*:\s*\n/i;

const OWN =
  /(?<!\p{L})(?:i|me|my|our|we|min|mine|mina|mit|mitt|mein|meine|mes|mon|mi|mis|mio)(?!\p{L})/iu;

const NUMBERED = /^[\s#*_>]*(?:\p{L}{2,20} )?#?\(?(\d{1,3})[.):\]]/u;
const BULLET = /^\s*([-*•–—+])\s+\S/;
const QUOTED = /^\s*["“”„«»'].{3,}["“”„«»'][,;.]?\s*$/;
/** The second of a list in one line: after the end of a sentence, so that dates don't count. */
const SECOND_IN_LINE = /[.?!…"”'»)]\s+\(?2[.)]\s+\S/;

/**
 * Whether a text is a list of several messages instead of one: JSON with two or more, numbered from 1,
 * each on a line of its own with a bullet before or quotes around it, after an announcement or without.
 * A message that lists its questions after words of its own is one message. The cost is linear.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { holdsSeveral } from "./several_messages.ts";
 * assert(holdsSeveral("1. Where is my card?\n2. How do I pay?"));
 * assert(!holdsSeveral("I have two questions:\n1. Where is my card?\n2. How do I pay?"));
 * ```
 */
export function holdsSeveral(text: string): boolean {
  const lead = text.includes("\n") ? LEAD.exec(text.slice(0, LONGEST_LEAD))?.[0] ?? "" : "";
  if (lead === "" ? !BEGINS.test(text.slice(0, LONGEST_LEAD)) : OWN.test(lead)) return false;
  const list = text.slice(lead.length, LONGEST).trim();
  return isListInJson(list) || isNumbered(list) || isOfMarkedLines(list);
}

function isListInJson(text: string): boolean {
  const opened = text.replace(/^```[a-z]{0,10}\s*\n/i, "");
  const bare = (opened.endsWith("```") ? opened.slice(0, -3) : opened).trim();
  const [first, last] = [bare[0], bare.at(-1)];
  if (!(first === "[" && last === "]") && !(first === "{" && last === "}")) return false;
  const whole = parsed(bare);
  if (whole !== undefined) return holdsMessages(whole);
  // An object a line.
  const lines = linesOf(bare);
  return lines.length > 1 && lines.every((line) => isObject(parsed(line.replace(/,$/, ""))));
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** A list of two texts or objects or more, or an object with such a list: `{"messages": […]}`. */
function holdsMessages(value: unknown): boolean {
  const list = isObject(value) ? Object.values(value).find(Array.isArray) : value;
  return Array.isArray(list) && list.length > 1 &&
    list.every((each) => typeof each === "string" || isObject(each));
}

/** 1, then 2: at the beginnings of lines, or in the first line. */
function isNumbered(text: string): boolean {
  const [first = "", ...others] = linesOf(text);
  if (NUMBERED.exec(first)?.[1] !== "1") return false;
  return others.some((line) => NUMBERED.exec(line)?.[1] === "2") ||
    SECOND_IN_LINE.test(first.slice(0, 2_000));
}

/** Each line has the same bullet, or is in quotes. */
function isOfMarkedLines(text: string): boolean {
  const lines = linesOf(text);
  if (lines.length < 2) return false;
  const bullet = BULLET.exec(lines[0]!)?.[1];
  return bullet === undefined
    ? lines.every((line) => QUOTED.test(line))
    : lines.every((line) => BULLET.exec(line)?.[1] === bullet);
}

/** The lines that aren't blank. */
function linesOf(text: string): string[] {
  return text.split("\n", MOST_LINES).filter((line) => line.trim() !== "");
}

/**
 * How many of the rows hold several messages each, where one was wanted.
 *
 * @returns Null without rows.
 */
export function severalMessages(corpus: Corpus): SeveralFindings | null {
  if (corpus.size === 0) return null;
  let rows = 0;
  const examples: SeveralFindings["examples"] = [];
  corpus.texts.forEach((text, row) => {
    if (!holdsSeveral(text)) return;
    rows++;
    if (examples.length < MOST_EXAMPLES) examples.push(referenceTo(corpus, row));
  });
  return { rows, share: rows / corpus.size, ...wilson(rows, corpus.size), examples };
}
