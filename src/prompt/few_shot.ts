import { countWords } from "../text/words.ts";
import type { ChatMessage } from "./types.ts";

/** What one row is asked for, as a small model reads it. */
export interface FewShotParts {
  /** Who the assistant is for: `context.txt` whole; its beginning is used. */
  context: string;
  /** The attributes that ask for something, such as `{ label: "Topic", value: "Car loan" }`. */
  guidelines: Guideline[];
  /** The length asked for; null: any. */
  words: number | null;
  /**
   * Words and openings to avoid. They aren't shown: so small a model takes a word that it is told to
   * avoid as one to use (two openings went from 16 to 31 of 60 rows).
   */
  avoid: string[];
}

/** One line of a request. */
export interface Guideline {
  label: string;
  value: string;
}

/** Texts at which an answer to {@linkcode fewShotMessages} ends: the message stands between quotes. */
export const FEW_SHOT_STOP: readonly string[] = ["\n", '"'];

/**
 * How the assistant's turns begin. The last turn is left open after it, so that the model goes on
 * as the customer: asked in the open, a model of this size answers as an assistant instead.
 */
const OPENING = 'Customer: "';

/** Words of the context that a small model is shown; more of it crowds out the row's own request. */
const CONTEXT_WORDS = 45;

/**
 * The prompt for models of a few hundred million parameters: worked examples instead of
 * instructions. The system message and the first examples are the same for each row, so they are
 * evaluated once. Then comes an example of about the length that is wanted, since such a model
 * copies the length of what it read last and can't count words; then the row's own request. The last
 * message is the assistant's and is left open: the endpoint must go on from there.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { fewShotMessages } from "./few_shot.ts";
 * const messages = fewShotMessages({
 *   context: "The chat of a bank.",
 *   guidelines: [{ label: "Topic", value: "Car loan" }],
 *   words: 14,
 *   avoid: [],
 * });
 * assert(messages.at(-2)?.content === "- Topic: Car loan\n- Length: 14 words");
 * assert(messages.at(-1)?.role === "assistant");
 * ```
 */
export function fewShotMessages(parts: FewShotParts): ChatMessage[] {
  const request = requestOf(parts);
  return [
    {
      role: "system",
      content: `You write the messages that customers type into a chat.\nThe chat: ${
        beginningOf(parts.context)
      }`,
    },
    ...ALWAYS_SHOWN.flatMap(turnsOf),
    ...turnsOf(exampleFor(parts.words, request)),
    { role: "user", content: request },
    { role: "assistant", content: OPENING },
  ];
}

interface Example {
  guidelines: Guideline[];
  text: string;
}

function example(text: string, asked: Record<string, string>): Example {
  return {
    text,
    guidelines: Object.entries(asked).map(([label, value]) => ({ label, value })),
  };
}

/** From many domains, so that they suit any assistant, and with no word that would fit everywhere. */
const ALWAYS_SHOWN: Example[] = [
  example("my train is 40 minutes late again, who pays for my taxi??", {
    Tone: "Angry",
    Topic: "Delayed train",
  }),
  example("are you open on sunday", { Topic: "Opening hours" }),
  example(
    "My son has had a fever for three days and I can't get a doctor's appointment before Friday, is it safe to wait that long?",
    {
      "Additional instruction": "Mention a sick child",
      Tone: "Worried",
      Topic: "Doctor's appointment",
    },
  ),
  example("Hi! I have moved here from Leeds, how do I get a library card?", {
    Tone: "Friendly",
    Topic: "Library card",
  }),
  example("Is parking free for guests, yes or no?", {
    "Additional instruction": "Ask for a yes or no",
    Topic: "Parking",
  }),
];

/** One of these, of about the length that is asked for, stands before the row's request. */
const BY_LENGTH: Example[] = [
  example("lost my suitcase", { Topic: "Lost luggage" }),
  example("price of a haircut?", { Topic: "Haircut" }),
  example("which bus goes to the museum", { Topic: "Bus line" }),
  example("When do the swimming lessons start?", { Topic: "Swimming lessons" }),
  example("How long does it take to get a new passport?", {
    "Additional instruction": "Ask how long it takes",
    Topic: "Passport",
  }),
  example("the coffee machine shows a red light, what now??", {
    Tone: "Impatient",
    Topic: "Coffee machine",
  }),
  example("Why is my electricity bill twice as high as it was in May?", {
    Tone: "Confused",
    Topic: "Electricity bill",
  }),
  example("Hello, can I change the address of my newspaper while I am away?", {
    Tone: "Friendly",
    Topic: "Newspaper",
  }),
  example("My phone fell into the sink this morning and the screen stays black, can it be saved?", {
    Tone: "Worried",
    Topic: "Broken phone",
  }),
  example("I want to sign up my daughter for the school choir, where do I find the form?", {
    "Additional instruction": "Ask how to get started",
    Topic: "School choir",
  }),
  example(
    "I have waited for my new glasses since Easter and each time I call you tell me another date, so which one is true?",
    {
      "Additional instruction": "Mention an answer that differed",
      Topic: "New glasses",
    },
  ),
  example(
    "We would like to rent the garden for a wedding next summer. How many guests can you take, and do we have to bring the tables?",
    { Tone: "Friendly", Topic: "Wedding" },
  ),
  example(
    "The neighbour above me plays loud music until three every night. I have called you four times, nobody has come, and I have to be at work at six. What are you going to do about it?",
    { Tone: "Angry", Topic: "Noisy neighbour" },
  ),
  example(
    "I bought a used piano and it has to go up to the third floor, there is no lift and the stairs are narrow. Do you move pianos on a Saturday, and how many people will come?",
    { Topic: "Moving a piano" },
  ),
  example(
    "We booked the boat trip for Saturday, two adults and three children, and now the weather report says storm. Last year you told us at the pier that there was no trip and we had driven two hours for nothing. Can you tell me by Friday evening whether you sail, and do we get our money back if you don't?",
    { Tone: "Worried", Topic: "Boat trip" },
  ),
];

/**
 * The example nearest in length, as a ratio; of several that are about as near, one by the request,
 * so that no single one leaks its words into every row.
 */
function exampleFor(words: number | null, request: string): Example {
  const distance = (shown: Example) =>
    words === null ? 0 : Math.abs(Math.log(countWords(shown.text) / words));
  const nearest = BY_LENGTH.toSorted((a, b) => distance(a) - distance(b));
  const choice = words === null ? nearest : nearest.slice(0, 2);
  const sum = Array.from(request).reduce((total, sign) => total + (sign.codePointAt(0) ?? 0), 0);
  const chosen = choice[sum % choice.length];
  if (chosen === undefined) throw new Error("There are no examples");
  return chosen;
}

function turnsOf(shown: Example): ChatMessage[] {
  const { guidelines, text } = shown;
  return [
    { role: "user", content: requestOf({ guidelines, words: countWords(text) }) },
    { role: "assistant", content: `${OPENING}${text}"` },
  ];
}

function requestOf({ guidelines, words }: Pick<FewShotParts, "guidelines" | "words">): string {
  return [
    ...guidelines.map(({ label, value }) => `- ${label}: ${value}`),
    ...(words === null ? [] : [`- Length: ${words} words`]),
  ].join("\n");
}

function beginningOf(context: string): string {
  return context.trim().split(/\s+/).slice(0, CONTEXT_WORDS).join(" ");
}
