import assert from "node:assert/strict";
import { join } from "node:path";
import { apiError, type Behaviour, deadBaseURL, ok, startEndpoint } from "../endpoint.ts";
import {
  bareEnvironment,
  CHECKOUT,
  folderWithConfig,
  onlyRun,
  recordsIn,
  run,
} from "./command_line.ts";

const KEY = "sk-secret-0123456789";
const WORDS = ["generate", "--config", "metro", "--output", "out", "--model", "openai:m"];

const stops: { what: string; answer: Behaviour; said: RegExp }[] = [
  {
    what: "a refused key",
    answer: apiError(401, `Incorrect API key provided: ${KEY}.`, { code: "invalid_api_key" }),
    said: /the key was refused: check OPENAI_API_KEY/,
  },
  {
    what: "an unknown model",
    answer: apiError(404, "The model `m` does not exist", { code: "model_not_found" }),
    said: /model "m" was not found: check --model/,
  },
];

for (const { what, answer, said } of stops) {
  Deno.test(`${what} stops the run with exit 3; the same command finishes it`, async () => {
    await using from = await folderWithConfig();
    let refuses = true;
    await using endpoint = await startEndpoint({ script: () => refuses ? answer : ok() });
    const typed = {
      from: from.path,
      env: { OPENAI_BASE_URL: endpoint.baseURL, OPENAI_API_KEY: KEY },
    };
    const words = [...WORDS, "--count", "40", "--concurrency", "16"];
    const stopped = await run(words, typed);
    assert.equal(stopped.code, 3, stopped.err);
    assert.equal(stopped.out, "");
    assert.match(stopped.err, said);
    assert(stopped.err.includes(endpoint.baseURL), stopped.err);
    assert.match(stopped.err, /^40 planned = 0 ok \+ 40 pending/m);
    assert.match(stopped.err, /stay pending: the same command goes on with them/);
    assert(!stopped.err.includes(KEY));
    assert(endpoint.requests <= 16, `${endpoint.requests} calls for one refusal`);
    const folder = await onlyRun(join(from.path, "out"));
    for (const name of ["run.json", "records.jsonl"]) {
      assert(!(await Deno.readTextFile(join(folder, name))).includes(KEY));
    }
    refuses = false;
    const finished = await run([...WORDS, "--count", "40"], typed);
    assert.equal(finished.code, 0, finished.err);
    assert.equal((await recordsIn(folder)).length, 40);
  });
}

Deno.test("a port where nothing listens stops the run with exit 3", async () => {
  await using from = await folderWithConfig();
  const baseURL = deadBaseURL();
  const { code, err } = await run([...WORDS, "--count", "1", "--timeout", "2", "--json"], {
    from: from.path,
    env: { OPENAI_BASE_URL: baseURL, OPENAI_API_KEY: KEY },
  });
  assert.equal(code, 3, err);
  assert.match(err, /^1 planned = 0 ok \+ 1 pending/m);
  assert(err.includes(baseURL) && err.includes("OPENAI_BASE_URL"), err);
  assert.match(err, /the same command goes on/);
  assert(!err.includes(KEY));
});

Deno.test("a run that another process writes is refused with exit 2 and says who has it", async () => {
  await using from = await folderWithConfig();
  const typed = { from: from.path };
  const words = [...WORDS.slice(0, -1), "simulated:faithful", "--run", "mine", "--count", "2"];
  assert.equal((await run(words, typed)).code, 0);
  const holder = new Deno.Command(Deno.execPath(), {
    args: [
      "run",
      "-A",
      join(CHECKOUT, "tests", "run", "log", "holder.ts"),
      join(from.path, "out/mine"),
    ],
    env: bareEnvironment(),
    clearEnv: true,
    stdout: "piped",
  }).spawn();
  try {
    const reader = holder.stdout.getReader();
    await reader.read();
    reader.releaseLock();
    const { code, err } = await run([...words, "--count", "3"], typed);
    assert.equal(code, 2, err);
    assert.match(err, new RegExp(`^out/mine is being written by process ${holder.pid} on `, "m"));
    assert.match(err, /another name with --run/);
  } finally {
    holder.kill("SIGKILL");
    await holder.stdout.cancel();
    await holder.status;
  }
});

Deno.test("a folder of runs that can't be one is exit 2", async () => {
  await using from = await folderWithConfig();
  const words = ["generate", "--config", "metro", "--model", "simulated:faithful", "--output"];
  const file = await run([...words, "metro/context.txt"], { from: from.path });
  assert.equal(file.code, 2);
  assert.match(file.err, /^metro\/context\.txt\/\S+ can't be made: /m);
  assert.match(file.err, /another folder of runs with --output/);
  const comma = await run([...words, "one,two"], { from: from.path });
  assert.equal(comma.code, 2);
  assert.match(comma.err, /^one,two has a comma/m);
});
