import type { Config, Sampling } from "../../config/types.ts";
import { maxTokensFor } from "../../models/endpoint/parameters.ts";
import {
  around,
  type TokenCounter,
  type TokensPerWord,
  tokensPerWord,
} from "../../models/cost/tokens.ts";
import { plan } from "../../plan/plan.ts";
import { type Shard, shardRows } from "../../plan/shard.ts";
import type { PlannedRow } from "../../plan/types.ts";
import { prompter } from "../../prompt/prompt.ts";
import type { PromptForm } from "../../prompt/types.ts";
import { isLanguageAttribute, languageCode } from "../../text/language.ts";
import { countWords } from "../../text/words.ts";
import { runningMean } from "./measured.ts";
import { marginOf, type Range } from "./range.ts";

/** Tokens of one row on average, before anything was asked. */
export interface OfflineTokens {
  input: Range;
  output: Range;
  /** What was taken for granted, one sentence each. */
  assumptions: string[];
}

/** What is planned and how it is asked. */
export interface OfflineOptions {
  /** Rows of the whole run, at least 1. */
  count: number;
  /** Of which these are reckoned, at least one; default null: all. */
  shard?: Shard | null | undefined;
  seed: number;
  sampling: Sampling;
  form: PromptForm;
  counter: TokenCounter;
}

/** Up to this many rows are counted one by one; of more, the first ones stand for all. */
const MOST_COUNTED = 2048;

/** Words that come for one that is asked for. */
const WRITTEN = { low: 0.75, high: 1.25 };

/** Words of a message where no length is asked for. */
const FREE_LENGTH: Range = { estimate: 25, low: 8, high: 60 };

/**
 * Reckons what a row takes without asking anybody: the prompts of the plan are counted, the answers
 * reckoned from the words asked for and the tokens that a word takes in the row's language.
 *
 * @returns Tokens a row on average.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { loadConfig } from "../../config/load.ts";
 * import { openTokenCounter } from "../../models/cost/tokens.ts";
 * import { offlineTokens } from "./offline_tokens.ts";
 * const choice = { provider: "openai" as const, name: "gpt-4.1-mini", origin: "--model" };
 * const counter = await openTokenCounter(choice);
 * const asked = { count: 20, seed: 1, sampling: "even" as const, form: "full" as const, counter };
 * const { input, output } = offlineTokens(await loadConfig("config"), asked);
 * assert(input.estimate > output.high);
 * ```
 */
export function offlineTokens(config: Config, options: OfflineOptions): OfflineTokens {
  const { count, seed, sampling, form, counter } = options;
  const draw = plan(config, { seed, sampling });
  const messagesOf = prompter(config, { form, seed });
  const perWord = tokensPerWordOf(config, counter);
  const rows = shardRows(count, options.shard ?? null);
  const counted = Math.min(rows.size, MOST_COUNTED);
  const input = runningMean();
  const output = { estimate: 0, low: 0, high: 0 };
  const usedPerWord = { estimate: 0, low: Infinity, high: 0 };
  const countOnce = remembered(counter);
  for (let place = 0; place < counted; place++) {
    const planned = draw(rows.rowAt(place));
    input.add(countOnce.messages(messagesOf(planned)));
    const words = planned.requestedWords;
    const asked = words === null
      ? FREE_LENGTH
      : { estimate: words, low: words * WRITTEN.low, high: words * WRITTEN.high };
    const tokens = perWord(planned);
    const cap = maxTokensFor(words, config.settings) ?? Infinity;
    for (const end of ["estimate", "low", "high"] as const) {
      output[end] += Math.min(asked[end] * tokens[end], cap) / counted;
    }
    usedPerWord.estimate += tokens.estimate / counted;
    usedPerWord.low = Math.min(usedPerWord.low, tokens.low);
    usedPerWord.high = Math.max(usedPerWord.high, tokens.high);
  }
  const margin = counted < rows.size ? marginOf(input, rows.size - counted) : 0;
  const { low, high } = counter.range;
  const middle = (low + high) / 2;
  return {
    input: {
      estimate: input.mean * middle,
      low: (input.mean - margin) * low,
      high: (input.mean + margin) * high,
    },
    output: {
      estimate: output.estimate * middle,
      low: output.low * low,
      high: output.high * high,
    },
    assumptions: assumptionsOf(config, { counter, perWord: usedPerWord }),
  };
}

function assumptionsOf(
  config: Config,
  { counter, perWord }: { counter: TokenCounter; perWord: Range },
): string[] {
  const figure = (value: number) => value.toFixed(1);
  const perWordText = `${figure(perWord.estimate)} tokens a word (${figure(perWord.low)}–${
    figure(perWord.high)
  })`;
  return [
    (config.length === null
      ? `answers of ${FREE_LENGTH.low}–${FREE_LENGTH.high} words, since no length is asked for, and `
      : `${WRITTEN.low}–${WRITTEN.high} words written for each one asked for, and `) + perWordText,
    ...(counter.exact ? [] : [
      `tokens as OpenAI's models count them, of which this model takes ${counter.range.low}–` +
      `${counter.range.high} times as many`,
    ]),
  ];
}

/** What stands in every row, such as the system message, is counted once. */
function remembered(counter: TokenCounter): Pick<TokenCounter, "messages"> {
  const frame = counter.messages([]);
  const known = new Map<string, number>();
  return {
    messages(messages) {
      let sum = frame;
      for (const [place, message] of messages.entries()) {
        const key = `${message.role}\n${message.content}`;
        const tokens = known.get(key) ?? counter.messages([message]) - frame;
        // The last ones are the row's own.
        if (place < messages.length - 1 && known.size < 256) known.set(key, tokens);
        sum += tokens;
      }
      return sum;
    },
  };
}

/**
 * Tokens per word of a row's answer: by the language that it asks for, else as in the texts of the
 * config itself.
 */
function tokensPerWordOf(
  config: Config,
  counter: TokenCounter,
): (planned: PlannedRow) => TokensPerWord {
  const stem = Object.keys(config.attributes).find((each) =>
    isLanguageAttribute((config.attributes[each] ?? []).map((item) => item.value))
  );
  const words = countWords(config.context);
  const own = words === 0 ? tokensPerWord(null) : around(counter.text(config.context) / words);
  const byValue = new Map<string, TokensPerWord>();
  return ({ attributes }) => {
    const value = stem === undefined ? "" : attributes[stem] ?? "";
    if (value === "") return own;
    let found = byValue.get(value);
    if (found === undefined) byValue.set(value, found = tokensPerWord(languageCode(value)));
    return found;
  };
}
