import assert from "node:assert/strict";
import { join } from "node:path";
import { rowSeed } from "../../src/plan/row_seed.ts";
import { apiError, ok, startEndpoint } from "../endpoint.ts";
import { commandOf, folderWithConfig, onlyRun, recordsIn, run, write } from "./command_line.ts";

const KEY = "sk-secret-0123456789";
const WORDS = ["generate", "--config", "metro", "--output", "out"];

Deno.test("generate asks an endpoint, records every answer, and goes on where it stopped", async (t) => {
  await using from = await folderWithConfig({ price: { input: 1, output: 2 }, model: "openai:m" });
  let broken = true;
  await using endpoint = await startEndpoint({
    // While the endpoint is broken, it rejects every row about delays.
    script: ({ body }) => {
      if ("frequency_penalty" in body) {
        const message = "Unsupported parameter: 'frequency_penalty' is not supported.";
        return apiError(400, message, {
          param: "frequency_penalty",
          code: "unsupported_parameter",
        });
      }
      if (broken && JSON.stringify(body.messages).includes("Delays")) {
        return apiError(400, "This prompt can't be taken");
      }
      return ok(`Where is train ${body.seed}?`);
    },
  });
  const typed = {
    from: from.path,
    env: { OPENAI_BASE_URL: endpoint.baseURL, OPENAI_API_KEY: KEY },
  };
  const words = [...WORDS, "--concurrency", "4"];

  await t.step("rows, records, cost; the summary alone on stdout with --json", async () => {
    const { code, out, err } = await run([...words, "--count", "8", "--json"], typed);
    assert.equal(code, 1, err);
    const folder = await onlyRun(join(from.path, "out"));
    const records = await recordsIn(folder);
    assert.equal(new Set(records.map(({ row }) => row)).size, 8);
    const failed = records.filter(({ outcome }) => outcome === "failed").length;
    assert(failed > 0 && failed < 8);
    for (const record of records.filter(({ outcome }) => outcome === "ok")) {
      assert.match(record.text ?? "", /^Where is train \d+\?$/);
      assert.equal(record.cost, (12 * 1 + 5 * 2) / 1e6);
    }
    const summary = JSON.parse(out);
    assert.equal(summary.folder, folder);
    assert.deepEqual(summary.counts, {
      planned: 8,
      ok: 8 - failed,
      refused: 0,
      filtered: 0,
      truncated: 0,
      empty: 0,
      failed,
      pending: 0,
    });
    assert.equal(summary.stopped, null);
    assert(Math.abs(summary.cost - (8 - failed) * 22e-6) < 1e-12);
    assert.equal(out.split("\n").length, 2);

    assert.match(err, /^plumbline \S+ · metro \(Metro chat\) · 2 attributes, 4 values · lengths /);
    assert.match(err, /openai:m doesn't take frequency_penalty: it is left out\./);
    assert.match(err, /^ {2}(tone +)?(topic +)?asked {2}got$/m);
    const name = folder.slice(folder.lastIndexOf("/") + 1);
    assert.match(
      err,
      new RegExp(`8 planned = \\d ok \\+ ${failed} failed \\+ 0 pending · \\$\\S+ → out/${name}\n`),
    );
    assert(
      err.includes("To ask the failed rows again: the same command with --retry failed."),
      err,
    );
    assert.match(err, /\d rows? failed, more than --max-failed allows/);
    assert(!err.includes("\x1b") && !err.includes("\r"));
    assert(!err.includes(from.path), err);
    assert(!(err + out).includes(KEY));
    const manifest = await Deno.readTextFile(join(folder, "run.json"));
    assert(!manifest.includes(KEY));
    assert.deepEqual(JSON.parse(manifest).parameters.dropped, ["frequency_penalty"]);
  });

  await t.step("the same command again has nothing to do and asks nothing", async () => {
    const before = endpoint.requests;
    const { code, out, err } = await run([...words, "--max-failed", "8"], typed);
    assert.deepEqual([code, out], [0, ""]);
    assert.match(err, /\nNothing to do: 8 of 8 rows are there\. More rows: --count 80\.$/m);
    assert.equal(endpoint.requests, before);
  });

  await t.step("--retry asks the failed rows again, and nothing else", async () => {
    broken = false;
    const before = endpoint.requests;
    const { code, err } = await run([...words, "--retry", "failed"], typed);
    assert.equal(code, 0, err);
    assert.match(err, /8 planned = 8 ok \+ 0 pending/);
    const records = await recordsIn(await onlyRun(join(from.path, "out")));
    // What isn't taken was learned by the first start.
    assert.equal(endpoint.requests - before, records.length - 8);
    assert(!err.includes("frequency_penalty"));
  });

  await t.step("a larger count extends the run; a smaller one is refused", async () => {
    const { code, err } = await run([...words, "--count", "12", "--show", "0"], typed);
    assert.equal(code, 0, err);
    assert.match(err, /12 planned = 12 ok \+ 0 pending/);
    assert(!err.includes("asked  got"), "rows are shown");
    const rows = (await recordsIn(await onlyRun(join(from.path, "out")))).map(({ row }) => row);
    assert.deepEqual([...new Set(rows)].sort((a, b) => a - b), [...Array(12).keys()]);
    const fewer = await run([...words, "--count", "5"], typed);
    assert.deepEqual([fewer.code, fewer.out], [2, ""]);
    assert.match(
      fewer.err,
      /has 12 rows planned; --count 5 is fewer\.\nLeave --count out .* --run/,
    );
  });

  await t.step("a run asked for otherwise is refused with the ways out", async () => {
    const folder = await onlyRun(join(from.path, "out"));
    const name = folder.slice(folder.lastIndexOf("/") + 1);
    const other = await run([...words, "--run", name, "--seed", "2"], typed);
    assert.equal(other.code, 2);
    assert.match(other.err, /was asked for otherwise:\n {2}seed: 1, now 2\n/);
  });
});

Deno.test("the address is named where it may be the fault, and of a shard the run that it is of", async () => {
  await using from = await folderWithConfig({ price: { input: 1, output: 2 }, model: "openai:m" });
  await using endpoint = await startEndpoint();
  await using gone = await startEndpoint({
    script: () => apiError(404, "none", { code: "model_not_found" }),
  });
  const at = (baseURL: string, ...more: string[]) =>
    run([...WORDS, "--count", "4", ...more], {
      from: from.path,
      env: { OPENAI_BASE_URL: baseURL, OPENAI_API_KEY: KEY },
    });
  const [dear, wrong, shard] = await Promise.all([
    at(endpoint.baseURL, "--max-cost", "1e-9", "--run", "dear"),
    at(gone.baseURL, "--run", "wrong"),
    at(endpoint.baseURL, "--shard", "1/2", "--run", "parts"),
  ]);
  assert.deepEqual(
    [dear.code, wrong.code, shard.code],
    [3, 3, 0],
    dear.err + wrong.err + shard.err,
  );
  assert.match(dear.err, /--max-cost 1e-9: /);
  assert.doesNotMatch(dear.err, /OPENAI_BASE_URL/);
  assert.match(wrong.err, /can't be asked[^]*\nOPENAI_BASE_URL sets the address\.$/m);
  assert.match(shard.err, /→ out\/parts\/shard-1-of-2\nNext: deno task analyze out\/parts\nThen: /);
});

Deno.test("a run without one ok row exits 1 and says the commonest reason, each time", async () => {
  await using from = await folderWithConfig({ model: "openai:m" });
  // All refuse but one, which says nothing.
  await using endpoint = await startEndpoint({
    script: ({ body }) =>
      ok(body.seed === firstSeed ? "" : "I'm sorry, but I can't help with that."),
  });
  const firstSeed = rowSeed(1, 0);
  const typed = {
    from: from.path,
    env: { OPENAI_BASE_URL: endpoint.baseURL, OPENAI_API_KEY: KEY },
  };
  const words = [...WORDS, "--count", "4", "--max-failed", "100%"];
  for (const again of [false, true]) {
    const { code, err } = await run(words, typed);
    assert.equal(code, 1, err);
    assert.match(err, /No row is ok\. 3 of 4 are refused: the text opens as a refusal\nExit 1\.$/m);
    assert.equal(err.includes("Nothing to do"), again);
  }
});

Deno.test("a folder of runs that isn't there is made, also inside others", async () => {
  await using from = await folderWithConfig();
  const words = ["generate", "--config", "metro", "--output", "new/dir/of runs"];
  const { code, err } = await run([...words, "--model", "simulated:faithful", "--count", "1"], {
    from: from.path,
  });
  assert.equal(code, 0, err);
  assert.equal((await recordsIn(await onlyRun(join(from.path, "new/dir/of runs")))).length, 1);
});

Deno.test("hostile texts of a model are printable, and whole in the records", async () => {
  const hostile = "red \x1b[31mline\nnext\u202eevil\x07 \u2066x\x9b2J <b>";
  await using from = await folderWithConfig();
  await using endpoint = await startEndpoint({ script: () => ok(hostile) });
  const { code, err } = await run([...WORDS, "--model", "openai:m", "--count", "2"], {
    from: from.path,
    env: { OPENAI_BASE_URL: endpoint.baseURL },
  });
  assert.equal(code, 0, err);
  assert(err.includes("red \\u001b[31mline ⏎ next\\u202eevil\\u0007 \\u2066x\\u009b2J <b>"), err);
  assert(!/[[\p{Cc}\p{Bidi_Control}]--\n]/v.test(err), err);
  const records = await recordsIn(await onlyRun(join(from.path, "out")));
  assert.deepEqual(records.map(({ text }) => text), [hostile, hostile]);
});

Deno.test("--dry-run shows three prompts and the plan, asks nothing and writes nothing", async () => {
  await using from = await folderWithConfig({ model: "openai:m" });
  await using endpoint = await startEndpoint();
  const { code, out, err } = await run([...WORDS, "--dry-run", "--count", "200"], {
    from: from.path,
    env: { OPENAI_BASE_URL: endpoint.baseURL, OPENAI_API_KEY: KEY },
  });
  assert.equal(code, 0);
  assert.deepEqual(out.match(/^=== row \d for openai:m$/gm), [
    "=== row 0 for openai:m",
    "=== row 1 for openai:m",
    "=== row 2 for openai:m",
  ]);
  assert.equal(out.match(/^--- system$/gm)?.length, 3);
  assert.equal(out.match(/^--- user$/gm)?.length, 3);
  assert.equal(out.match(/The chat of a city's underground\./g)?.length, 3);
  assert.match(
    err,
    /\n200 rows buy:\n {2}tone +2 values.*\n {2}topic +2 values.*"Delays", gets 50 /,
  );
  assert.match(err, /\nNothing was asked and nothing was written \(--dry-run\)\.\n$/);
  assert.equal(endpoint.requests, 0);
  const names = await Array.fromAsync(Deno.readDir(from.path), ({ name }) => name);
  assert.deepEqual(names, ["metro"]);
});

Deno.test("plan prints the rows that generate records", async () => {
  await using from = await folderWithConfig();
  const typed = { from: from.path };
  const planned = await run(["plan", "--config", "metro", "--count", "5"], typed);
  assert.equal(planned.code, 0);
  const rows = planned.out.trim().split("\n").map((line) => JSON.parse(line));
  assert.deepEqual(rows.map(({ row }) => row), [0, 1, 2, 3, 4]);
  assert.match(planned.err, /\n5 rows buy:\n/);
  const later = await run(["plan", "--config", "metro", "--count", "2", "--start", "3"], typed);
  assert.deepEqual(later.out, planned.out.split("\n").slice(3).join("\n"));
  const names = await Array.fromAsync(Deno.readDir(from.path), ({ name }) => name);
  assert.deepEqual(names, ["metro"], "plan wrote something");

  await run([...WORDS, "--model", "simulated:faithful", "--count", "5"], typed);
  const records = await recordsIn(await onlyRun(join(from.path, "out")));
  const asked = records.map(({ row, attributes, requestedWords }) => ({
    row,
    attributes,
    requestedWords,
  }));
  assert.deepEqual(asked.sort((a, b) => a.row - b.row), rows);
});

Deno.test("draw factors and a corrected length are said before rows are made", async () => {
  await using from = await folderWithConfig();
  await write(from.path, {
    "metro/injections/topic.json": [
      { topic: "Tickets", "frequency score": 3 },
      { topic: "Delays", "frequency score": 1, "draw factor": 2 },
    ],
  });
  const { code, err } = await run(
    [...WORDS, "--model", "simulated:faithful", "--count", "1", "--run", "mine"],
    { from: from.path },
  );
  assert.equal(code, 0);
  assert.match(err, /^Drawn with a correction .*: topic$/m);
  // One row alone shows its attributes.
  assert.match(err, /^ {2}tone +topic +asked {2}got$/m);
  assert.match(
    err,
    /→ out\/mine\nNext: deno task analyze out\/mine\nThen: deno task export out\/mine --format/,
  );
});

Deno.test({
  name: "where nobody reads what is said, rows are made all the same",
  ignore: Deno.build.os === "windows",
  async fn() {
    await using from = await folderWithConfig();
    const words = [...WORDS, "--model", "simulated:faithful", "--count", "30"];
    const child = commandOf(words, { from: from.path }).spawn();
    await child.stderr.cancel();
    await child.stdout.cancel();
    assert.equal((await child.status).code, 0);
    assert.equal((await recordsIn(await onlyRun(join(from.path, "out")))).length, 30);
  },
});
