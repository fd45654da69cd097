import type { AttributeValue, Config, Labelling } from "../config/types.ts";
import { listed } from "../config/wording.ts";
import { UserError } from "../error.ts";
import { isLanguageAttribute } from "../text/language.ts";

/** What is asked about a text for one attribute. */
export interface Question {
  stem: string;
  /** `one`: which of the values is it? `followed`: does it do what a value asks? */
  kind: Exclude<Labelling, "skip">;
  /** The values that can be asked about: all but `""`. */
  values: readonly Asked[];
}

/** A value and what it means, as a judge is told. */
export interface Asked {
  value: string;
  /** Null: the value says it all. */
  description: string | null;
}

/** What a text is that is none of the values: it has nothing of the kind, or another one. */
export const NO_VALUE = ["none", "other"] as const;

/** Stems of instructions: texts follow several of them at once. */
const INSTRUCTION = /(^|_)instructions?$/i;

/**
 * The questions that a config's attributes lead to. Attributes without a value, those that settings
 * say to skip, and languages, which are measured without a judge, have none.
 *
 * @param options `attributes`: only these stems, languages too where they are named.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { loadConfig } from "../config/load.ts";
 * import { questionsOf } from "./questions.ts";
 * const questions = questionsOf(await loadConfig("config"));
 * assert.deepEqual(questions.map(({ stem, kind }) => [stem, kind]), [
 *   ["additional_instruction", "followed"],
 *   ["tone", "one"],
 *   ["topic", "one"],
 * ]);
 * ```
 */
export function questionsOf(
  config: Pick<Config, "attributes" | "settings">,
  options: { attributes?: readonly string[] } = {},
): Question[] {
  return Object.entries(config.attributes).flatMap(([stem, items]) => {
    const kind = config.settings.labels?.[stem] ??
      (INSTRUCTION.test(stem) ? "followed" : "one");
    const values = items.filter(({ value }) => value !== "").map(asked);
    if (kind === "skip" || values.length === 0) return [];
    if (options.attributes !== undefined) {
      return options.attributes.includes(stem) ? [{ stem, kind, values }] : [];
    }
    return isLanguageAttribute(values.map(({ value }) => value)) ? [] : [{ stem, kind, values }];
  });
}

/**
 * The questions of a run or a file, as somebody asks for them.
 *
 * @param options `name`: the run's or the file's, for messages. `attributes`: only these stems.
 * @throws {UserError} Exit 2 where one of the stems can't be asked about, or there is nothing to ask.
 */
export function questionsAskedFor(
  config: Pick<Config, "attributes" | "settings">,
  options: { name: string; attributes?: readonly string[] | undefined },
): Question[] {
  const { name, attributes } = options;
  const questions = questionsOf(config, attributes === undefined ? {} : { attributes });
  const unknown = attributes?.find((stem) => !questions.some((question) => question.stem === stem));
  if (unknown !== undefined) {
    const all = questionsOf(config, { attributes: Object.keys(config.attributes) });
    throw new UserError(
      `--attribute: ${JSON.stringify(unknown)} is no attribute of ${name} that can be labelled. ` +
        `Known: ${listed(all.map(({ stem }) => stem))}`,
    );
  }
  if (questions.length > 0) return questions;
  throw new UserError(
    `${name} has no attribute to label: languages are measured without, and those under "labels" in ` +
      "its settings may be skipped. Name one with --attribute.",
  );
}

function asked({ value, description }: AttributeValue): Asked {
  return { value, description: description ?? null };
}
