import { join, resolve } from "node:path";

/**
 * The folder in which weights are kept, as an absolute path: `PLUMBLINE_CACHE`, else `plumbline` in
 * the user's own cache (`XDG_CACHE_HOME`, `LOCALAPPDATA` on Windows, `~/.cache`), else `.cache` in
 * the project. A relative path counts from where the command was typed (`INIT_CWD`).
 *
 * @param env The environment's variables; an empty one counts as not set.
 * @param project Absolute path of the project's folder.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { cacheFolder } from "./cache_folder.ts";
 * assert(cacheFolder({ PLUMBLINE_CACHE: "/big/disk" }, "/project") === "/big/disk");
 * ```
 */
export function cacheFolder(env: Record<string, string | undefined>, project: string): string {
  if (env.PLUMBLINE_CACHE) return resolve(env.INIT_CWD || project, env.PLUMBLINE_CACHE);
  const own = env.XDG_CACHE_HOME || env.LOCALAPPDATA || (env.HOME && join(env.HOME, ".cache"));
  return own ? join(own, "plumbline") : join(project, ".cache");
}
