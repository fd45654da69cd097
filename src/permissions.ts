import { dirname, isAbsolute, join, relative } from "node:path";
import type { Access } from "./commands/command.ts";
import { UserError } from "./error.ts";

/**
 * The flags that let a process reach what `access` names and nothing else: never all, no other
 * programs and no foreign code.
 *
 * @param options.from The folder that the process is started in: paths are told from there, since
 *   a comma above it, as in a person's home folder, would otherwise stand in the way.
 * @throws {UserError} Exit 2 where a path has a comma: in a flag it separates paths.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { permissionFlags } from "./permissions.ts";
 * const nothing = { read: [], write: [], net: [], env: [], sys: [], localModel: null };
 * const access = { ...nothing, read: ["/home/me/metro"], net: ["127.0.0.1:8000"] };
 * const flags = permissionFlags(access, { from: "/home/me" });
 * assert(flags.join(" ") === "--allow-read=metro --allow-net=127.0.0.1:8000 --ignore-env");
 * ```
 */
export function permissionFlags(access: Access, { from }: { from: string }): string[] {
  const paths = (those: string[]) => those.map((path) => pathFrom(from, path));
  const flag = (name: string, values: string[]) =>
    values.length === 0 ? [] : [`--allow-${name}=${[...new Set(values)].join(",")}`];
  return [
    ...flag("read", paths(access.read)),
    ...flag("write", paths(access.write)),
    ...flag("net", access.net),
    ...flag("env", access.env),
    ...flag("sys", access.sys),
    // What isn't granted looks unset: libraries ask for variables that nobody needs.
    "--ignore-env",
  ];
}

function pathFrom(folder: string, path: string): string {
  const inside = relative(folder, path);
  const shortest = inside.startsWith("..") || isAbsolute(inside) ? path : inside || ".";
  if (!shortest.includes(",")) return shortest;
  throw new UserError(
    `${shortest} has a comma, and Deno can't be told to open just that path. Rename the folder, or ` +
      "type the command in a folder from which the path has no comma.",
  );
}

/**
 * The same access with the folders that symbolic links on its paths lead to: files that are made
 * anew are checked by where they really lie.
 */
export async function withLinkedFolders(access: Access): Promise<Access> {
  const linked: string[] = [];
  for (const path of access.write) {
    const real = await realPath(path);
    if (real !== path) linked.push(real);
  }
  return { ...access, read: [...access.read, ...linked], write: [...access.write, ...linked] };
}

/** Where a path leads, also one whose last folders aren't there yet. */
async function realPath(path: string): Promise<string> {
  try {
    return await Deno.realPath(path);
  } catch (error) {
    const parent = dirname(path);
    if (!(error instanceof Deno.errors.NotFound) || parent === path) return path;
    return join(await realPath(parent), path.slice(parent.length));
  }
}
