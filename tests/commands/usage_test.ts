import assert from "node:assert/strict";
import { join } from "node:path";
import process from "node:process";
import { COMMANDS, parseWords } from "../../src/commands/program.ts";
import { folder, folderWithConfig, run, write } from "./command_line.ts";

// One process for what only a process shows; the rest is asked of the parser in this one.

Deno.test("help goes to stdout with exit code 0 and names every flag's meaning", async () => {
  await using from = await folder();
  const calls = [["--help"], [], ...COMMANDS.map(({ name }) => [name, "--help"]), ["--version"]];
  const ended = await Promise.all(calls.map((words) => run(words, { from: from.path })));
  for (const [index, { code, out, err }] of ended.entries()) {
    const words = calls[index] ?? [];
    assert.deepEqual([code, err], [0, ""], words.join(" "));
    assert(!out.includes("\x1b"));
    if (words[0] === "--version") assert.match(out, /^\d+\.\d+\.\d+\n$/);
    else assert.match(out, /^Usage: deno task /);
  }
  for (const { name } of COMMANDS) assert(ended[0]?.out.includes(`  ${name} `));
  assert.equal(ended[1]?.out, ended[0]?.out);
});

Deno.test("a usage fault is exit 2 on stderr, names the flag and what was expected", async () => {
  await using from = await folder();
  const cases: [string[], RegExp][] = [
    [["generat"], /unknown command 'generat'[^]*Did you mean generate\?/],
    [["generate", "--cout", "3"], /unknown option '--cout'[^]*Did you mean --count\?/],
    [["generate", "--count", "many"], /--count[^]*'many'[^]*whole number of at least 1/],
    [["generate", "metro"], /too many arguments for 'generate'/],
    [["plan", "--start", "-1"], /--start[^]*'-1'[^]*whole number of at least 0/],
  ];
  const ended = await Promise.all(cases.map(([words]) => run(words, { from: from.path })));
  for (const [index, { code, out, err }] of ended.entries()) {
    const [words, expected] = cases[index] ?? [[], /./];
    assert.deepEqual([code, out], [2, ""], words.join(" "));
    assert.match(err, expected);
    assert.match(err, /--help lists the flags/);
  }
  assert.deepEqual(await Array.fromAsync(Deno.readDir(from.path)), []);
});

Deno.test("every flag refuses what it can't take", async () => {
  const refused: Record<string, string[]> = {
    "--count": ["0", "-1", "1.5", "x", "", "1e99", "0x10", "1,0000", "Infinity"],
    "--seed": ["-1", "1.5", "x"],
    "--sampling": ["Even", "odd"],
    "--concurrency": ["0", "x"],
    "--timeout": ["0", "-1", "x", "Infinity"],
    "--patience": ["0", "-1", "x", "Infinity"],
    "--max-failed": ["x", "101%", "-1", "1.5"],
    "--retry": ["ok", "failed,bad"],
    "--show": ["-1", "x"],
  };
  for (const [flag, values] of Object.entries(refused)) {
    for (const value of values) {
      const { said, parsed } = await silently(() => parseWords(["generate", `${flag}=${value}`]));
      assert.deepEqual(parsed, { exitCode: 2 }, `${flag}=${value} was taken`);
      assert(said.includes(flag), `${said} doesn't name ${flag}`);
    }
  }
});

Deno.test("every flag takes what it says", async () => {
  const words = [
    "generate",
    "--count",
    "12,000",
    "--retry",
    "failed, empty",
    "--max-failed",
    "2.5%",
  ];
  const parsed = await parseWords([
    ...words,
    "--timeout",
    "0.5",
    "--seed",
    "0",
    "--patience",
    "1.5",
  ]);
  assert("parsed" in parsed);
  const { count, retry, maxFailed, timeout, seed, show, patience } = parsed.parsed.opts();
  assert.deepEqual({ count, retry, maxFailed, timeout, seed, show, patience }, {
    count: 12_000,
    retry: ["failed", "empty"],
    maxFailed: { share: 0.025 },
    timeout: 0.5,
    seed: 0,
    show: 3,
    patience: 1.5,
  });
  const counted = await parseWords(["generate", "--max-failed", "20"]);
  assert("parsed" in counted);
  assert.deepEqual(counted.parsed.opts().maxFailed, { rows: 20 });
});

Deno.test("faults of a config are told all at once, and nothing is written", async () => {
  await using from = await folderWithConfig();
  await write(from.path, {
    "metro/injections/tone.json": [{ tone: "Angry", "frequency scores": 1 }],
    "metro/response_length_distribution.json": { mean: 2.5, sigma: -0.5, shift: 2 },
  });
  for (const command of ["generate", "plan"]) {
    const { code, out, err } = await run([command, "--config", "metro"], { from: from.path });
    assert.deepEqual([code, out], [2, ""]);
    assert.match(err, /^metro\/injections\/tone\.json: .*Did you mean "frequency score"\?$/m);
    assert.match(err, /^metro\/response_length_distribution\.json: .*sigma.*above 0/m);
    if (command === "generate") assert.match(err, /\nNothing was asked\.\n$/);
    const names = await Array.fromAsync(Deno.readDir(from.path), ({ name }) => name);
    assert.deepEqual(names, ["metro"]);
  }
});

Deno.test("a config folder that isn't one is named as it was typed", async () => {
  await using from = await folderWithConfig();
  const missing = await run(["generate", "--config", "nowhere"], { from: from.path });
  assert.equal(missing.code, 2);
  assert.match(missing.err, /^nowhere: there is no such folder \(looked for .*\)/);
  assert(missing.err.includes(join(from.path, "nowhere")));
  const file = await run(["plan", "--config", "metro/context.txt"], { from: from.path });
  assert.equal(file.code, 2);
  assert.match(file.err, /^metro\/context\.txt: /);
  assert(!file.err.includes("    at "), file.err);
});

Deno.test("a model that can't be chosen is exit 2, before anything is written", async () => {
  await using from = await folderWithConfig();
  const cases: [string, RegExp][] = [
    ["gpt-4.1", /--model: "gpt-4\.1" names no provider[^]*Did you mean "openai:gpt-4\.1"\?/],
    ["openai:m", /OPENAI_API_KEY is not set/],
    ["azure:m", /AZURE_OPENAI_ENDPOINT is not set/],
    ["simulated:perfect", /No simulated model "perfect"[^]*simulated:leaky/],
  ];
  const ended = await Promise.all(
    cases.map(([model]) =>
      run(["generate", "--config", "metro", "--output", "out", "--model", model], {
        from: from.path,
      })
    ),
  );
  for (const [index, { code, err }] of ended.entries()) {
    const [model, expected] = cases[index] ?? ["", /./];
    assert.equal(code, 2, model);
    assert.match(err, expected);
    assert(!err.includes("rehearsals only"), "an unknown profile is announced");
    assert(!err.includes("    at "), err);
  }
  const names = await Array.fromAsync(Deno.readDir(from.path), ({ name }) => name);
  assert.deepEqual(names, ["metro"]);
});

/** Parses without the words on stderr: they are given back. */
async function silently<T>(
  parse: () => Promise<T>,
): Promise<{ parsed: T; said: string }> {
  const write = process.stderr.write;
  let said = "";
  process.stderr.write = (text: string | Uint8Array) => {
    said += text;
    return true;
  };
  try {
    return { parsed: await parse(), said };
  } finally {
    process.stderr.write = write;
  }
}
