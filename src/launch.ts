/**
 * What every task starts: checks the call, works out what it may reach, starts the local model
 * where one is needed, and runs `cli.ts` with permissions for just that.
 */
import { join, resolve } from "node:path";
import type { Access } from "./commands/command.ts";
import { readEnvironment } from "./models/endpoint/env_files.ts";
import { parseWords } from "./commands/program.ts";
import { say } from "./commands/say.ts";
import { LOCAL_ADDRESS } from "./models/endpoint/environment.ts";
import type { RunningModel } from "./models/local_model.ts";
import { UserError } from "./error.ts";
import { permissionFlags, withLinkedFolders } from "./permissions.ts";

const project = join(import.meta.dirname ?? ".", "..");
// A task is started in the project's folder and told where it was typed.
const typedIn = resolve(Deno.env.get("INIT_CWD") ?? "");

/** `HOST:PORT` where the process that does the work waits for a debugger; unset: it doesn't. */
const inspect = Deno.env.get("PLUMBLINE_INSPECT") ?? "";

const signals: Deno.Signal[] = Deno.build.os === "windows" ? ["SIGINT"] : ["SIGINT", "SIGTERM"];

/** The process that does the work, once there is one. */
let child: Deno.ChildProcess | null = null;

try {
  Deno.exitCode = await launch(Deno.args);
} catch (error) {
  if (!(error instanceof UserError)) throw error;
  say(error.message);
  Deno.exitCode = error.exitCode;
}
Deno.exit();

async function launch(words: string[]): Promise<number> {
  const typed = await parseWords(words);
  if ("exitCode" in typed) return typed.exitCode;
  const env = readEnvironment({ typedIn, project, env: Deno.env.toObject() });
  const { spec, parsed } = typed;
  const invocation = { parsed, env, typedIn, project };
  if (spec.launch !== undefined) return await spec.launch(invocation);
  listenForSignals();
  const { handedOn = {}, withoutLocalModel, ...wanted } = await spec.prepare(invocation);
  const access = { ...wanted, env: [...wanted.env, ...Object.keys(handedOn)] };
  const wholeEnv = { ...env, ...handedOn };
  if (access.localModel === null) return await runCommand(words, access, wholeEnv);
  let server: RunningModel;
  try {
    const { startLocalModel } = await import("./models/local_model.ts");
    server = await startLocalModel(access.localModel, { env, project, from: typedIn });
  } catch (error) {
    if (!(error instanceof UserError) || withoutLocalModel === undefined) throw error;
    return withoutLocalModel(error);
  }
  try {
    return await runCommand(
      words,
      { ...access, net: [...access.net, server.host], env: [...access.env, LOCAL_ADDRESS] },
      { ...wholeEnv, [LOCAL_ADDRESS]: server.address },
    );
  } finally {
    await server.close();
  }
}

/**
 * Signals are the business of the process that does the work, so they are passed on and end nothing
 * here. Before there is one nothing was asked: a local model that is being fetched or loaded is left.
 */
function listenForSignals(): void {
  for (const signal of signals) {
    Deno.addSignalListener(signal, () => {
      if (child === null) {
        say("Stopping. Nothing was asked.");
        Deno.exit(130);
      }
      try {
        child.kill(signal);
      } catch {
        // It has ended already.
      }
    });
  }
}

/**
 * Runs `cli.ts` and gives its exit code.
 *
 * How its heap grows is set by the task, in `DENO_V8_FLAGS`, which both processes find: V8 throws away
 * compiled code that was kept under other flags, so with flags of its own each would undo what the
 * other has kept, and a start takes half as long again. Where rows stream through, the heap is cleaned
 * at 1.3 times what lived at the last cleaning, since hardly anything is kept of one that is over (V8
 * waits for up to four times), and at 1.6 times where rows are analysed together. Its young part is
 * small, and cleaned by one thread: there is little to share out. That takes 70 MB off a long run.
 */
async function runCommand(
  words: string[],
  access: Access,
  env: Record<string, string>,
): Promise<number> {
  if (inspect !== "") say(`Waiting for a debugger at ${inspect} (PLUMBLINE_INSPECT).`);
  child = new Deno.Command(Deno.execPath(), {
    args: [
      "run",
      "--quiet",
      "--no-prompt",
      ...(inspect === "" ? [] : [`--inspect-wait=${inspect}`]),
      ...permissionFlags(await withLinkedFolders(access), { from: typedIn }),
      join(import.meta.dirname ?? ".", "cli.ts"),
      project,
      typedIn,
      ...words,
    ],
    cwd: typedIn,
    env,
  }).spawn();
  const { code, signal } = await child.status;
  if (signal !== null && !signals.includes(signal)) {
    say(`The process that did the work was ended by ${signal}. The same command goes on.`);
  }
  return code;
}
