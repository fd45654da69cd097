import assert from "node:assert/strict";
import { join, matchesGlob, relative } from "node:path";
import {
  bareEnvironment,
  CHECKOUT,
  folder,
  projectIn,
  recordsIn,
  until,
  write,
} from "./command_line.ts";

/** What these tests look at in `.vscode/`. */
interface Launch {
  name: string;
  cwd: string;
  runtimeExecutable: string;
  runtimeArgs: string[];
  program: string;
  args?: string[];
  env?: Record<string, string>;
  preLaunchTask?: string;
  attachSimplePort: number;
}

async function readEditorFile(name: string) {
  return JSON.parse(await Deno.readTextFile(join(CHECKOUT, ".vscode", name)));
}

async function configuration(name: string): Promise<Launch> {
  const { configurations } = await readEditorFile("launch.json");
  const found = configurations.find((each: Launch) => each.name === name);
  assert(found !== undefined, name);
  return found;
}

/** A configuration's process as the editor starts it in a project. */
function processOf(
  configuration: Launch,
  place: { project: string; file?: string; env?: Record<string, string> },
): Deno.Command {
  assert.equal(configuration.runtimeExecutable, "deno");
  const filledIn = (text: string) =>
    text.replaceAll("${workspaceFolder}", place.project).replaceAll("${file}", place.file ?? "");
  const { runtimeArgs, program, args = [], cwd, env = {} } = configuration;
  return new Deno.Command(Deno.execPath(), {
    args: [...runtimeArgs, program, ...args].map(filledIn),
    cwd: filledIn(cwd),
    env: { ...bareEnvironment(), NO_COLOR: "1", ...env, ...place.env },
    clearEnv: true,
    stdin: "null",
    stdout: "piped",
    stderr: "piped",
  });
}

/** A copy of the project whose rows need no key. */
async function projectToDebug(root: string): Promise<string> {
  const project = await projectIn(root);
  await write(project, { "config/settings.json": { model: "simulated:faithful" } });
  return project;
}

function freePort(): number {
  using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  return listener.addr.port;
}

interface Debugged {
  url: string;
  webSocketDebuggerUrl: string;
}

/** The process that waits for a debugger at a port, once it does. */
async function waitingAt(port: number): Promise<Debugged> {
  let found: Debugged | undefined;
  await until(`something waits at port ${port}`, async () => {
    try {
      found = (await (await fetch(`http://127.0.0.1:${port}/json`)).json())[0];
    } catch {
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    return found !== undefined;
  });
  assert(found !== undefined);
  return found;
}

/** A process that a test which fails doesn't leave behind: it would wait for ever. */
function endedWithTest(
  command: Deno.Command,
): { output: Promise<Deno.CommandOutput> } & AsyncDisposable {
  const child = command.spawn();
  const output = child.output();
  let running = true;
  output.finally(() => running = false);
  return {
    output,
    async [Symbol.asyncDispose]() {
      if (running) child.kill("SIGTERM");
      await output;
    },
  };
}

/** Attaches as a debugger does, lets the process go on, and leaves once it is through. */
async function letGo({ webSocketDebuggerUrl }: Debugged): Promise<void> {
  const socket = new WebSocket(webSocketDebuggerUrl);
  const closed = new Promise((resolve) => socket.onclose = resolve);
  await new Promise((resolve) => socket.onopen = resolve);
  const through = new Promise<unknown>((resolve) => {
    socket.addEventListener("close", resolve);
    socket.onmessage = ({ data }) => {
      if (JSON.parse(data).method === "Runtime.executionContextDestroyed") resolve(null);
    };
  });
  socket.send(JSON.stringify({ id: 1, method: "Runtime.enable" }));
  socket.send(JSON.stringify({ id: 2, method: "Runtime.runIfWaitingForDebugger" }));
  // A process that is through waits for its debugger to leave.
  await through;
  socket.close();
  await closed;
}

Deno.test("the editor's Generate Synthetic Data makes one row, each time anew", async () => {
  await using root = await folder();
  const project = await projectToDebug(root.path);
  const launch = await configuration("Generate Synthetic Data");
  const { tasks } = await readEditorFile("tasks.json");
  const before = tasks.find(({ label }: { label: string }) => label === launch.preLaunchTask);
  assert.equal(before?.command, "deno");
  for (let time = 0; time < 2; time++) {
    const cleared = new Deno.Command(Deno.execPath(), { args: before.args, cwd: project });
    assert.equal((await cleared.output()).code, 0);
    const { code, stderr } = await processOf(launch, { project, env: { PLUMBLINE_INSPECT: "" } })
      .output();
    const said = new TextDecoder().decode(stderr);
    assert.equal(code, 0, said);
    assert.match(said, /\n1 planned = 1 ok \+ 0 pending/);
    const runs = await Array.fromAsync(Deno.readDir(join(project, "output/debug")));
    assert.equal(runs.length, 1);
    const rows = await recordsIn(join(project, "output/debug", runs[0]?.name ?? ""));
    assert.equal(rows.length, 1);
  }
});

Deno.test("the process that does the work waits for the debugger that the launcher was told of", async () => {
  await using root = await folder();
  const project = await projectToDebug(root.path);
  const launch = await configuration("Generate Synthetic Data");
  assert.equal(launch.env?.["PLUMBLINE_INSPECT"], `127.0.0.1:${launch.attachSimplePort}`);
  const port = freePort();
  const env = { PLUMBLINE_INSPECT: `127.0.0.1:${port}` };
  await using child = endedWithTest(processOf(launch, { project, env }));
  const { output } = child;
  const debugged = await waitingAt(port);
  assert.match(debugged.url, /\/src\/cli\.ts$/);
  await assert.rejects(Deno.stat(join(project, "output/debug")), Deno.errors.NotFound);
  await letGo(debugged);
  const { code, stderr } = await output;
  const said = new TextDecoder().decode(stderr);
  assert.equal(code, 0, said);
  assert.match(said, /Waiting for a debugger at 127\.0\.0\.1:\d+[^]*\n1 planned = 1 ok/);
});

Deno.test("the editor's Test This File waits for the debugger, then runs the tests of the file", async () => {
  await using root = await folder();
  const file = join(root.path, "small_test.ts");
  await write(root.path, { "small_test.ts": 'Deno.test("is run", () => {});\n' });
  const launch = await configuration("Test This File");
  const port = freePort();
  const at = `127.0.0.1:${launch.attachSimplePort}`;
  const runtimeArgs = launch.runtimeArgs.map((word) => word.replace(at, `127.0.0.1:${port}`));
  assert.notDeepEqual(runtimeArgs, launch.runtimeArgs);
  await using child = endedWithTest(
    processOf({ ...launch, runtimeArgs }, { project: CHECKOUT, file }),
  );
  const { output } = child;
  await letGo(await waitingAt(port));
  const { code, stdout } = await output;
  assert.equal(code, 0);
  assert.match(new TextDecoder().decode(stdout), /is run \.\.\. ok/);
});

/** The schema that the editor takes for a file of the project, by its address; null for none. */
async function schemaFor(path: string): Promise<string | null> {
  const settings = await readEditorFile("settings.json");
  const entries: { fileMatch: string[]; url: string }[] = settings["json.schemas"];
  const matching = entries.filter(({ fileMatch }) => {
    const last = fileMatch.findLast((glob) => matchesGlob(path, glob.replace(/^!/, "")));
    return last !== undefined && !last.startsWith("!");
  });
  assert(matching.length <= 1, path);
  return matching[0]?.url ?? null;
}

Deno.test("each JSON file of a config folder has its schema in the editor, and no other file has", async () => {
  const folders = ["config", "config/nordic", "src/config/starter"];
  const seen: string[] = [];
  for (const folder of folders) {
    for (const inner of ["", "injections"]) {
      for await (const { name } of Deno.readDir(join(CHECKOUT, folder, inner))) {
        if (!name.endsWith(".json")) continue;
        const path = relative(CHECKOUT, join(CHECKOUT, folder, inner, name));
        const kind = inner === "injections"
          ? "injection"
          : name === "settings.json"
          ? "settings"
          : "length";
        assert.equal(await schemaFor(path), `./src/config/schemas/${kind}.schema.json`, path);
        seen.push(kind);
      }
    }
  }
  for (const kind of ["injection", "settings", "length"]) {
    assert(seen.filter((each) => each === kind).length >= folders.length);
    JSON.parse(await Deno.readTextFile(join(CHECKOUT, `src/config/schemas/${kind}.schema.json`)));
  }
  const length = "./src/config/schemas/length.schema.json";
  assert.equal(await schemaFor("metro/response_lengh_distrubution.json"), length);
  for (const other of [".vscode/settings.json", "deno.json", "output/metro-1/run.json"]) {
    assert.equal(await schemaFor(other), null, other);
  }
});

Deno.test("the editor is told which extensions the project is worked on with", async () => {
  const { recommendations } = await readEditorFile("extensions.json");
  assert(recommendations.includes("denoland.vscode-deno"));
  assert.equal((await readEditorFile("settings.json"))["deno.enable"], true);
});
