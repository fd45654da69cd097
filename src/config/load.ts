import { isAbsolute, relative, resolve, sep } from "node:path";
import { UserError } from "../error.ts";
import { readAvoid } from "./avoid.ts";
import { checkConditions } from "./conditions.ts";
import {
  type FolderEntry,
  LEFT_BEHIND,
  listFolder,
  readData,
  type Reading,
  readText,
} from "./files.ts";
import { INJECTIONS, readInjections } from "./injections.ts";
import { readLength } from "./length.ts";
import { collectRemarks, type FileRemarks, type Remarks } from "./remarks.ts";
import { readSettings } from "./settings.ts";
import { checkTemplate } from "./template.ts";
import type { AttributeValue, Config, Settings } from "./types.ts";
import { nearest, shown, suggestion } from "./wording.ts";

/** How {@linkcode loadConfig} reads and says things. */
export interface LoadOptions {
  /** Where a relative folder counts from; by default the project's own folder. */
  project?: string;
  /** The folder as messages name it; by default as it was given. */
  label?: string;
  /** Gets each warning, one line each; by default they are dropped. */
  warn?: (message: string) => void;
  /** By default `Deno.readFile`. */
  readFile?: (path: string) => Promise<Uint8Array>;
  /** By default `Deno.readDir`. */
  readDir?: (path: string) => AsyncIterable<FolderEntry>;
}

const CONTEXT = "context.txt";
const LENGTH = "response_length_distribution.json";
const LENGTH_MISSPELT = "response_lengh_distrubution.json";
const PROMPT = "prompt.md";
const AVOID = "avoid.txt";
const SETTINGS = "settings.json";
const KNOWN = [CONTEXT, INJECTIONS, LENGTH, PROMPT, AVOID, SETTINGS];

/**
 * Reads and checks a config folder as one value.
 *
 * @param folder The folder; a relative one counts from `project`.
 * @throws {UserError} with exit code 2 where anything in it is at fault: one line for each fault of
 *   all files, with file, place, what is wrong and what was expected.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { loadConfig } from "./load.ts";
 * const config = await loadConfig("config");
 * assert(Object.keys(config.attributes).includes("topic"));
 * ```
 */
export async function loadConfig(folder: string, options: LoadOptions = {}): Promise<Config> {
  const project = options.project ??
    (import.meta.dirname === undefined ? "." : resolve(import.meta.dirname, "../.."));
  const path = resolve(project, folder);
  const remarks = collectRemarks(options.label ?? (folder === "" ? "." : folder));
  const config = await readConfig({
    path,
    remarks,
    readFile: options.readFile ?? Deno.readFile,
    readDir: options.readDir ?? Deno.readDir,
  }, nameFrom(project, path));
  for (const warning of remarks.warnings) options.warn?.(warning);
  if (config === null || remarks.faults.length > 0) throw new UserError(remarks.faults.join("\n"));
  return config;
}

/** The folder from the project's where it lies inside it, with "/" on every system; else absolute. */
function nameFrom(project: string, path: string): string {
  const inside = relative(project, path);
  if (inside === "") return ".";
  const outside = inside === ".." || inside.startsWith(`..${sep}`) || isAbsolute(inside);
  return outside ? path : inside.split(sep).join("/");
}

/**
 * Null after a fault that leaves nothing to return; otherwise `remarks` tells whether it is sound.
 *
 * @param folder As the config names it.
 */
async function readConfig(reading: Reading, folder: string): Promise<Config | null> {
  const { remarks } = reading;
  const entries = await listFolder("", reading);
  if (entries === null) return null;
  warnOfNearNames(entries, remarks);

  const context = await readContext(reading, entries);
  const files = await readInjections(reading, entries);
  checkConditions(files);
  const length = await readLengthFile(reading, entries);

  let prompt: string | null = null;
  if (entries.has(PROMPT)) {
    prompt = await readText(PROMPT, reading);
    const stems = files.size === 0 ? null : [...files.keys()];
    const hasLength = entries.has(LENGTH) || entries.has(LENGTH_MISSPELT);
    if (prompt !== null) checkTemplate(prompt, { stems, hasLength, remarks: remarks.on(PROMPT) });
  }
  const avoid = entries.has(AVOID) ? await readText(AVOID, reading) : "";
  const terms = avoid === null ? [] : readAvoid(avoid, remarks.on(AVOID));
  const given = entries.has(SETTINGS) ? await readData(SETTINGS, reading) : { value: {} };
  const settings = given === null ? null : readSettings(given.value, remarks.on(SETTINGS));

  if (settings !== null && files.size > 0) {
    checkLabelled(settings, { stems: [...files.keys()], remarks: remarks.on(SETTINGS) });
  }

  if (context === null || settings === null) return null;
  const attributes: Record<string, AttributeValue[]> = {};
  for (const [stem, { items }] of files) attributes[stem] = items.map(({ value }) => value);
  return { folder, context, attributes, length, prompt, avoid: terms, settings };
}

/** An attribute that isn't there would go unjudged without a word. */
function checkLabelled(
  settings: Settings,
  { stems, remarks }: { stems: string[]; remarks: FileRemarks },
): void {
  for (const stem of Object.keys(settings.labels ?? {})) {
    if (stems.includes(stem)) continue;
    remarks.fault(
      `labels has ${shown(stem)}: no such attribute. ${suggestion(stem, stems)}`.trim(),
    );
  }
}

/** A file that is passed over for a slip in its name would change the rows without a word. */
function warnOfNearNames(entries: Map<string, FolderEntry>, remarks: Remarks): void {
  for (const name of entries.keys()) {
    if (KNOWN.includes(name) || name === LENGTH_MISSPELT || LEFT_BEHIND.test(name)) continue;
    const near = nearest(name, KNOWN);
    if (near !== null) {
      remarks.on(name).warn(`it isn't read. Did you mean ${shown(near)}?`);
    }
  }
}

async function readContext(
  reading: Reading,
  entries: Map<string, FolderEntry>,
): Promise<string | null> {
  const remarks = reading.remarks.on(CONTEXT);
  if (!entries.has(CONTEXT)) {
    remarks.fault("the file is missing: write in it who the assistant is for, what it must not do");
    return null;
  }
  const text = (await readText(CONTEXT, reading))?.trim();
  if (text === "") {
    remarks.fault("it is blank: write in it who the assistant is for, what it must not do");
  }
  return text || null;
}

async function readLengthFile(
  reading: Reading,
  entries: Map<string, FolderEntry>,
): Promise<Config["length"]> {
  const misspelt = entries.has(LENGTH_MISSPELT);
  const name = misspelt ? LENGTH_MISSPELT : LENGTH;
  const remarks = reading.remarks.on(name);
  if (misspelt && entries.has(LENGTH)) {
    remarks.fault(`${shown(LENGTH)} is there too: delete one of them`);
    return null;
  }
  if (misspelt) remarks.warn(`it is read, but its name is misspelt: rename it to ${shown(LENGTH)}`);
  if (!entries.has(name)) return null;
  const data = await readData(name, reading);
  return data === null ? null : readLength(data.value, remarks);
}
