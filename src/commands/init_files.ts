import { dirname, isAbsolute, join, relative, sep } from "node:path";
import { pathToFileURL } from "node:url";
import { UserError } from "../error.ts";

/** Files of a config folder: their text by their path in it. */
export type FolderFiles = Record<string, string>;

/** Where the files of the starting folder stand, counted from the project. */
export const STARTER = "src/config/starter";

/** What stands in the starting folder for the folder of the schemas. */
const SCHEMAS_FROM_STARTER = "../schemas/";

/**
 * The files of the starting folder, as they are to stand in `target`: the addresses of the schemas
 * lead from there to the project's, so that an editor finds them.
 */
export async function starterFiles(
  target: string,
  options: { project: string },
): Promise<FolderFiles> {
  const files: FolderFiles = {};
  const schemas = schemaFolder(target, options.project);
  for (const name of await namesIn(join(options.project, STARTER), "")) {
    const text = await Deno.readTextFile(join(options.project, STARTER, name));
    files[name] = text.replaceAll(
      `"${SCHEMAS_FROM_STARTER}`,
      () => JSON.stringify(schemas).slice(0, -1),
    );
  }
  return files;
}

/** Relative where the target lies in the project, so that both can be moved; else a URL. */
function schemaFolder(target: string, project: string): string {
  const schemas = join(project, "src/config/schemas");
  const inside = relative(project, target);
  if (isAbsolute(inside) || inside.split(sep)[0] === "..") return pathToFileURL(schemas).href + "/";
  return relative(target, schemas).split(sep).join("/") + "/";
}

async function namesIn(root: string, folder: string): Promise<string[]> {
  const names: string[] = [];
  for await (const { name, isDirectory } of Deno.readDir(join(root, folder))) {
    const path = folder === "" ? name : `${folder}/${name}`;
    if (isDirectory) names.push(...await namesIn(root, path));
    else if (!name.startsWith(".")) names.push(path);
  }
  return names.sort();
}

/**
 * Checks that a new config folder can be made there.
 *
 * @param label The folder as it was typed.
 * @throws {UserError} Exit 2 where something is there already.
 */
export async function checkFree(target: string, label: string): Promise<void> {
  try {
    for await (const { name } of Deno.readDir(target)) {
      throw new UserError(
        `${label} isn't empty (it holds ${JSON.stringify(name)}): name a new folder. ` +
          "Nothing was written.",
      );
    }
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return;
    if (error instanceof UserError) throw error;
    throw cannotBe(label, "read as a folder", error);
  }
}

/**
 * Writes a new folder; no file that is there is written over.
 *
 * @throws {UserError} Exit 2 where it can't be written.
 */
export async function writeFolder(
  target: string,
  options: { files: FolderFiles; label: string },
): Promise<void> {
  try {
    for (const [name, text] of Object.entries(options.files)) {
      await Deno.mkdir(dirname(join(target, name)), { recursive: true });
      await Deno.writeTextFile(join(target, name), text, { createNew: true });
    }
  } catch (error) {
    throw cannotBe(options.label, "written", error);
  }
}

function cannotBe(label: string, what: string, cause: unknown): UserError {
  const why = cause instanceof Error ? cause.message : String(cause);
  return new UserError(`${label} can't be ${what}: ${why}.`, { cause });
}
