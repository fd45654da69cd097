/** The notebooks in the real Deno kernel. */
import assert from "node:assert/strict";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { setTimeout as delay } from "node:timers/promises";
import { lengthFindings } from "../../src/analysis/lengths/lengths.ts";
import { readRows } from "../../src/analysis/reading/read_rows.ts";
import { askedGotChart } from "../../src/charts/asked_got.ts";
import { svgFile } from "../../src/notebook/svg_file.ts";
import { plan } from "../../src/plan/plan.ts";
import { writeManifest } from "../../src/run/log/manifest.ts";
import { readRun } from "../../src/run/log/read.ts";
import { slow, startEndpoint } from "../endpoint.ts";
import { config, manifest, record, temporaryFolder } from "../run/fixtures.ts";
import { type Executed, type Message, startKernel } from "./kernel.ts";
import { readNotebook } from "./notebook_file.ts";

const NOTEBOOKS = fileURLToPath(new URL("../../notebooks", import.meta.url));

/** Kernels find no keys and no choice of a model in the environment of the tests. */
const CLEAN = {
  PLUMBLINE_MODEL: "simulated:faithful",
  OPENAI_API_KEY: "",
  OPENAI_BASE_URL: "",
  AZURE_OPENAI_ENDPOINT: "",
};

/** The MIME types of a message's data, richest first; a stream's or an error's own type. */
function kind({ header, content }: Message): string {
  const { data } = content;
  if (typeof data !== "object" || data === null) return header.msg_type;
  const types = ["text/html", "text/markdown", "text/plain"].filter((type) => type in data);
  return `${header.msg_type} ${types[0]}`;
}

/** What a page shows in the end of each type: updates replace what they update. */
function shown(executed: Executed, type = "text/plain"): string {
  const texts = new Map<string, string>();
  for (const { header, content } of executed.outputs) {
    const { data, transient, text } = content;
    const id = field(transient, "display_id") ?? header.msg_id;
    texts.set(id, field(data, type) ?? (typeof text === "string" ? text : ""));
  }
  return Array.from(texts.values()).join("\n");
}

function field(value: unknown, name: string): string | undefined {
  if (typeof value !== "object" || value === null) return undefined;
  const found = Object.entries(value).find(([key]) => key === name)?.[1];
  return typeof found === "string" ? found : undefined;
}

function assertOk(executed: Executed, name: string): void {
  const { evalue = "", traceback = "" } = executed.reply;
  assert.equal(executed.status, "ok", `cell ${name}: ${evalue}\n${traceback}`);
}

Deno.test("01_generate.ipynb runs from top to bottom: every output there, none late", async () => {
  const output = await Deno.makeTempDir();
  const { cells } = await readNotebook(join(NOTEBOOKS, "01_generate.ipynb"));
  const results = new Map<string, Executed>();
  {
    await using kernel = await startKernel({ cwd: NOTEBOOKS, env: CLEAN });
    for (const { id, tags, source } of cells) {
      results.set(id, await kernel.execute(source));
      if (!tags.includes("parameters")) continue;
      const folder = await kernel.execute(`const output = ${JSON.stringify(output)};`);
      assertOk(folder, "output");
    }
    await delay(100);
    assert.deepEqual(kernel.stray.map(kind), []);
  }
  const expected: Record<string, string[]> = {
    parameters: [],
    config: ["display_data text/markdown"],
    weights: ["display_data text/html", "display_data text/html"],
    preview: ["display_data text/html"],
    rows: ["display_data text/html"],
  };
  for (const [id, executed] of results) {
    assertOk(executed, id);
    assert.deepEqual(executed.late.map(kind), [], `late outputs of ${id}`);
    if (id === "generate") continue;
    assert.deepEqual(executed.outputs.map(kind), expected[id], `outputs of ${id}`);
  }
  const generate = results.get("generate");
  const rows = results.get("rows");
  assert.ok(generate !== undefined && rows !== undefined);
  const kinds = new Set(generate.outputs.map(kind));
  assert.deepEqual([...kinds].sort(), [
    "display_data text/html",
    "display_data text/plain",
    "update_display_data text/html",
  ]);
  assert.match(shown(generate), /composed by simulated:faithful: no language model/);
  assert.match(shown(generate), /^20\/20 /m);
  assert.match(shown(generate), /20 planned = \d+ ok.* \+ 0 pending → /);
  assert.equal(shown(rows, "text/html").match(/<tr>/g)?.length, 21);
  await Deno.remove(output, { recursive: true });
});

/** By notebook: its cells in order, and how many tables and charts each shows of the example run. */
const SHOWN: Record<string, Record<string, number>> = {
  "02_overused_words.ipynb": {
    parameters: 0,
    read: 1,
    template: 1,
    spread: 1,
    marked: 1,
    openings: 1,
    endings: 1,
    values: 1,
    reference: 1,
  },
  "03_distributions.ipynb": {
    parameters: 0,
    read: 1,
    distances: 1,
    shares: 4,
    confusion: 1,
    lengths: 3,
    lost: 1,
    repeats: 2,
    coverage: 3,
  },
};

for (const [name, expected] of Object.entries(SHOWN)) {
  Deno.test(`${name} runs from top to bottom on the example run: every output there, none late`, async () => {
    const { cells } = await readNotebook(join(NOTEBOOKS, name));
    const results = new Map<string, Executed>();
    {
      await using kernel = await startKernel({ cwd: NOTEBOOKS, env: CLEAN });
      for (const { id, source } of cells) results.set(id, await kernel.execute(source));
      await delay(100);
      assert.deepEqual(kernel.stray.map(kind), []);
    }
    assert.deepEqual(Array.from(results.keys()), Object.keys(expected));
    for (const [id, executed] of results) {
      assertOk(executed, id);
      assert.deepEqual(executed.late.map(kind), [], `late outputs of ${id}`);
      const shows = Array<string>(expected[id] ?? 0).fill("display_data text/html");
      assert.deepEqual(executed.outputs.map(kind), shows, `outputs of ${id}`);
      assert.doesNotMatch(shown(executed), /NaN|undefined/, `words of ${id}`);
    }
  });
}

for (const name of Object.keys(SHOWN)) {
  Deno.test(`${name} reads rows in the language of the findings where none was asked for`, async () => {
    await using folder = await temporaryFolder();
    await writeManifest(folder.path, manifest(60));
    const lines = Array.from({ length: 60 }, (_, row) => {
      const text = `When will the train number ${row} leave from here tomorrow?`;
      const { attributes } = plan(config(), { seed: 1, sampling: "even" })(row);
      return JSON.stringify(record(row, { text, attributes, words: 10 })) + "\n";
    });
    await Deno.writeTextFile(join(folder.path, "records.jsonl"), lines.join(""));
    const { cells } = await readNotebook(join(NOTEBOOKS, name));
    const read = cells.find(({ id }) => id === "read");
    await using kernel = await startKernel({ cwd: NOTEBOOKS, env: CLEAN });
    assertOk(await kernel.execute(`const name = ${JSON.stringify(folder.path)};`), "parameters");
    assertOk(await kernel.execute(read?.source ?? ""), "read");
    const told = await kernel.execute(
      "await show([corpus.languages, findings.languages.map(({ language }) => language)].join());",
    );
    assert.equal(shown(told), "en,en");
  });
}

Deno.test("the picture of the example run is the chart that the notebook draws", async () => {
  const folder = join(NOTEBOOKS, "example-run");
  const run = await readRun(folder);
  const { corpus } = await readRows(run);
  const { config, sampling } = run.manifest;
  const length = lengthFindings(corpus, { length: config.length, sampling });
  const picture = await Deno.readTextFile(join(folder, "lengths.svg"));
  assert.equal(picture, svgFile(askedGotChart({ length }, corpus)));
});

Deno.test("after a fault in the config every cell ends with an error that names what is missing", async () => {
  const { cells } = await readNotebook(join(NOTEBOOKS, "01_generate.ipynb"));
  await using kernel = await startKernel({ cwd: NOTEBOOKS, env: CLEAN });
  for (const { id, tags, source } of cells) {
    const executed = await kernel.execute(source);
    if (tags.includes("parameters")) {
      assertOk(await kernel.execute('const folder = "no/such/config";'), "folder");
      continue;
    }
    assert.equal(executed.status, "error", `cell ${id}`);
    assert.deepEqual(executed.outputs.map(kind), ["error"]);
    const wanted = id === "config"
      ? /no\/such\/config/
      : id === "rows"
      ? /run is not defined/
      : /config is not defined/;
    assert.match(String(executed.reply.evalue), wanted);
  }
});

Deno.test("the stop button ends a run within half a second, rows and state kept", async () => {
  const output = await Deno.makeTempDir();
  let latency = 0;
  {
    await using endpoint = await startEndpoint({
      script: ({ number }) => slow(number <= 8 ? 0 : latency),
    });
    latency = 10_000;
    await using kernel = await startKernel({
      cwd: NOTEBOOKS,
      env: { ...CLEAN, PLUMBLINE_MODEL: "openai:m", OPENAI_BASE_URL: endpoint.baseURL },
    });
    assertOk(
      await kernel.execute(
        'import { generateHere, loadConfig, show } from "plumbline";\n' +
          'const config = await loadConfig("config");',
      ),
      "config",
    );
    const running = kernel.execute(
      "const run = await generateHere(config, " +
        `{ count: 400, concurrency: 4, output: ${JSON.stringify(output)} });`,
    );
    // Eight rows have come, four calls are out and won't come back soon.
    while (endpoint.inFlight < 4 || endpoint.requests < 12) await delay(10);
    const pressed = performance.now();
    kernel.interrupt();
    const stopped = await running;
    const took = performance.now() - pressed;
    assertOk(stopped, "run");
    assert.deepEqual(stopped.late, []);
    // A quarter of a second by the clock; a machine that is busy with other tests gets more.
    assert.ok(took < 2_000, `it took ${took} ms`);
    assert.match(shown(stopped), /Stopped\. To go on: run the cell again\./);

    const asked = endpoint.requests;
    const state = await kernel.execute(
      "await show([run.rows.length, run.counts.pending, run.stopped].join());",
    );
    assertOk(state, "state");
    const [rows = "", pending = "", word] = shown(state).split(",");
    assert.equal(Number(rows) + Number(pending), 400);
    assert.equal(Number(rows), 8);
    assert.equal(word, "interrupted");
    assert.equal(endpoint.requests, asked, "asked on after the stop");

    // The kernel lives through more of it, running or not.
    kernel.interrupt();
    await delay(100);
    latency = 5;
    const again = kernel.execute(
      `const more = await generateHere(config, { count: 400, output: ${JSON.stringify(output)} });`,
    );
    while (endpoint.requests < asked + 20) await delay(10);
    kernel.interrupt();
    assertOk(await again, "again");
    const after = await kernel.execute("await show(more.rows.length - run.rows.length);");
    assertOk(after, "after");
    assert.ok(Number(shown(after)) > 0, shown(after));
  }
  await Deno.remove(output, { recursive: true });
});

Deno.test("a stop with nothing running is answered in words", async () => {
  await using kernel = await startKernel({ cwd: NOTEBOOKS, env: CLEAN });
  assertOk(await kernel.execute('import { show } from "plumbline";'), "import");
  const waiting = kernel.execute("await new Promise((done) => setTimeout(done, 300));");
  await delay(100);
  kernel.interrupt();
  const executed = await waiting;
  assertOk(executed, "waiting");
  assert.match(shown(executed), /Nothing runs here that can be stopped/);
});

Deno.test("forty shown values arrive, each under its cell", async () => {
  const cells: Executed[] = [];
  {
    await using kernel = await startKernel({ cwd: NOTEBOOKS, env: CLEAN });
    assertOk(await kernel.execute('import { show } from "plumbline";'), "import");
    for (let n = 0; n < 40; n++) {
      cells.push(await kernel.execute(`await show([{ n: ${n} }]);`));
    }
  }
  cells.forEach((cell, n) => {
    assertOk(cell, `${n}`);
    assert.equal(shown(cell), `${n < 10 ? "n" : " n"}\n${n}`);
    assert.deepEqual(cell.late, []);
  });
});

Deno.test("a large output leaves the kernel able to speak", async () => {
  await using kernel = await startKernel({ cwd: NOTEBOOKS, env: CLEAN });
  const large = await kernel.execute(
    'import { show } from "plumbline";\n' +
      'await show(Array.from({ length: 5_000 }, () => ({ a: "x".repeat(1e6), b: "<".repeat(1e6) })), ' +
      "{ maxRows: 50 });",
  );
  assertOk(large, "large");
  assert.equal(large.outputs.length, 1);
  assert.equal(shown(await kernel.execute('await show("after");')), "after");
});

Deno.test("a fault in a cell is shown as one", async () => {
  await using kernel = await startKernel({ cwd: NOTEBOOKS, env: CLEAN });
  const bad = await kernel.execute('throw new Error("bad");');
  assert.equal(bad.status, "error");
  assert.equal(bad.reply.evalue, "bad");
  assert.deepEqual(bad.outputs.map(kind), ["error"]);
  assert.equal((await kernel.execute("const x = ;")).status, "error");
});
