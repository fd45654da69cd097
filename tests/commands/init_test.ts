import assert from "node:assert/strict";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { loadConfig } from "../../src/config/load.ts";
import { apiError, ok, startEndpoint } from "../endpoint.ts";
import { folder as newFolder, projectIn, run } from "./command_line.ts";

/** Runs `init` as its task does, typed in `from`. */
async function initIn(
  from: string,
  words: string[],
  env: Record<string, string> = {},
): Promise<{ code: number; said: string }> {
  const { code, out, err } = await run(["init", ...words], { from, env });
  assert.equal(out, "");
  return { code, said: err };
}

async function loaded(folder: string) {
  const warnings: string[] = [];
  const config = await loadConfig(folder, { warn: (message) => warnings.push(message) });
  assert.deepEqual(warnings, []);
  return config;
}

function valuesOf(config: Awaited<ReturnType<typeof loaded>>, stem: string): string[] {
  return (config.attributes[stem] ?? []).map(({ value }) => value);
}

Deno.test("init makes a folder that loads without a warning and says what comes next", async () => {
  await using folder = await newFolder();
  const { code, said } = await initIn(folder.path, ["my configs/metro"]);
  assert.equal(code, 0, said);
  const config = await loaded(join(folder.path, "my configs/metro"));
  assert.deepEqual(Object.keys(config.attributes), [
    "additional_instruction",
    "language",
    "tone",
    "topic",
  ]);
  assert.notEqual(config.length, null);
  assert.match(said, /^plumbline .* my configs\/metro \(Town Library\) · 4 attributes/);
  assert.match(said, /Next: deno task generate --config 'my configs\/metro'\n$/);
});

Deno.test("the README tells of each file, and each file tells the editor its schema where it can", async () => {
  await using folder = await newFolder();
  await initIn(folder.path, ["metro"]);
  const metro = join(folder.path, "metro");
  const readme = await Deno.readTextFile(join(metro, "README.md"));
  for (const name of ["settings.json", "response_length_distribution.json"]) {
    const { $schema } = JSON.parse(await Deno.readTextFile(join(metro, name)));
    JSON.parse(await Deno.readTextFile(fileURLToPath($schema)));
    assert(readme.includes(`\`${name}\``));
  }
  for await (const { name } of Deno.readDir(join(metro, "injections"))) {
    assert(readme.includes(`\`injections/${name}\``), name);
  }
  assert(readme.includes("`context.txt`"));
});

Deno.test("in the project the schemas are named by a way that moves with it", async () => {
  await using root = await newFolder();
  const project = await projectIn(root.path);
  const { code, err } = await run(["init", "mine/metro"], { from: project, project });
  assert.equal(code, 0, err);
  const settings = join(project, "mine/metro/settings.json");
  const { $schema } = JSON.parse(await Deno.readTextFile(settings));
  assert(!$schema.includes(":"), $schema);
  JSON.parse(await Deno.readTextFile(resolve(dirname(settings), $schema)));
});

Deno.test("a folder that isn't empty is left as it is; an empty one is filled", async () => {
  await using folder = await newFolder();
  await Deno.mkdir(join(folder.path, "metro"));
  await Deno.mkdir(join(folder.path, "empty"));
  await Deno.writeTextFile(join(folder.path, "metro/notes.txt"), "mine");
  const { code, said } = await initIn(folder.path, ["metro"]);
  assert.equal(code, 2);
  assert.match(said, /^metro isn't empty \(it holds "notes\.txt"\).*Nothing was written\.\n$/);
  assert.equal((await initIn(folder.path, ["metro/notes.txt"])).code, 2);
  assert.deepEqual((await Array.fromAsync(Deno.readDir(join(folder.path, "metro")))).length, 1);
  assert.equal((await initIn(folder.path, ["empty"])).code, 0);
  assert.equal((await initIn(folder.path, [])).code, 2);
});

Deno.test("--from takes a text as the context; a model that can't propose is skipped with a word", async () => {
  await using folder = await newFolder();
  await Deno.writeTextFile(join(folder.path, "about.txt"), "\uFEFFMetro chat\r\n\r\nTrains.\r\n");
  for (const model of [["--model", "simulated:faithful"], []]) {
    const name = `metro${model.length}`;
    const { code, said } = await initIn(folder.path, [name, "--from", "about.txt", ...model]);
    assert.equal(code, 0, said);
    assert.match(said, /^(simulated:faithful|local:\S+) can't propose topics/);
    const config = await loaded(join(folder.path, name));
    assert.equal(config.context, "Metro chat\n\nTrains.");
    assert(valuesOf(config, "topic").includes("Complaint"));
  }
});

Deno.test("--from a text that isn't there, is blank or isn't UTF-8 is a fault before anything is written", async () => {
  await using folder = await newFolder();
  await Deno.writeTextFile(join(folder.path, "blank.txt"), " \n");
  await Deno.writeFile(join(folder.path, "latin1.txt"), new Uint8Array([0x61, 0xe5, 0x0a]));
  const faults: [string[], RegExp][] = [
    [["--from", "no.txt"], /--from no\.txt can't be read/],
    [["--from", "blank.txt"], /blank\.txt is blank/],
    [["--from", "latin1.txt"], /latin1\.txt: line 1 isn't valid UTF-8/],
    [["--model", "openai:m"], /takes --from FILE/],
  ];
  for (const [words, message] of faults) {
    const { code, said } = await initIn(folder.path, ["metro", ...words]);
    assert.equal(code, 2, said);
    assert.match(said, message);
  }
  await assert.rejects(Deno.stat(join(folder.path, "metro")));
});

Deno.test("a model's proposals stand in the folder, cleaned, with weights to edit", async () => {
  await using folder = await newFolder();
  await Deno.writeTextFile(join(folder.path, "about.txt"), "Metro chat");
  const list = (...values: string[]) => values.map((value) => ({ value, weight: 2 }));
  const proposals = {
    topics: list("Tickets", "Late trains", "Red\u001b[31m line"),
    tones: list("Angry", "Calm", "Rushed"),
    instructions: list("Ask for a refund", "Ask twice", "Name a station"),
  };
  await using endpoint = await startEndpoint({
    script: ({ number }) => ok(number === 1 ? "Gladly!" : JSON.stringify(proposals)),
  });
  const { code, said } = await initIn(folder.path, ["metro", "--from", "about.txt"], {
    OPENAI_BASE_URL: endpoint.baseURL,
    OPENAI_API_KEY: "sk-secret",
  });
  assert.equal(code, 0, said);
  assert.equal(endpoint.requests, 2);
  assert.match(said, /^Asking openai:\S+ for topics, tones and instructions/);
  assert.match(said, /weights are the model's guesses/);
  assert(!said.includes("sk-secret"));
  const config = await loaded(join(folder.path, "metro"));
  assert.deepEqual(valuesOf(config, "topic"), [
    "",
    "Tickets",
    "Late trains",
    "Red\\u001b[31m line",
  ]);
  assert.deepEqual(valuesOf(config, "tone"), ["", "Angry", "Calm", "Rushed"]);
  assert.deepEqual(valuesOf(config, "language"), ["English"]);
});

Deno.test("answers that can't be used leave the starting lists; an endpoint that can't be asked leaves nothing", async () => {
  await using folder = await newFolder();
  await Deno.writeTextFile(join(folder.path, "about.txt"), "Metro chat");
  const words = ["--from", "about.txt", "--model", "openai:m"];
  await using chatty = await startEndpoint({ script: () => ok("Gladly!") });
  const useless = await initIn(folder.path, ["useless", ...words], {
    OPENAI_BASE_URL: chatty.baseURL,
  });
  assert.equal(useless.code, 0, useless.said);
  assert.match(
    useless.said,
    /No proposals: its answer could not be used, twice: it isn't one JSON/,
  );
  assert(valuesOf(await loaded(join(folder.path, "useless")), "topic").includes("Complaint"));

  await using closed = await startEndpoint({
    script: () => apiError(401, "Incorrect API key provided", { code: "invalid_api_key" }),
  });
  const { code, said } = await initIn(folder.path, ["none", ...words], {
    OPENAI_BASE_URL: closed.baseURL,
  });
  assert.equal(code, 3, said);
  assert.match(said, /\nNothing was written\. Without proposals: .*--model local:\n$/);
  await assert.rejects(Deno.stat(join(folder.path, "none")));
});
