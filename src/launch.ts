/**
 * What every task starts: checks the call, works out what it may reach, starts the local model
 * where one is needed, and runs `cli.ts` with permissions for just that.
 */
import { join } from "node:path";
import type { Access } from "./commands/command.ts";
import { readEnvironment } from "./commands/environment.ts";
import { parseWords } from "./commands/program.ts";
import { say } from "./commands/say.ts";
import { LOCAL_ADDRESS } from "./models/environment.ts";
import { UserError } from "./error.ts";

/**
 * A small young generation keeps the process small (V8 lets it grow to three times 16 MB
 * otherwise) at no measurable cost in speed.
 */
const V8_FLAGS = "--max-semi-space-size=2";

const project = join(import.meta.dirname ?? ".", "..");
const typedIn = Deno.env.get("INIT_CWD") ?? Deno.cwd();

try {
  Deno.exitCode = await launch(Deno.args);
} catch (error) {
  if (!(error instanceof UserError)) throw error;
  say(error.message);
  Deno.exitCode = error.exitCode;
}
Deno.exit();

async function launch(words: string[]): Promise<number> {
  const typed = parseWords(words);
  if ("exitCode" in typed) return typed.exitCode;
  const env = readEnvironment({ typedIn, project, env: Deno.env.toObject() });
  const access = await typed.spec.prepare({ parsed: typed.parsed, env, typedIn, project });
  const server = access.localModel === null
    ? null
    : await (await import("./models/local_model.ts")).startLocalModel(access.localModel, {
      env,
      project,
      from: typedIn,
    });
  try {
    if (server === null) return await runCommand(words, access, env);
    return await runCommand(
      words,
      { ...access, net: [...access.net, server.host], env: [...access.env, LOCAL_ADDRESS] },
      { ...env, [LOCAL_ADDRESS]: server.address },
    );
  } finally {
    await server?.close();
  }
}

/** Runs `cli.ts`; signals are its business, so they are passed on and end nothing here. */
async function runCommand(
  words: string[],
  access: Access,
  env: Record<string, string>,
): Promise<number> {
  const child = new Deno.Command(Deno.execPath(), {
    args: [
      "run",
      "--quiet",
      "--no-prompt",
      `--v8-flags=${V8_FLAGS}`,
      ...permissionFlags(access),
      join(import.meta.dirname ?? ".", "cli.ts"),
      project,
      typedIn,
      ...words,
    ],
    cwd: project,
    env,
  }).spawn();
  const signals: Deno.Signal[] = Deno.build.os === "windows" ? ["SIGINT"] : ["SIGINT", "SIGTERM"];
  for (const signal of signals) {
    Deno.addSignalListener(signal, () => {
      try {
        child.kill(signal);
      } catch {
        // It has ended already.
      }
    });
  }
  const status = await child.status;
  return status.code;
}

/** The flags that let a process reach what `access` names and nothing else. */
function permissionFlags(access: Access): string[] {
  const flag = (name: string, values: string[]) =>
    values.length === 0 ? [] : [`--allow-${name}=${values.map(escapeComma).join(",")}`];
  return [
    ...flag("read", access.read),
    ...flag("write", access.write),
    ...flag("net", access.net),
    ...flag("env", access.env),
    ...flag("sys", access.sys),
    // What isn't granted looks unset: libraries ask for variables that nobody needs.
    "--ignore-env",
  ];
}

/** A comma separates paths in a flag; a doubled one is part of a path. */
function escapeComma(value: string): string {
  return value.replaceAll(",", ",,");
}
