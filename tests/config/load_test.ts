import assert from "node:assert/strict";
import { join } from "node:path";
import { loadConfig } from "../../src/config/load.ts";
import { UserError } from "../../src/error.ts";
import { load, SOUND } from "./folder.ts";

Deno.test("loadConfig() makes one value of a full folder", async () => {
  const { config, warnings } = await load({
    "context.txt": "\ufeffMetro chat\r\n\r\nThe chat of a metro.\r\n",
    "injections/tone.json": [
      { tone: "", "frequency score": 3 },
      { " tone ": " Angry ", " frequency score": 1.5, "draw factor": 1.7, prompt: " Very angry " },
      { tone: "Shy", "frequency score": 0, when: {} },
    ],
    "injections/Language.JSON": [
      { Language: "Danish", "frequency score": 1 },
      {
        Language: "Cafe\u0301",
        "frequency score": 2,
        when: { "tone ": ["Angry ", "", "Angry"] },
      },
    ],
    "response_length_distribution.json": {
      $schema: "x",
      mean: 2.5,
      sigma: 0.75,
      shift: 2,
      max: 60,
      draw: { mean: 3, sigma: 0.9, shift: 2, for: { mean: 2.5, sigma: 0.75, shift: 2 } },
    },
    "prompt.md": "# system\r\n{{context}}\r\n# user\r\n{{ tone }} {{Language}} {{length}}\r\n",
    "avoid.txt":
      "could you please\t.28\tEnglish\r\n # typed by hand\r\nhej\t\tDanish\r\nplease # all\n",
    "settings.json": {
      $schema: "x",
      model: " openai:gpt ",
      temperature: null,
      frequency_penalty: 0,
      top_p: 1,
      max_tokens: null,
      count: 50,
      seed: 0,
      sampling: "independent",
      concurrency: 4,
      timeout: 0.5,
      price: { input: 0.4, output: 1.6 },
    },
  });
  assert.deepEqual(warnings, []);
  assert.deepEqual(config, {
    folder: "metro",
    context: "Metro chat\n\nThe chat of a metro.",
    attributes: {
      Language: [
        { value: "Danish", score: 1, factor: 1, prompt: null, when: null },
        { value: "Café", score: 2, factor: 1, prompt: null, when: { tone: ["Angry", ""] } },
      ],
      tone: [
        { value: "", score: 3, factor: 1, prompt: null, when: null },
        { value: "Angry", score: 1.5, factor: 1.7, prompt: "Very angry", when: null },
        { value: "Shy", score: 0, factor: 1, prompt: null, when: null },
      ],
    },
    length: {
      mean: 2.5,
      sigma: 0.75,
      shift: 2,
      max: 60,
      draw: { mean: 3, sigma: 0.9, shift: 2 },
    },
    prompt: "# system\n{{context}}\n# user\n{{ tone }} {{Language}} {{length}}\n",
    avoid: [
      { term: "could you please", share: 0.28, language: "English" },
      { term: "hej", share: null, language: "Danish" },
      { term: "please", share: null, language: null },
    ],
    settings: {
      model: "openai:gpt",
      temperature: null,
      frequency_penalty: 0,
      top_p: 1,
      max_tokens: null,
      count: 50,
      seed: 0,
      sampling: "independent",
      concurrency: 4,
      timeout: 0.5,
      price: { input: 0.4, output: 1.6 },
    },
  });
});

Deno.test("loadConfig() fills in what a small folder leaves out", async () => {
  const { config } = await load(SOUND);
  assert.equal(config?.length, null);
  assert.equal(config?.prompt, null);
  assert.deepEqual(config?.avoid, []);
  assert.deepEqual(config?.settings, {
    temperature: 0.9,
    frequency_penalty: 0.5,
    seed: 1,
    sampling: "even",
    timeout: 60,
  });
});

Deno.test("loadConfig() takes the folder of the older generator as it is, with hints", async () => {
  const { config, warnings } = await load({
    "context.txt": "Viking Bank",
    "injections/topics.json": [
      { topic: "", "frequency score": 1 },
      { topic: "Car loan", "frequency score": 2 },
    ],
    "injections/additional_instructions.json": [
      { "additional instruction": "", "frequency score": 1 },
    ],
    "response_lengh_distrubution.json": { mean: 2.5, sigma: 0.75, shift: 2 },
  });
  assert.deepEqual(Object.keys(config?.attributes ?? {}), ["additional_instructions", "topics"]);
  assert.deepEqual(config?.attributes.topics?.map(({ value }) => value), ["", "Car loan"]);
  assert.equal(config?.length?.sigma, 0.75);
  assert.deepEqual(warnings, [
    'metro/injections/additional_instructions.json: the values stand under "additional instruction": the attribute is named "additional_instructions", after the file. Rename the file or the key',
    'metro/injections/topics.json: the values stand under "topic": the attribute is named "topics", after the file. Rename the file or the key',
    'metro/response_lengh_distrubution.json: it is read, but its name is misspelt: rename it to "response_length_distribution.json"',
  ]);
});

const WARNINGS: [name: string, files: Record<string, unknown>, warnings: string[]][] = [
  ["unknown keys of items", {
    "injections/tone.json": [
      { tone: "Angry", "frequency score": 1, note: "x", source: 3 },
      { tone: "", "frequency score": 1, note: "x" },
    ],
  }, [
    'metro/injections/tone.json: items 1, 2 have "note": unknown key, ignored',
    'metro/injections/tone.json: item 1 has "source": unknown key, ignored',
  ]],
  ["unknown keys of many items, once", {
    "injections/tone.json": Array.from(
      "abcdefg",
      (tone) => ({ tone, "frequency score": 1, note: "x" }),
    ),
  }, ['metro/injections/tone.json: 7 items have "note": unknown key, ignored']],
  ["a wording for no value", {
    "injections/tone.json": [{ tone: "", "frequency score": 1, prompt: "x" }],
  }, [
    'metro/injections/tone.json: item 1 (""): "prompt" is ignored: the value "" asks for nothing',
  ]],
  ["files that aren't read", {
    "injections/notes.txt": "x",
    "injections/old/tone.json": "x",
    "injections/.tone.json.swp": "x",
    "injections/._tone.json": "x",
    "injections/tone.json~": "x",
    "injections/tone.json.bak": "x",
    "setting.json": "{",
    "Context.txt": "x",
    "README.md": "x",
  }, [
    'metro/Context.txt: it isn\'t read. Did you mean "context.txt"?',
    'metro/setting.json: it isn\'t read. Did you mean "settings.json"?',
    "metro/injections/notes.txt: it isn't read: attributes are files that end in .json",
    "metro/injections/old: it is a folder, which isn't read",
  ]],
  ["a correction that was made for another target", {
    "response_length_distribution.json": {
      mean: 2.5,
      sigma: 0.75,
      shift: 2,
      note: "x",
      draw: { mean: 3, sigma: 1, shift: 2, for: { mean: 2.5, sigma: 0.75, shift: 3 } },
    },
  }, [
    'metro/response_length_distribution.json: "note": unknown key, ignored',
    "metro/response_length_distribution.json: draw is ignored: it was made for another mean, sigma and shift. Remove it, or let apply make a new one",
  ]],
  ["a mean that was given in words", {
    "response_length_distribution.json": { mean: 14, sigma: 0.75, shift: 2 },
  }, [
    "metro/response_length_distribution.json: mean is 14: half of the rows would ask for more than 1,202,606 words. It is the mean of the logarithm: for messages of about 12 words it is 2.5",
  ]],
  ["what a template leaves out", {
    "prompt.md": "Write a message.",
    "response_length_distribution.json": { mean: 2, sigma: 0.75, shift: 2 },
  }, [
    "metro/prompt.md: neither {{guidelines}} nor {{tone}} is in it: the model isn't told what is drawn for tone",
    "metro/prompt.md: {{context}} isn't in it: the model isn't told what context.txt says",
    "metro/prompt.md: {{length}} isn't in it: the model isn't told which length is drawn",
  ]],
  ["doubtful lines of avoid.txt", {
    "avoid.txt": "could you please  0.28 English\nhi\t0.2\nhi\t0.3\nhi\t0.2\tDanish",
  }, [
    'metro/avoid.txt: line 1: "could you please  0.28 English" is taken whole: put a tab between term and share',
    'metro/avoid.txt: line 3: "hi" stands above already: the first one counts',
  ]],
];

for (const [name, files, expected] of WARNINGS) {
  Deno.test(`loadConfig() warns of ${name}`, async () => {
    const { warnings, faults } = await load({ ...SOUND, ...files });
    assert.deepEqual({ warnings, faults }, { warnings: expected, faults: [] });
  });
}

Deno.test("loadConfig() leaves out a correction that was made for another target", async () => {
  const { config } = await load({
    ...SOUND,
    "response_length_distribution.json": {
      mean: 2.5,
      sigma: 0.75,
      shift: 2,
      draw: { mean: 3, sigma: 1, shift: 2, for: { mean: 2.4, sigma: 0.75, shift: 2 } },
    },
  });
  assert.equal(config?.length?.draw, null);
});

Deno.test("loadConfig() orders attributes by code unit, whatever the order of the directory", async () => {
  const file = (key: string) => [{ [key]: "x", "frequency score": 1 }];
  const names = ["topic", "Zone", "ålder", "tone", "topic-2"];
  for (const order of [names, names.toReversed()]) {
    const files = order.map((name) => [`injections/${name}.json`, file(name)]);
    const { config } = await load({ "context.txt": "x", ...Object.fromEntries(files) });
    assert.deepEqual(Object.keys(config?.attributes ?? {}), [
      "Zone",
      "tone",
      "topic",
      "topic-2",
      "ålder",
    ]);
  }
});

Deno.test("loadConfig() takes a when that covers every combination that can come", async () => {
  const item = (key: string, value: string, when?: Record<string, string[]>) => ({
    [key]: value,
    "frequency score": 1,
    ...(when ? { when } : {}),
  });
  const { faults } = await load({
    "context.txt": "x",
    "injections/country.json": [item("country", "Sweden"), item("country", "Denmark")],
    "injections/city.json": [
      item("city", "Malmö", { country: ["Sweden"] }),
      item("city", "Aarhus", { country: ["Denmark"] }),
    ],
    // Malmö with Denmark and Aarhus with Sweden can't come, so nothing need be left for them.
    "injections/stop.json": [
      item("stop", "Triangeln", { country: ["Sweden"], city: ["Malmö"] }),
      item("stop", "Banegården", { country: ["Denmark"], city: ["Aarhus"] }),
    ],
  });
  assert.deepEqual(faults, []);
});

Deno.test("loadConfig() names the folder as it was typed and counts it from the project", async () => {
  const project = await Deno.makeTempDir();
  try {
    await Deno.mkdir(join(project, "a/metro/injections"), { recursive: true });
    await Deno.writeTextFile(join(project, "a/metro/context.txt"), "x");
    const tone = join(project, "a/metro/injections/tone.json");
    await Deno.writeTextFile(tone, '[{"tone": "x", "frequency score": 1}]');

    assert.equal((await loadConfig("a/metro", { project })).folder, "a/metro");
    assert.equal((await loadConfig(join(project, "a/metro"), { project })).folder, "a/metro");
    assert.equal((await loadConfig(".", { project: join(project, "a/metro") })).folder, ".");
    const outside = await loadConfig("../a/metro", { project: join(project, "b") });
    assert.equal(outside.folder, join(project, "a/metro"));

    await Deno.remove(tone);
    const lead = async (folder: string, label?: string) => {
      const options = label === undefined ? { project } : { project, label };
      const error = await loadConfig(folder, options).catch((error) => error);
      assert(error instanceof UserError && error.exitCode === 2);
      return error.message.split(": ")[0];
    };
    assert.equal(await lead("a/metro/"), "a/metro/injections");
    assert.equal(await lead("a/metro", "../metro"), "../metro/injections");
    assert.equal(await lead("nowhere"), "nowhere");
    assert.equal(await lead("a/metro/context.txt"), "a/metro/context.txt");
  } finally {
    await Deno.remove(project, { recursive: true });
  }
});

Deno.test("loadConfig() says how to name another folder where there is none", async () => {
  await assert.rejects(loadConfig("metro", { project: "/nowhere" }), {
    name: "UserError",
    message:
      "metro: there is no such folder (looked for /nowhere/metro). Name another with --config DIR",
  });
});
