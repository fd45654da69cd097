import { dirname, join } from "node:path";
import { UserError } from "../error.ts";
import type { Environment } from "./endpoint/environment.ts";
import { cacheFolder } from "./local/cache_folder.ts";
import { WEIGHTS_HOSTS } from "./local/models.ts";
import { startLocalServer } from "./local/start.ts";
import { findWeights } from "./local/weights.ts";
import { PIP_COMMANDS } from "./local/wheel.ts";

/** Where a local model's weights are looked for, and what its processes may see. */
export interface LocalModelOptions {
  env: Environment;
  /** The project's folder. */
  project: string;
  /** The folder that a path to a `.gguf` file counts from. */
  from: string;
}

/** A local model that can be asked. */
export interface RunningModel {
  /** Base URL of its server. */
  address: string;
  /** `127.0.0.1:PORT`. */
  host: string;
  /** Ends the server. */
  close(): Promise<void>;
}

/**
 * Starts a local model's server in a process of its own; weights that aren't there yet are fetched
 * first, by another process that may reach just their sources and the cache.
 *
 * @throws {UserError} Exit 2 for an unknown name or a missing file, exit 3 where weights can't be
 * fetched or the server doesn't start.
 */
export async function startLocalModel(
  name: string,
  { env, project, from }: LocalModelOptions,
): Promise<RunningModel> {
  const cache = cacheFolder(env, project);
  const weights = await findWeights(name, { cache, from }) ??
    await fetchWeightsApart(name, { cache, project });
  const server = await startLocalServer({ weights, name, project, env });
  const host = `127.0.0.1:${server.port}`;
  return { address: `http://${host}/v1`, host, close: server.close };
}

/** Fetches weights in a process of its own, which tells how it goes on stderr. */
async function fetchWeightsApart(
  name: string,
  { cache, project }: { cache: string; project: string },
): Promise<string> {
  const child = new Deno.Command(Deno.execPath(), {
    args: [
      "run",
      "--quiet",
      "--no-prompt",
      // The script lies below the server's own config, which hasn't its packages.
      `--config=${join(project, "deno.json")}`,
      `--allow-read=${dirname(cache)}`,
      `--allow-write=${cache}`,
      `--allow-net=${WEIGHTS_HOSTS.join(",")}`,
      `--allow-run=${[...new Set(PIP_COMMANDS.map(([program]) => program))].join(",")}`,
      "--ignore-env",
      join(project, "src", "models", "local", "fetch_weights.ts"),
      name,
      cache,
    ],
    cwd: project,
    stdin: "null",
    stdout: "piped",
    stderr: "inherit",
  }).spawn();
  const { code, stdout } = await child.output();
  const path = new TextDecoder().decode(stdout).trim();
  if (code === 0 && path !== "") return path;
  // Why was said already, by the process that tried.
  throw new UserError(`The weights of local:${name} could not be fetched. Nothing was asked.`, {
    exitCode: 3,
  });
}
