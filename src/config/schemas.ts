import { z } from "zod";
import type { ShapeOf } from "./shape.ts";
import { LABELLINGS, SAMPLINGS, type Settings } from "./types.ts";

const number = () => z.number("it must be a number");
const positive = () => number().gt(0, "it must be above 0");
const fromZero = () => number().min(0, "it must be 0 or more");
const between = (low: number, high: number) => {
  const rule = `it must be a number from ${low} to ${high}, or null`;
  return z.number(rule).min(low, rule).max(high, rule);
};
const wholeFrom = (low: number, high = Number.MAX_SAFE_INTEGER) => {
  const rule = high === Number.MAX_SAFE_INTEGER
    ? `it must be a whole number, ${low} or more`
    : `it must be a whole number from ${low} to ${high}`;
  return z.int(rule).min(low, rule).max(high, rule);
};
const text = () => z.string("it must be text in quotes");
const schemaAddress = () =>
  z.exactOptional(text())
    .describe("Where an editor finds the description of this file.");

/** What an item says of its value, under the names that `Config` has for it. */
export const itemFields = {
  score: fromZero().describe(
    "How often this value is wanted, compared with the others of the file: 0 or more. Scores needn't add up to anything.",
  ),
  factor: positive().describe(
    "How many times as often as wanted the value is asked for (1 if left out). Written by apply to correct what a model does with its requests; the frequency score stays what is wanted.",
  ),
  prompt: text().describe(
    "What the model reads instead of the value, where the value is too short to be clear.",
  ),
  when: z.record(
    z.string(),
    z.array(z.string("each value must be text in quotes"), "it must be a list of values").min(
      1,
      "the list is empty: name at least one value",
    ),
    "it must be an object of lists",
  ).describe(
    'Where this value may be drawn: other attributes by file name, each with a list of its values, as in {"language": ["Swedish"]}.',
  ),
  description: text().regex(/\S/, "it must say something").describe(
    "What the value means, told to the judge of the texts; the model that writes them doesn't see it.",
  ),
};

/** One item of a file in `injections/`; the value stands under the one key that isn't named here. */
export const itemShape = z.object({
  "frequency score": itemFields.score,
  "draw factor": z.exactOptional(itemFields.factor),
  prompt: z.exactOptional(itemFields.prompt),
  description: z.exactOptional(itemFields.description),
  when: z.exactOptional(itemFields.when),
}).catchall(
  text().describe(
    'The value, under the name of the file: "tone" in tone.json. "" asks for nothing.',
  ),
).meta({ minProperties: 2 });

/** A whole file of `injections/`. */
export const injectionShape = z.array(itemShape).min(1).describe(
  "The values of one attribute and how often each is wanted. The file's name names the attribute.",
);

const parameters = {
  mean: number().describe(
    "Mean of the logarithm of the number of words above shift: 2.5 means that half of the messages have more than exp(2.5) ≈ 12 words above it.",
  ),
  sigma: positive().describe(
    "Spread of that logarithm, above 0: 0.75 gives many short messages and some long ones.",
  ),
  shift: number().describe("Words added to every length."),
};

/** Parameters of a distribution of lengths in words. */
export const parametersShape = z.strictObject(parameters, "it must be an object");

/** The longest length, under the name that `Config` has for it too. */
export const longest = wholeFrom(1).describe(
  "The longest message in words; no longer one is asked for.",
);

/** `response_length_distribution.json`. */
export const lengthShape = z.strictObject({
  $schema: schemaAddress(),
  ...parameters,
  max: z.exactOptional(longest),
  draw: z.exactOptional(
    z.strictObject({
      ...parameters,
      for: parametersShape.describe(
        "The target that this correction was made for; it is ignored once the target is another.",
      ),
    }, "it must be an object"),
  ).describe("Written by apply: what is asked for so that the target comes out."),
}, "it must be an object").describe(
  "How long the messages should be, in words: max(1, floor(shift + exp(Normal(mean, sigma)))).",
);

/** `price` of `settings.json`. */
export const priceShape = z.strictObject({
  input: fromZero().describe("USD per million tokens read."),
  output: fromZero().describe("USD per million tokens written."),
}, "it must be an object");

/** What `settings.json` may say, without its defaults. */
export const settingsFields = {
  model: z.exactOptional(text().regex(/\S/, "it must name a model")).describe(
    "Which model writes, as provider:name: openai:gpt-4.1-mini, azure:deployment, local:smollm2-135m, simulated:faithful.",
  ),
  temperature: between(0, 2).nullable().describe(
    "How freely the model chooses its words, 0 to 2. null: not sent.",
  ),
  frequency_penalty: between(-2, 2).nullable().describe(
    "How much the model is kept from repeating words within a message, -2 to 2. null: not sent.",
  ),
  top_p: z.exactOptional(between(0, 1).nullable()).describe(
    "The model chooses among the likeliest words that share this probability, 0 to 1. Left out or null: not sent.",
  ),
  max_tokens: z.exactOptional(wholeFrom(1).nullable()).describe(
    "The longest answer in tokens. Left out: wide enough for the length asked for. null: no limit is sent.",
  ),
  count: z.exactOptional(wholeFrom(1)).describe("How many rows to generate."),
  seed: wholeFrom(0).describe("Another seed draws other rows."),
  sampling: z.enum(SAMPLINGS, 'it must be "even" or "independent"').describe(
    "With even, counts stay close to the wanted shares; with independent, every row is drawn on its own.",
  ),
  concurrency: z.exactOptional(wholeFrom(1, 1024)).describe(
    "How many calls may be under way at once, 1 to 1024.",
  ),
  timeout: positive().describe("Seconds after which a call is given up."),
  price: z.exactOptional(priceShape).describe(
    "What the model costs, in USD per million tokens; needed for cost limits where it isn't known.",
  ),
  labels: z.exactOptional(
    z.record(
      z.string(),
      z.enum(LABELLINGS, 'it must be "one", "followed" or "skip"'),
      "it must be an object, {attribute: how}",
    ),
  ).describe(
    'How texts are judged, by attribute: "one": a text is one of the values; "followed": it does what its value asks or not (the default for instructions); "skip": not judged.',
  ),
} satisfies ShapeOf<Settings>;

/** `settings.json`. */
export const settingsShape = z.strictObject({
  $schema: schemaAddress(),
  ...settingsFields,
  temperature: settingsFields.temperature.default(0.9),
  frequency_penalty: settingsFields.frequency_penalty.default(0.5),
  seed: settingsFields.seed.default(1),
  sampling: settingsFields.sampling.default("even"),
  timeout: settingsFields.timeout.default(60),
}, "it must be an object").describe(
  "Defaults for this config; options of a command and environment variables go before them.",
);
