import { resolve } from "node:path";
import { readJson } from "./json.ts";
import type { Remarks } from "./remarks.ts";
import { decodeText } from "./text.ts";

/** A file or folder as a directory lists it. */
export interface FolderEntry {
  name: string;
  isDirectory: boolean;
}

/** What the reading of one config folder needs. */
export interface Reading {
  /** Absolute. */
  path: string;
  remarks: Remarks;
  readFile: (path: string) => Promise<Uint8Array>;
  readDir: (path: string) => AsyncIterable<FolderEntry>;
}

/** Files that editors and systems leave behind. */
export const LEFT_BEHIND = /^\.|~$|^#.*#$|\.(bak|orig|tmp|swp)$|^(thumbs\.db|desktop\.ini)$/i;

/**
 * What the config folder or a folder in it holds, by name in code-unit order.
 *
 * @param folder Its name in the config folder; "" for the config folder itself.
 * @returns null and a fault where it can't be listed.
 */
export async function listFolder(
  folder: string,
  reading: Reading,
): Promise<Map<string, FolderEntry> | null> {
  const { path, remarks } = reading;
  try {
    const entries = await Array.fromAsync(reading.readDir(resolve(path, folder)));
    return new Map(
      entries.toSorted((a, b) => a.name < b.name ? -1 : 1).map((entry) => [entry.name, entry]),
    );
  } catch (error) {
    const remedy = folder === "" ? ". Name another with --config DIR" : "";
    remarks.on(folder).fault(
      error instanceof Deno.errors.NotFound
        ? `there is no such folder (looked for ${resolve(path, folder)})${remedy}`
        : `it can't be read as a folder (${reason(error)})${remedy}`,
    );
    return null;
  }
}

/** A JSON file of the folder as `{ value }`; null and a fault where it can't be read. */
export async function readData(file: string, reading: Reading): Promise<{ value: unknown } | null> {
  const text = await readText(file, reading);
  return text === null ? null : readJson(text, reading.remarks.on(file));
}

/** A text file of the folder; null and a fault where it can't be read. */
export async function readText(file: string, reading: Reading): Promise<string | null> {
  const remarks = reading.remarks.on(file);
  let bytes: Uint8Array;
  try {
    bytes = await reading.readFile(resolve(reading.path, file));
  } catch (error) {
    remarks.fault(`it can't be read (${reason(error)})`);
    return null;
  }
  return decodeText(bytes, remarks);
}

function reason(error: unknown): string {
  return error instanceof Error ? error.message.split("\n")[0] ?? error.name : String(error);
}
