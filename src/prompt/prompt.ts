import { parseTemplate } from "../config/template.ts";
import type { Config } from "../config/types.ts";
import type { PlannedRow } from "../plan/types.ts";
import { isLanguageAttribute } from "../text/language.ts";
import { avoidTerms } from "./avoid.ts";
import { FEW_SHOT_STOP, fewShotMessages } from "./few_shot.ts";
import { templateFiller } from "./template.ts";
import type { ChatMessage, PromptForm } from "./types.ts";

/** Goes up with every change of the built-in prompts, since they can change a text. */
export const PROMPT_VERSION = "1";

/**
 * The built-in prompt for models that follow instructions. What doesn't vary from row to row comes
 * first, so that endpoints can cache it.
 */
export const BUILT_IN_TEMPLATE = `# system
You write test messages for an assistant: each one is a message that a real person could send to it.

About the assistant:
"""
{{context}}
"""

How to write:
- Write as the person who contacts the assistant, in that person's own words. You never answer the message and never speak for the assistant.
- Give the message alone: nothing before or after it, no quotation marks around it, no heading, no comment.
- Follow every property that is listed: topic, language, mood and the rest must be plain from the text itself. Where a language is asked for, the whole message is in that language.
- Keep to the number of words that is asked for, also where it is very low or very high.
- People differ: vary openings, sentence forms and details, and write the way people type. Don't start with a greeting or a courtesy unless the properties call for it.
# user
Write one message.
{{guidelines}}
- Length: exactly {{length}} words
{{avoid}}`;

const ASK: ChatMessage = { role: "user", content: "Write one message." };

/** What the messages depend on beside the config and the row. */
export interface PromptOptions {
  form: PromptForm;
  /** The run's seed: rare terms of the avoid-list are drawn by it. */
  seed: number;
}

/**
 * Makes the function from a planned row to the chat messages that ask for it. A config with a
 * `prompt.md` uses that template in either form.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import type { Config } from "../config/types.ts";
 * import { prompter } from "./prompt.ts";
 * const config: Config = {
 *   folder: "config", context: "A bank's chat.", length: null, prompt: "About {{topic}}, please.", avoid: [],
 *   attributes: { topic: [{ value: "Loans", score: 1, factor: 1, prompt: null, when: null }] },
 *   settings: { temperature: null, frequency_penalty: null, seed: 1, sampling: "even", timeout: 60 },
 * };
 * const ask = prompter(config, { form: "full", seed: 1 });
 * const messages = ask({ row: 0, attributes: { topic: "Loans" }, requestedWords: null });
 * assert(messages[0]?.content === "About Loans, please.");
 * ```
 */
export function prompter(
  config: Config,
  options: PromptOptions,
): (planned: PlannedRow) => ChatMessage[] {
  const wordings = wordingsOf(config);
  const labels = new Map(Object.keys(config.attributes).map((stem) => [stem, labelOf(stem)]));
  // Only the avoid-list asks for it, and to know the names of languages takes 15 ms.
  const languageStem = config.avoid.length === 0
    ? undefined
    : Object.keys(config.attributes).find((stem) =>
      isLanguageAttribute(config.attributes[stem]?.map((item) => item.value) ?? [])
    );
  const fill = templateFiller(parseTemplate(config.prompt ?? BUILT_IN_TEMPLATE));
  return (planned) => {
    const guidelines = Object.entries(planned.attributes)
      .map(([stem, value]) => ({
        stem,
        label: labels.get(stem) ?? labelOf(stem),
        value: wordings.get(stem)?.get(value) ?? value,
      }))
      .filter((guideline) => guideline.value !== "");
    const avoid = avoidTerms(config.avoid, {
      seed: options.seed,
      row: planned.row,
      language: languageStem === undefined ? null : planned.attributes[languageStem] ?? null,
    });
    if (options.form === "few-shot" && config.prompt === null) {
      return fewShotMessages({
        context: config.context,
        guidelines,
        words: planned.requestedWords,
        avoid,
      });
    }
    const messages = fill({
      ...Object.fromEntries(Object.keys(planned.attributes).map((stem) => [stem, ""])),
      ...Object.fromEntries(guidelines.map(({ stem, value }) => [stem, value])),
      context: config.context,
      guidelines: guidelines.map(({ label, value }) => `- ${label}: ${value}`).join("\n"),
      length: planned.requestedWords === null ? "" : String(planned.requestedWords),
      avoid: avoidLine(avoid),
    });
    // An own template may have nothing left to say; endpoints want a user message all the same.
    return messages.some(({ role }) => role === "user") ? messages : [...messages, ASK];
  };
}

/** Texts at which the answer to such a prompt ends; null: none. */
export function stopTexts(config: Config, form: PromptForm): readonly string[] | null {
  return form === "few-shot" && config.prompt === null ? FEW_SHOT_STOP : null;
}

/**
 * The name of an attribute as a model reads it: `additional_instruction` → `Additional instruction`.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { labelOf } from "./prompt.ts";
 * assert(labelOf("additional_instruction") === "Additional instruction");
 * ```
 */
export function labelOf(stem: string): string {
  const words = stem.replaceAll(/[_-]+/g, " ").trim();
  return words.charAt(0).toLocaleUpperCase() + words.slice(1);
}

function avoidLine(terms: string[]): string {
  if (terms.length === 0) return "";
  return `Avoid these words and openings: ${terms.map((term) => `“${term}”`).join(", ")}`;
}

/** The wording shown to the model, where an item has one of its own. */
function wordingsOf(config: Config): Map<string, Map<string, string>> {
  return new Map(
    Object.entries(config.attributes).map(([stem, items]) => [
      stem,
      new Map(items.flatMap((item) => item.prompt === null ? [] : [[item.value, item.prompt]])),
    ]),
  );
}
