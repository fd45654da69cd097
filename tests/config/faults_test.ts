import assert from "node:assert/strict";
import { type Files, load, SOUND } from "./folder.ts";

/** What is done to a sound folder, and the one line per fault that must come of it. */
const CASES: [name: string, files: Files, faults: string[]][] = [
  // The folder's parts.
  ["context.txt missing", { "context.txt": undefined }, [
    "metro/context.txt: the file is missing: write in it who the assistant is for, what it must not do",
  ]],
  ["context.txt blank", { "context.txt": " \n\t" }, [
    "metro/context.txt: it is blank: write in it who the assistant is for, what it must not do",
  ]],
  ["injections missing", { "injections/tone.json": undefined }, [
    'metro/injections: the folder is missing: make it and put a file in it for each attribute, such as "topic.json"',
  ]],
  ["injections without JSON", { "injections/tone.json": undefined, "injections/.keep": "" }, [
    'metro/injections: there is no .json file in it: put a file in it for each attribute, such as "topic.json"',
  ]],
  ["injections a file", { "injections/tone.json": undefined, "injections": "" }, [
    "metro/injections: there is no such folder (looked for /project/metro/injections)",
  ]],
  ["a folder named as an attribute", { "injections/mood.json/x.json": [] }, [
    "metro/injections/mood.json: it is a folder: an attribute is a file. Rename the folder, or take it away",
  ]],
  // Attributes.
  ["no list", { "injections/tone.json": { tone: "Angry" } }, [
    'metro/injections/tone.json: it is an object: it must be a list of items, [{"tone": "…", "frequency score": 1}, …]',
  ]],
  ["an empty list", { "injections/tone.json": [] }, [
    'metro/injections/tone.json: the list is empty: expected items, [{"tone": "…", "frequency score": 1}, …]',
  ]],
  ["an item that is no object", { "injections/tone.json": ["Angry", null, [1]] }, [
    'metro/injections/tone.json: item 1 is "Angry": it must be an object, {"tone": "…", "frequency score": 1}',
    'metro/injections/tone.json: item 2 is null: it must be an object, {"tone": "…", "frequency score": 1}',
    'metro/injections/tone.json: item 3 is a list: it must be an object, {"tone": "…", "frequency score": 1}',
  ]],
  ["a misspelt key", {
    "injections/tone.json": [
      { tone: "", "frequency score": 3 },
      { tone: "Calm", "frequency score": 3 },
      { tone: "Angry", "frequency scores": 3 },
    ],
  }, [
    'metro/injections/tone.json: item 3 has "frequency scores": unknown key. Did you mean "frequency score"?',
  ]],
  ["a key in other case", { "injections/tone.json": [{ tone: "", "Frequency Score": 3 }] }, [
    'metro/injections/tone.json: item 1 has "Frequency Score": unknown key. Did you mean "frequency score"?',
  ]],
  ["no value", { "injections/tone.json": [{ "frequency score": 3 }] }, [
    'metro/injections/tone.json: item 1 has no value: expected "tone": "…"',
  ]],
  ["several keys that could be the value", {
    "injections/tone.json": [{ mood: "Angry", comment: "", "frequency score": 3 }],
  }, [
    'metro/injections/tone.json: item 1 has "mood", "comment": which one is the value? Name it "tone"',
  ]],
  ["values that aren't text", {
    "injections/tone.json": [
      { tone: 42, "frequency score": 1 },
      { tone: null, "frequency score": 1 },
      { tone: {}, "frequency score": 1 },
    ],
  }, [
    'metro/injections/tone.json: item 1 has 42 as its value: put it in quotes, "tone": "42"',
    'metro/injections/tone.json: item 2 has null as its value: put it in quotes, "tone": "…"',
    'metro/injections/tone.json: item 3 has an object as its value: put it in quotes, "tone": "…"',
  ]],
  ["no score", { "injections/tone.json": [{ tone: "Angry" }] }, [
    'metro/injections/tone.json: item 1 ("Angry"): "frequency score" is missing: it must be a number',
  ]],
  ["scores out of bounds", {
    "injections/tone.json": '[{"tone": "A", "frequency score": -1},' +
      '{"tone": "B", "frequency score": "3"}, {"tone": "C", "frequency score": 1e999}]',
  }, [
    'metro/injections/tone.json: item 1 ("A"): "frequency score" is -1: it must be 0 or more',
    'metro/injections/tone.json: item 2 ("B"): "frequency score" is "3": it must be a number, without quotes',
    'metro/injections/tone.json: item 3 ("C"): "frequency score" is Infinity: it must be a number',
  ]],
  ["scores that are all 0", { "injections/tone.json": [{ tone: "Angry", "frequency score": 0 }] }, [
    'metro/injections/tone.json: every "frequency score" is 0: at least one must be above 0',
  ]],
  ["scores beyond all numbers", {
    "injections/tone.json": [
      { tone: "Angry", "frequency score": 1e308 },
      { tone: "", "frequency score": 1e308 },
    ],
  }, [
    'metro/injections/tone.json: the sum of "frequency score" × "draw factor" is out of range: use numbers nearer to 1',
  ]],
  ["a value twice", {
    "injections/tone.json": [
      { tone: "Café", "frequency score": 1 },
      { tone: " Cafe\u0301 ", "frequency score": -1 },
    ],
  }, [
    'metro/injections/tone.json: item 2 ("Café") stands in item 1 already',
    'metro/injections/tone.json: item 2 ("Café"): "frequency score" is -1: it must be 0 or more',
  ]],
  ["draw factor and prompt", {
    "injections/tone.json": [
      { tone: "A", "frequency score": 1, "draw factor": 0 },
      { tone: "B", "frequency score": 1, "draw factor": null },
      { tone: "C", "frequency score": 1, prompt: 3 },
      { tone: "D", "frequency score": 1, prompt: " " },
    ],
  }, [
    'metro/injections/tone.json: item 1 ("A"): "draw factor" is 0: it must be above 0',
    'metro/injections/tone.json: item 2 ("B"): "draw factor" is null: it must be a number',
    'metro/injections/tone.json: item 3 ("C"): "prompt" is 3: it must be text in quotes',
    'metro/injections/tone.json: item 4 ("D"): "prompt" is blank: leave it out to show the value itself',
  ]],
  ["stems that mean something else", {
    "injections/length.json": [{ length: "Long", "frequency score": 1 }],
    "injections/__proto__.json": [{ x: "Long", "frequency score": 1 }],
    "injections/when.json": [{ x: "Long", "frequency score": 1 }],
  }, [
    "metro/injections/__proto__.json: no attribute can have this name: rename the file",
    "metro/injections/length.json: {{length}} means something else in prompt.md: rename the file",
    'metro/injections/when.json: "when" means something else in an item: rename the file',
  ]],
  ["stems that are equal after NFC", {
    "injections/ma\u030al.json": [{ x: "A", "frequency score": 1 }],
    "injections/mål.json": [{ mål: "A", "frequency score": 1 }],
  }, [
    'metro/injections/mål.json: it names the same attribute as "ma\u030al.json", "mål": rename one of them',
  ]],
  // JSON.
  ["a comma too many", { "injections/tone.json": '[\n  {"tone": "",},\n]' }, [
    'metro/injections/tone.json: line 2, column 15: take away the comma before "}"',
  ]],
  ["a comma too many in a list", { "injections/tone.json": "[{},]" }, [
    'metro/injections/tone.json: line 1, column 5: take away the comma before "]"',
  ]],
  ["a key without a value", { "settings.json": '{"seed":}' }, [
    "metro/settings.json: line 1, column 9: expected a value but found }",
  ]],
  ["a key alone", { "settings.json": '{"seed"}' }, [
    'metro/settings.json: line 1, column 8: expected ":" but found }',
  ]],
  ["a comma too few", { "injections/tone.json": '[\r\n  {"tone": ""}\r\n  {"tone": "x"}]' }, [
    'metro/injections/tone.json: line 3, column 3: expected "," or "]" but found {',
  ]],
  ["a comment", { "settings.json": '{\n// faster\n"concurrency": 2}' }, [
    "metro/settings.json: line 2, column 1: JSON has no comments: take it out",
  ]],
  ["single and curly quotes", { "settings.json": "{'seed': 2}", "avoid.txt": "" }, [
    'metro/settings.json: line 1, column 2: text must stand in straight double quotes: "…"',
  ]],
  ["an open quote", { "settings.json": '{"model": "x\n}' }, [
    "metro/settings.json: line 1, column 11: text must end with a double quote on its own line",
  ]],
  ["a lone backslash", { "settings.json": '{"model": "C:\\models"}' }, [
    "metro/settings.json: line 1, column 11: this text isn't valid JSON: inside it write \\\\ for a backslash, \\n for a line break",
  ]],
  ["a torn file", { "settings.json": '{"seed": 2' }, [
    'metro/settings.json: line 1, column 11: the file ends too early: expected "," or "}"',
  ]],
  ["an empty file", { "settings.json": "" }, ["metro/settings.json: it is empty"]],
  ["two values in a file", { "settings.json": "{} {}" }, [
    "metro/settings.json: line 1, column 4: expected the end but found {",
  ]],
  ["a word", { "settings.json": '{"seed": None}' }, [
    "metro/settings.json: line 1, column 10: expected a value but found None",
  ]],
  ["an invisible space", { "settings.json": '{\u00a0"seed": 1}' }, [
    'metro/settings.json: line 1, column 2: expected a key in double quotes or "}" but found the character U+00A0',
  ]],
  ["a key twice", { "settings.json": '{"seed": 1, "seed ": 2}' }, [
    'metro/settings.json: line 1, column 13: the key "seed" stands twice in one object',
  ]],
  ["deep nesting", { "settings.json": "[".repeat(100_000) }, [
    "metro/settings.json: line 1, column 33: it is nested deeper than 32 levels",
  ]],
  // when.
  ["when that is no object of lists", {
    "injections/topic.json": [
      { topic: "A", "frequency score": 1, when: ["Angry"] },
      { topic: "B", "frequency score": 1, when: { tone: "Angry" } },
      { topic: "C", "frequency score": 1, when: { tone: [] } },
      { topic: "D", "frequency score": 1, when: { tone: ["Angry", 3] } },
    ],
  }, [
    'metro/injections/topic.json: item 1 ("A"): "when" is a list: it must be an object of lists',
    'metro/injections/topic.json: item 2 ("B"): "when" › "tone" is "Angry": it must be a list of values',
    'metro/injections/topic.json: item 3 ("C"): "when" › "tone" is a list: the list is empty: name at least one value',
    'metro/injections/topic.json: item 4 ("D"): "when" › "tone" › value 2 is 3: each value must be text in quotes',
  ]],
  ["when with unknown names", {
    "injections/topic.json": [
      { topic: "", "frequency score": 1 },
      { topic: "A", "frequency score": 1, when: { tune: ["Angry"] } },
      { topic: "B", "frequency score": 1, when: { tone: ["Angri", "Blue"] } },
      { topic: "C", "frequency score": 1, when: { topic: ["A"] } },
      { topic: "D", "frequency score": 1, when: { language: ["A"] } },
    ],
  }, [
    'metro/injections/topic.json: item 2 ("A"): "when" names "tune": no such attribute. Did you mean "tone"?',
    'metro/injections/topic.json: item 3 ("B"): "when" › "tone" names "Angri": tone.json has no such value. Did you mean "Angry"?',
    'metro/injections/topic.json: item 3 ("B"): "when" › "tone" names "Blue": tone.json has no such value',
    'metro/injections/topic.json: item 4 ("C"): "when" names its own attribute, "topic": name another',
    'metro/injections/topic.json: item 5 ("D"): "when" names "language": no such attribute. Known: "tone"',
  ]],
  ["when with __proto__", {
    "injections/tone.json": '[{"tone": "", "frequency score": 1, "when": {"__proto__": ["x"]}}]',
  }, [
    'metro/injections/tone.json: item 1 (""): "when" names "__proto__": no such attribute',
  ]],
  ["when in a circle", {
    "injections/a.json": [{ a: "A", "frequency score": 1, when: { b: ["B"] } }],
    "injections/b.json": [{ b: "B", "frequency score": 1, when: { c: ["C"] } }],
    "injections/c.json": [{ c: "C", "frequency score": 1, when: { a: ["A"] } }],
  }, ['metro/injections/a.json: "when" goes in a circle: a → b → c → a']],
  ["when that leaves nothing", {
    "injections/topic.json": [
      { topic: "A", "frequency score": 1, when: { tone: [""] } },
      { topic: "B", "frequency score": 0, when: { tone: ["Angry"] } },
    ],
  }, [
    'metro/injections/topic.json: nothing is left to draw where tone is "Angry": add an item for it, or one without "when"',
  ]],
  ["when that leaves nothing in one combination", {
    "injections/language.json": [
      { language: "Danish", "frequency score": 1 },
      { language: "English", "frequency score": 1 },
    ],
    "injections/topic.json": [
      { topic: "A", "frequency score": 1, when: { tone: [""] } },
      { topic: "B", "frequency score": 1, when: { tone: ["Angry"], language: ["Danish"] } },
    ],
  }, [
    'metro/injections/topic.json: nothing is left to draw where language is "English" and tone is "Angry": add an item for it, or one without "when"',
  ]],
  // Lengths.
  ["lengths out of bounds", {
    "response_length_distribution.json": { mean: "2.5", sigma: -0.5, max: 0 },
  }, [
    'metro/response_length_distribution.json: mean is "2.5": it must be a number, without quotes',
    "metro/response_length_distribution.json: sigma is -0.5: it must be above 0",
    "metro/response_length_distribution.json: shift is missing: it must be a number",
    "metro/response_length_distribution.json: max is 0: it must be a whole number, 1 or more",
  ]],
  ["a length file that is a list", { "response_length_distribution.json": [] }, [
    "metro/response_length_distribution.json: it is a list: it must be an object",
  ]],
  ["a misspelt key of the length", {
    "response_length_distribution.json": { mean: 2.5, sigma: 1, shift: 2, maxx: 3 },
  }, [
    'metro/response_length_distribution.json: "maxx": unknown key. Did you mean "max"?',
  ]],
  ["all lengths above max", {
    "response_length_distribution.json": { mean: 2.5, sigma: 1, shift: 5, max: 4 },
  }, [
    "metro/response_length_distribution.json: max is 4: with mean 2.5, sigma 1 and shift 5 every length is above it",
  ]],
  ["lengths beyond all bounds", {
    "response_length_distribution.json": { mean: 800, sigma: 1, shift: 5 },
  }, [
    "metro/response_length_distribution.json: mean is 800 and sigma 1: lengths go beyond all bounds. The mean is that of the logarithm: for messages of about 12 words it is 2.5",
  ]],
  ["a draw without for", {
    "response_length_distribution.json": {
      mean: 2.5,
      sigma: 1,
      shift: 2,
      draw: { mean: 3, sigma: 0, shift: 2, form: {} },
    },
  }, [
    'metro/response_length_distribution.json: draw has "form": unknown key. Did you mean "for"?',
    "metro/response_length_distribution.json: draw.sigma is 0: it must be above 0",
    "metro/response_length_distribution.json: draw.for is missing: it must be an object",
  ]],
  ["both length files", {
    "response_length_distribution.json": { mean: 2.5, sigma: 1, shift: 2 },
    "response_lengh_distrubution.json": { mean: 2.5, sigma: 1, shift: 2 },
  }, [
    'metro/response_lengh_distrubution.json: "response_length_distribution.json" is there too: delete one of them',
  ]],
  // prompt.md
  ["unknown markers", {
    "prompt.md": "{{context}} {{guidelines}}\n{{tonne}} and {{ mood }} and {{__proto__}}",
  }, [
    "metro/prompt.md: line 2: {{tonne}} is unknown. Did you mean {{tone}}? Known: {{context}}, {{guidelines}}, {{length}}, {{avoid}}, {{tone}}",
    "metro/prompt.md: line 2: {{mood}} is unknown. Known: {{context}}, {{guidelines}}, {{length}}, {{avoid}}, {{tone}}",
    "metro/prompt.md: line 2: {{__proto__}} is unknown. Known: {{context}}, {{guidelines}}, {{length}}, {{avoid}}, {{tone}}",
  ]],
  ["a blank template", { "prompt.md": "\n" }, [
    "metro/prompt.md: it is blank: write a template, or delete the file for the built-in prompt",
  ]],
  ["a template without a user message", { "prompt.md": "# system\n{{context}} {{guidelines}}" }, [
    'metro/prompt.md: there is no text for the user message: add it below a line "# user"',
  ]],
  // avoid.txt
  ["lines of avoid.txt", {
    "avoid.txt": "# terms\n\nplease\t28%\tEnglish\n\t0.2\nhello\t1.5\nhi\t0.1\tEnglish\tx\nok\t-0",
  }, [
    'metro/avoid.txt: line 3: share is "28%": it must be a number from 0 to 1, such as 0.28',
    "metro/avoid.txt: line 4: there is no term before the tab",
    'metro/avoid.txt: line 5: share is "1.5": it must be a number from 0 to 1, such as 0.28',
    "metro/avoid.txt: line 6: there are more than three columns: expected term, share, language",
    'metro/avoid.txt: line 7: share is "-0": it must be a number from 0 to 1, such as 0.28',
  ]],
  // settings.json
  ["settings out of bounds", {
    "settings.json": {
      model: " ",
      temperature: 3,
      frequency_penalty: -2.5,
      top_p: "1",
      max_tokens: 0,
      count: null,
      seed: -1,
      sampling: "odd",
      concurrency: 1025,
      timeout: 0,
      price: { input: -1 },
    },
  }, [
    'metro/settings.json: model is " ": it must name a model',
    "metro/settings.json: temperature is 3: it must be a number from 0 to 2, or null",
    "metro/settings.json: frequency_penalty is -2.5: it must be a number from -2 to 2, or null",
    'metro/settings.json: top_p is "1": it must be a number from 0 to 1, or null, without quotes',
    "metro/settings.json: max_tokens is 0: it must be a whole number, 1 or more",
    "metro/settings.json: count is null: it must be a whole number, 1 or more",
    "metro/settings.json: seed is -1: it must be a whole number, 0 or more",
    'metro/settings.json: sampling is "odd": it must be "even" or "independent"',
    "metro/settings.json: concurrency is 1025: it must be a whole number from 1 to 1024",
    "metro/settings.json: timeout is 0: it must be above 0",
    "metro/settings.json: price.input is -1: it must be 0 or more",
    "metro/settings.json: price.output is missing: it must be a number",
  ]],
  ["a seed beyond whole numbers", { "settings.json": '{"seed": 9007199254740993}' }, [
    "metro/settings.json: seed is 9007199254740992: it must be a whole number, 0 or more",
  ]],
  ["labels of an attribute that isn't there", { "settings.json": { labels: { tune: "skip" } } }, [
    'metro/settings.json: labels has "tune": no such attribute. Did you mean "tone"?',
  ]],
  ["labels of an unknown kind", { "settings.json": { labels: { tone: "classes" } } }, [
    'metro/settings.json: labels.tone is "classes": it must be "one", "followed" or "skip"',
  ]],
  ["a blank description", {
    "injections/tone.json": [{ tone: "Calm", "frequency score": 1, description: " " }],
  }, [
    'metro/injections/tone.json: item 1 ("Calm"): "description" is " ": it must say something',
  ]],
  ["unknown settings", {
    "settings.json": {
      temprature: 1,
      colour: 2,
      schema: "",
      price: { in: 1, input: 1, output: 1 },
    },
  }, [
    'metro/settings.json: "temprature": unknown key. Did you mean "temperature"?',
    'metro/settings.json: "colour": unknown key. Known: "model", "temperature", "frequency_penalty", "top_p", "max_tokens", "count", "seed", "sampling", "concurrency", "timeout", "price", "labels"',
    'metro/settings.json: "schema": unknown key. Did you mean "$schema"?',
    'metro/settings.json: price has "in": unknown key. Known: "input", "output"',
  ]],
  ["settings that are a list", { "settings.json": "[]" }, [
    "metro/settings.json: it is a list: it must be an object",
  ]],
];

for (const [name, files, faults] of CASES) {
  Deno.test(`loadConfig() reports ${name}`, async () => {
    assert.deepEqual((await load({ ...SOUND, ...files })).faults, faults);
  });
}

Deno.test("loadConfig() reports the faults of all files together, in the order of the files", async () => {
  const { faults } = await load({
    "settings.json": { seed: "x" },
    "response_length_distribution.json": { mean: 2.5, sigma: -0.5, shift: 2 },
    "injections/b.json": [],
    "injections/a.json": "{",
    "avoid.txt": "\t1",
    "prompt.md": "{{x}}",
  });
  assert.deepEqual(faults.map((line) => line.split(":")[0]), [
    "metro/context.txt",
    "metro/injections/a.json",
    "metro/injections/b.json",
    "metro/response_length_distribution.json",
    "metro/prompt.md",
    "metro/avoid.txt",
    "metro/settings.json",
  ]);
});
