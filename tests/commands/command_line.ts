/**
 * The command line as a person has it: the launcher in a process of its own, typed in some folder,
 * with an environment that holds nothing but what a test puts into it.
 */
import { dirname, join, resolve } from "node:path";
import type { RowRecord } from "../../src/run/types.ts";

/** The checkout that the tests run in. */
export const CHECKOUT = resolve(import.meta.dirname ?? ".", "../..");

/** How a command is called. */
export interface Typed {
  /** The folder in which it is typed. */
  from: string;
  /** Variables beside those that programs need to be found. */
  env?: Record<string, string>;
  /** The project whose launcher is started; default: this checkout. */
  project?: string;
  /** Through `deno task`; default: as the tasks do, which is quicker by a process. */
  byTask?: boolean;
  /** In a group of processes of its own, as in a terminal: a signal can be sent to all of it. */
  inGroup?: boolean;
}

/** What a command came to. */
export interface Ended {
  code: number;
  out: string;
  err: string;
}

/** A command that runs. */
export interface Started {
  pid: number;
  /** What it has said so far. */
  readonly err: string;
  kill(signal: Deno.Signal): void;
  ended: Promise<Ended>;
}

/** A folder that goes away with its block. */
export async function folder(): Promise<{ path: string } & AsyncDisposable> {
  const path = await Deno.realPath(await Deno.makeTempDir({ prefix: "plumbline-typed-" }));
  return { path, [Symbol.asyncDispose]: () => Deno.remove(path, { recursive: true }) };
}

/** Writes files by their paths in `root`; what is no text is written as JSON. */
export async function write(root: string, files: Record<string, unknown>): Promise<void> {
  for (const [name, content] of Object.entries(files)) {
    const path = join(root, name);
    await Deno.mkdir(dirname(path), { recursive: true });
    await Deno.writeTextFile(
      path,
      typeof content === "string" ? content : JSON.stringify(content),
    );
  }
}

/** A config folder of two attributes; `fields` are its settings. */
export function configFiles(
  name: string,
  fields: Record<string, unknown> = {},
): Record<string, unknown> {
  return {
    [`${name}/context.txt`]: "Metro chat\n\nThe chat of a city's underground.",
    [`${name}/injections/topic.json`]: [
      { topic: "Tickets", "frequency score": 3 },
      { topic: "Delays", "frequency score": 1 },
    ],
    [`${name}/injections/tone.json`]: [
      { tone: "", "frequency score": 1 },
      { tone: "Angry", "frequency score": 1 },
    ],
    [`${name}/response_length_distribution.json`]: { mean: 2.5, sigma: 0.75, shift: 2 },
    [`${name}/settings.json`]: fields,
  };
}

/** A folder with the config folder `metro`. */
export async function folderWithConfig(
  fields: Record<string, unknown> = {},
): Promise<{ path: string } & AsyncDisposable> {
  const made = await folder();
  await write(made.path, configFiles("metro", fields));
  return made;
}

/** The environment that programs need to be found, and Deno to find its packages. */
export function bareEnvironment(): Record<string, string> {
  const names = ["PATH", "HOME", "DENO_DIR", "TMPDIR", "SYSTEMROOT", "USERPROFILE", "LOCALAPPDATA"];
  const env: Record<string, string> = {};
  for (const name of names) {
    const value = Deno.env.get(name);
    if (value !== undefined) env[name] = value;
  }
  return env;
}

/** The process of a command. */
export function commandOf(words: string[], typed: Typed): Deno.Command {
  const { from, env = {}, project = CHECKOUT, byTask = false, inGroup = false } = typed;
  const task = ["task", "--quiet", "--config", join(project, "deno.json"), ...words];
  const launcher = ["run", "-RE", "--allow-run", join(project, "src", "launch.ts"), ...words];
  return new Deno.Command(Deno.execPath(), {
    args: byTask ? task : launcher,
    cwd: from,
    env: { ...bareEnvironment(), ...env },
    clearEnv: true,
    detached: inGroup,
    stdin: "null",
    stdout: "piped",
    stderr: "piped",
  });
}

/** Runs a command to its end. */
export async function run(words: string[], typed: Typed): Promise<Ended> {
  const { code, stdout, stderr } = await commandOf(words, typed).output();
  const [out = "", err = ""] = [stdout, stderr].map((bytes) => new TextDecoder().decode(bytes));
  return { code, out, err };
}

/** Starts a command that a test does something to while it runs. */
export function start(words: string[], typed: Typed): Started {
  const child = commandOf(words, typed).spawn();
  let out = "";
  let err = "";
  const reading = [
    read(child.stdout, (text) => out += text),
    read(child.stderr, (text) => err += text),
  ];
  return {
    pid: child.pid,
    get err() {
      return err;
    },
    kill: (signal) => child.kill(signal),
    ended: Promise.all([child.status, ...reading]).then(([{ code }]) => ({ code, out, err })),
  };
}

async function read(
  stream: ReadableStream<Uint8Array>,
  take: (text: string) => void,
): Promise<void> {
  for await (const text of stream.pipeThrough(new TextDecoderStream())) take(text);
}

/** Waits until something holds, looking every few milliseconds; a test that never gets there fails. */
export async function until(what: string, holds: () => boolean | Promise<boolean>): Promise<void> {
  for (let tries = 0; tries < 4_000; tries++) {
    if (await holds()) return;
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  throw new Error(`Waited in vain until ${what}`);
}

/** The processes that a process has started. */
export async function childrenOf(pid: number): Promise<number[]> {
  const { stdout } = await new Deno.Command("ps", { args: ["-A", "-o", "pid=,ppid="] }).output();
  return new TextDecoder().decode(stdout).split("\n")
    .map((line) => line.trim().split(/\s+/).map(Number))
    .flatMap(([child, parent]) => parent === pid && child !== undefined ? [child] : []);
}

/** The records of a run's folder, in the order in which they were written. */
export async function recordsIn(run: string): Promise<RowRecord[]> {
  const lines = (await Deno.readTextFile(join(run, "records.jsonl"))).split("\n");
  return lines.filter((line) => line !== "").map((line) => JSON.parse(line));
}

/** The one run in a folder of runs. */
export async function onlyRun(output: string): Promise<string> {
  const names = await Array.fromAsync(Deno.readDir(output), ({ name }) => name);
  if (names.length !== 1) throw new Error(`${output} holds ${names.join(", ") || "nothing"}`);
  return join(output, names[0] ?? "");
}

/**
 * A project of its own: this checkout's sources and tasks, with room for its own config, `.env` and
 * output.
 */
export async function projectIn(root: string): Promise<string> {
  const project = join(root, "project");
  await Deno.mkdir(project);
  for (const name of ["deno.json", "deno.lock"]) {
    await Deno.copyFile(join(CHECKOUT, name), join(project, name));
  }
  await copyFolder(join(CHECKOUT, "src"), join(project, "src"));
  await write(project, configFiles("config"));
  return project;
}

async function copyFolder(from: string, to: string): Promise<void> {
  await Deno.mkdir(to);
  for await (const entry of Deno.readDir(from)) {
    const copy = entry.isDirectory ? copyFolder : Deno.copyFile;
    if (entry.name !== "node_modules") await copy(join(from, entry.name), join(to, entry.name));
  }
}
