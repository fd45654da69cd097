import { join } from "node:path";
import { UserError } from "../../error.ts";

/** Starts a program with pipes for its three streams and this environment alone. */
export type Spawn = (
  args: string[],
  options: { env: Record<string, string> },
) => Deno.ChildProcess;

/** What {@linkcode startLocalServer} takes. */
export interface StartOptions {
  /** Path of the GGUF file. */
  weights: string;
  /** The name that the model is served by. */
  name: string;
  /** The project's folder. */
  project: string;
  /** The environment from which the harmless part is handed on: see {@linkcode serverEnvironment}. */
  env: Record<string, string | undefined>;
  /** Default: Deno itself. */
  spawn?: Spawn;
  /** Milliseconds until it must be ready, package download included; default 120,000. */
  readyMs?: number;
}

/** A server that runs. It also ends when this process ends, however that happens. */
export interface LocalServer {
  /** It answers at `http://127.0.0.1:<port>/v1`. */
  port: number;
  pid: number;
  /** Ends it and waits until it has ended. */
  close: () => Promise<void>;
}

/** Lines of its standard error that an error message repeats. */
const toldLines = 8;

/**
 * Starts the local model's server in a process of its own and waits until it has loaded the model.
 * Its binding needs ffi, and to run Deno for testing itself in a fork; it hears on 127.0.0.1 alone
 * and gets no keys.
 *
 * @throws {UserError} With exit code 3 where it ends before it is ready, or isn't ready in time.
 */
export async function startLocalServer(options: StartOptions): Promise<LocalServer> {
  const child = (options.spawn ?? spawnDeno)(serverArguments(options), {
    env: serverEnvironment(options.env),
  });
  const stderr = lastLines(child.stderr, toldLines);
  const ready = firstLine(child.stdout);
  const limit = options.readyMs ?? 120_000;
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<null>((resolve) => timer = setTimeout(() => resolve(null), limit));
  const line = await Promise.race([ready, late]);
  clearTimeout(timer);
  const port = line ? portOf(line) : null;
  if (port !== null) return { port, pid: child.pid, close: () => end(child, stderr) };

  // Without a line its output was closed: it is ending by itself, with an exit code to tell.
  if (line !== "") kill(child);
  await end(child, stderr);
  const what = line === null
    ? `wasn't ready within ${limit / 1000} s`
    : line === ""
    ? `ended before it was ready (exit code ${(await child.status).code})`
    : `began with "${line.slice(0, 80)}" instead of its port`;
  throw new UserError(
    [
      `The server of local:${options.name} ${what}.`,
      ...(await stderr).map((text) => `  ${text}`),
      "Other ways: set OPENAI_API_KEY; or OPENAI_BASE_URL for a server of your own; or",
      "--model simulated:faithful",
    ].join("\n"),
    { exitCode: 3 },
  );
}

/** The arguments with which Deno runs the server: its permissions are all here. */
export function serverArguments(
  { weights, name, project }: { weights: string; name: string; project: string },
): string[] {
  const folder = join(project, "src", "models", "local");
  return [
    "run",
    "--quiet",
    "--no-prompt",
    "--frozen",
    "--config",
    join(folder, "deno.json"),
    "--allow-ffi",
    "--allow-sys",
    "--allow-env",
    "--allow-read",
    "--allow-net=127.0.0.1",
    `--allow-run=${Deno.execPath()}`,
    join(folder, "server.ts"),
    weights,
    name,
  ];
}

const handedOn = [
  // What programs need to find their files.
  /^(HOME|PATH|PWD|TMPDIR|TMP|TEMP|LANG|LC_.*|XDG_.*)$/i,
  /^(USERPROFILE|HOMEDRIVE|HOMEPATH|LOCALAPPDATA|APPDATA|PROGRAMDATA|SYSTEMROOT|WINDIR|COMSPEC|PATHEXT)$/i,
  /^(NUMBER_OF_PROCESSORS|PROCESSOR_.*)$/i,
  // What Deno needs to bring the packages.
  /^(DENO|NPM_CONFIG)_.*$/i,
  /^(HTTP|HTTPS|ALL|NO)_PROXY$/i,
  /^(SSL_CERT_FILE|SSL_CERT_DIR|NODE_EXTRA_CA_CERTS)$/i,
];

/**
 * The part of an environment that the server gets: what it takes to find files and to bring
 * packages, never a key.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { serverEnvironment } from "./start.ts";
 * const env = serverEnvironment({ HOME: "/home/me", OPENAI_API_KEY: "secret" });
 * assert(Object.keys(env).join() === "HOME");
 * ```
 */
export function serverEnvironment(env: Record<string, string | undefined>): Record<string, string> {
  const kept: Record<string, string> = {};
  for (const [name, value] of Object.entries(env)) {
    if (value === undefined || /token|auth|secret|password|key/i.test(name)) continue;
    if (handedOn.some((pattern) => pattern.test(name))) kept[name] = value;
  }
  return kept;
}

function spawnDeno(args: string[], { env }: { env: Record<string, string> }): Deno.ChildProcess {
  return new Deno.Command(Deno.execPath(), {
    args,
    env,
    clearEnv: true,
    stdin: "piped",
    stdout: "piped",
    stderr: "piped",
  }).spawn();
}

function kill(child: Deno.ChildProcess): void {
  try {
    child.kill("SIGKILL");
  } catch {
    // It has ended already.
  }
}

async function end(child: Deno.ChildProcess, stderr: Promise<string[]>): Promise<void> {
  // It may be gone already, and its input with it.
  await child.stdin.close().catch(() => {});
  await child.status;
  await stderr;
}

function portOf(line: string): number | null {
  try {
    const ready: unknown = JSON.parse(line);
    if (typeof ready !== "object" || ready === null || !("port" in ready)) return null;
    return typeof ready.port === "number" ? ready.port : null;
  } catch {
    return null;
  }
}

/** The first line, or what there is of it at the end; the rest is read on and thrown away. */
function firstLine(stream: ReadableStream<Uint8Array>): Promise<string> {
  return new Promise((resolve) => {
    let text = "";
    const sink = new WritableStream<string>({
      write: (chunk) => {
        if (text.includes("\n")) return;
        text += chunk;
        if (text.includes("\n")) resolve(text.slice(0, text.indexOf("\n")));
      },
      close: () => resolve(text),
    });
    void stream.pipeThrough(new TextDecoderStream()).pipeTo(sink).catch(() => resolve(text));
  });
}

/** The last `count` lines that aren't empty, once the stream has ended. */
async function lastLines(stream: ReadableStream<Uint8Array>, count: number): Promise<string[]> {
  let text = "";
  for await (const chunk of stream.pipeThrough(new TextDecoderStream())) {
    text = (text + chunk).slice(-10_000);
  }
  return text.split("\n").filter((line) => line.trim() !== "").slice(-count);
}
