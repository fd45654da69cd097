import assert from "node:assert/strict";
import { join } from "node:path";
import { type Endpoint, hang, ok, slow, startEndpoint } from "../endpoint.ts";
import {
  bareEnvironment,
  CHECKOUT,
  folderWithConfig,
  onlyRun,
  recordsIn,
  run,
  start,
  type Typed,
  until,
} from "./command_line.ts";

const ROWS = 24;
const IN_FLIGHT = 4;
const LATENCY_MS = 200;
const WORDS = ["generate", "--config", "metro", "--output", "out", "--model", "openai:m"].concat(
  ["--concurrency", String(IN_FLIGHT), "--count", String(ROWS)],
);
const windows = Deno.build.os === "windows";

function typedIn(folder: string, endpoint: Endpoint): Typed {
  return { from: folder, env: { OPENAI_BASE_URL: endpoint.baseURL } };
}

/** All rows are there once, and no call was wasted. */
async function finishes(typed: Typed, endpoint: Endpoint): Promise<void> {
  const { code, err } = await run([...WORDS, "--concurrency", "24"], typed);
  assert.equal(code, 0, err);
  assert.match(err, new RegExp(`${ROWS} planned = ${ROWS} ok \\+ 0 pending`));
  const rows = (await recordsIn(await onlyRun(join(typed.from, "out")))).map(({ row }) => row);
  assert.deepEqual(rows.sort((a, b) => a - b), [...Array(ROWS).keys()]);
  assert(endpoint.requests >= ROWS);
}

/** What is promised after one Ctrl-C: calls in flight are recorded, the rest is pending. */
async function checkStopped(err: string, code: number, folder: string): Promise<number> {
  assert.equal(code, 130, err);
  assert.match(err, /^Stopping: \d calls? still out; again to leave them\.$/m);
  assert.match(err, /^Interrupted\. To go on: the same command again\.$/m);
  const counts = /^(\d+) planned = (\d+) ok \+ (\d+) pending/m.exec(err)?.slice(1).map(Number);
  const records = await recordsIn(await onlyRun(join(folder, "out")));
  assert.deepEqual(counts, [ROWS, records.length, ROWS - records.length]);
  assert(records.length < ROWS);
  return records.length;
}

Deno.test({
  name: "Ctrl-C, sent to all processes and passed on again: calls in flight end, exit 130",
  ignore: windows,
  async fn() {
    await using from = await folderWithConfig();
    await using endpoint = await startEndpoint({ latencyMs: LATENCY_MS });
    const typed = { ...typedIn(from.path, endpoint), inGroup: true };
    const started = start(WORDS, typed);
    await until("calls are out", () => endpoint.requests > IN_FLIGHT);
    // A terminal sends it to the group, npx to its child, the launcher to its own: one Ctrl-C.
    Deno.kill(-started.pid, "SIGINT");
    started.kill("SIGINT");
    await new Promise((resolve) => setTimeout(resolve, 50));
    started.kill("SIGINT");
    const { code, out, err } = await started.ended;
    assert.equal(out, "");
    const recorded = await checkStopped(err, code, from.path);
    assert.equal(recorded, endpoint.requests, "a call in flight was left");
    assert(!err.includes("\r") && !err.includes("\x1b"));
    await finishes(typed, endpoint);
    assert.equal(endpoint.requests, ROWS, "a row was asked twice");
  },
});

Deno.test({
  name: "a second Ctrl-C leaves the calls in flight at once; their rows are asked again",
  ignore: windows,
  async fn() {
    await using from = await folderWithConfig();
    let hangs = true;
    await using endpoint = await startEndpoint({
      script: ({ number }) => hangs && number > IN_FLIGHT ? hang() : ok(),
    });
    const typed = typedIn(from.path, endpoint);
    const started = start(WORDS, typed);
    await until("all calls hang", () => endpoint.requests === 2 * IN_FLIGHT);
    started.kill("SIGINT");
    await until("it says so", () => started.err.includes("Stopping"));
    // Signals within half a second are one.
    await new Promise((resolve) => setTimeout(resolve, 600));
    started.kill("SIGTERM");
    const { code, err } = await started.ended;
    assert.equal(await checkStopped(err, code, from.path), IN_FLIGHT);
    hangs = false;
    await finishes(typed, endpoint);
    assert.equal(endpoint.requests, ROWS + IN_FLIGHT);
  },
});

Deno.test({
  name: "Ctrl-C in a terminal, through deno task: the line is drawn, the message stands below it",
  ignore: windows || !await hasTerminals(),
  async fn() {
    await using from = await folderWithConfig();
    await using endpoint = await startEndpoint({ script: () => slow(LATENCY_MS) });
    const typed = typedIn(from.path, endpoint);
    const words = [Deno.execPath(), "task", "--quiet", "--config", join(CHECKOUT, "deno.json")];
    const terminal = new Deno.Command("python3", {
      args: ["-c", TERMINAL, ...words, ...WORDS],
      cwd: from.path,
      env: { ...bareEnvironment(), ...typed.env, TERM: "xterm" },
      clearEnv: true,
      stdin: "piped",
      stdout: "piped",
    }).spawn();
    const shown = new Response(terminal.stdout).text();
    await until("calls are out", () => endpoint.requests > IN_FLIGHT);
    await terminal.stdin.close();
    const { code } = await terminal.status;
    const text = (await shown).replaceAll("\r\n", "\n");
    const lines = text.split("\n");
    assert.match(
      text.replaceAll("\x1b[K", "<"),
      /\r {2}\d+\/24 {2}[^\r\n]* [1-4] in flight [^\r\n]* left {2}\d+ tokens</,
    );
    assert(lines.some((line) => /^Stopping: \d calls? still out/.test(line)), text);
    const plain = text.replaceAll(/^.*\r/gm, "");
    await checkStopped(plain, code, from.path);
    await finishes(typed, endpoint);
    assert.equal(endpoint.requests, ROWS);
  },
});

/** Runs its arguments in a terminal of its own; at the end of its input it types Ctrl-C. */
const TERMINAL = `
import os, pty, select, sys
pid, fd = pty.fork()
if pid == 0:
    os.execvp(sys.argv[1], sys.argv[1:])
watched = [fd, 0]
while True:
    ready = select.select(watched, [], [])[0]
    if 0 in ready:
        os.read(0, 1)
        watched = [fd]
        os.write(fd, b"\\x03")
    if fd in ready:
        try:
            data = os.read(fd, 65536)
        except OSError:
            data = b""
        if not data:
            break
        os.write(1, data)
sys.exit(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]))
`;

async function hasTerminals(): Promise<boolean> {
  try {
    const python = new Deno.Command("python3", { args: ["-c", "import pty; pty.openpty()"] });
    return (await python.output()).success;
  } catch {
    return false;
  }
}

Deno.test(
  "Ctrl-C while the local model loads says so, and nothing was asked",
  { ignore: windows },
  async () => {
    await using folder = await folderWithConfig();
    await Deno.writeTextFile(join(folder.path, "none.gguf"), "no model");
    const words = [
      "generate",
      "--config",
      "metro",
      "--output",
      "out",
      "--model",
      "local:none.gguf",
    ];
    const typed = start(words, { from: folder.path });
    await until("it has begun", () => typed.err.includes("Rows come from local:none.gguf"));
    typed.kill("SIGINT");
    const { code, err } = await typed.ended;
    assert.equal(code, 130, err);
    assert.match(err, /^Stopping\. Nothing was asked\.$/m);
  },
);
