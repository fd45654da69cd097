import type { Decision } from "./decide.ts";
import type { Grammar, LanguageName } from "./grammar.ts";
import { neutralTone, toneOf } from "./languages.ts";
import { capitalised, countWords, pick } from "./sentence.ts";
import { shortNameOf } from "./short_name.ts";

/**
 * The sentences by which a text shows its attributes beside the topic: the tone, the other
 * attributes, the instruction, in this order. Each takes its long form where the rest has room for
 * its short one, else the short one, and is left out where that doesn't fit either.
 *
 * @param room Words that they may have together.
 */
export function tracesWithin(
  room: number,
  { grammar, decision }: { grammar: Grammar; decision: Decision },
): string[] {
  const others = decision.others.map((other) => otherForms(grammar, other));
  const forms = decision.instruction === null
    ? others
    : [...others, instructionForms(decision.instruction, { grammar, decision })];
  let reserved = forms.reduce((sum, each) => sum + fewestWords(each), 0);
  let left = room;
  const sentences = tonePhrases(grammar, { decision, room, reserved });
  for (const sentence of sentences) left -= countWords(sentence);
  for (const each of forms) {
    reserved -= fewestWords(each);
    const form = each.find((form) => countWords(form) + reserved <= left) ??
      each.findLast((form) => countWords(form) <= left);
    if (form === undefined) continue;
    sentences.push(form);
    left -= countWords(form);
  }
  return sentences;
}

function fewestWords(forms: readonly string[]): number {
  return Math.min(...forms.map(countWords));
}

/** Words of text for each phrase of the tone, and the most phrases. */
const WORDS_A_PHRASE = 40;
const MOST_PHRASES = 3;

/** A phrase of the tone, more in long texts, none longer than half of the room. */
function tonePhrases(
  grammar: Grammar,
  { decision, room, reserved }: { decision: Decision; room: number; reserved: number },
): string[] {
  const { random, words } = decision;
  if (decision.tone === null) return [];
  const tone = toneOf(decision.tone);
  if (tone === neutralTone) return [];
  // Where not all fits, the tone comes first.
  const own = Math.max(room - reserved, Math.min(room, 1));
  if (tone === null) {
    const forms = namedToneForms(grammar, decision.tone);
    const form = forms.find((form) => countWords(form) <= own) ??
      forms.findLast((form) => countWords(form) <= room);
    return form === undefined ? [] : [form];
  }
  const most = Math.max(1, Math.floor(own / 2));
  const fitting = grammar.tones[tone].filter((phrase) => countWords(phrase) <= most);
  const phrases: string[] = [];
  let left = own;
  for (let i = 0; i <= words / WORDS_A_PHRASE && i < MOST_PHRASES; i++) {
    const phrase = pick(fitting, random);
    if (phrases.includes(phrase) || countWords(phrase) > left) continue;
    phrases.push(phrase);
    left -= countWords(phrase);
  }
  return phrases;
}

/** How a tone without phrases of its own is named, the shortest way last. */
export function namedToneForms(grammar: Grammar, tone: string): string[] {
  const value = shortNameOf(tone).toLowerCase();
  return grammar.namedTone.map((form) => form.replace("{value}", () => value));
}

/** How any other attribute is named, the shortest way last. */
export function otherForms(
  grammar: Grammar,
  { label, value }: { label: string; value: string },
): string[] {
  return grammar.other.map((form) =>
    capitalised(
      form.replace("{label}", () => label.toLowerCase()).replace(
        "{value}",
        () => shortNameOf(value),
      ),
    )
  );
}

function instructionForms(
  instruction: string,
  { grammar, decision }: { grammar: Grammar; decision: Decision },
): string[] {
  const [long, short] = grammar.instruction;
  const gist = gistOf(instruction, decision.language);
  return [
    long.replace("{value}", () => gist),
    short.replace("{value}", () => longestWords(instruction)),
  ];
}

/**
 * The gists by which a text in a language shows that it follows an instruction: what it asks to ask
 * for in a few words, and the shortest way last.
 */
export function gistsOf(instruction: string, language: LanguageName): string[] {
  return [gistOf(instruction, language), longestWords(instruction)];
}

/**
 * The gist of an instruction: what it asks to ask for, in a few words. Instructions are mostly in
 * English, so in another language no more than its three longest words are kept, in their order.
 */
function gistOf(instruction: string, language: LanguageName): string {
  return language === "English"
    ? wordsOf(instruction).slice(0, 6).join(" ")
    : longestWords(instruction);
}

function longestWords(instruction: string): string {
  const words = wordsOf(instruction);
  const longest = words.toSorted((a, b) => b.length - a.length).slice(0, 3);
  return words.filter((word, i) => longest.includes(word) && words.indexOf(word) === i).join(" ");
}

function wordsOf(instruction: string): string[] {
  return instruction.replace(LEAD, "").split(/\s+/)
    .map((word) => word.replace(/^[“”"'(]+|[.,;:!?“”"')]+$/g, ""))
    .filter((word) => word !== "");
}

const LEAD =
  /^(?:ask|tell|try|get|make|mention|request|demand)\b(?: (?:the|it|them|for|about|whether|if|that|to|assistant|bot|chatbot|bank))*\s+/i;
