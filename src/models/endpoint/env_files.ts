import { join } from "node:path";
import { parseEnv } from "node:util";
import { UserError } from "../../error.ts";
import { modelVariables } from "./environment.ts";

/** The folders whose `.env` files count, and the environment that beats them. */
export interface EnvironmentPlace {
  /** The folder where the command was typed. */
  typedIn: string;
  project: string;
  env: Record<string, string>;
}

/** Variables that come from one place. */
export interface EnvironmentLayer {
  /** Path of the `.env` file; null: the environment itself. */
  file: string | null;
  values: Readonly<Record<string, string>>;
}

/** A variable's value, and where it was set. */
export interface OriginatedValue {
  value: string;
  /** Path of the `.env` file; null: the environment itself. */
  file: string | null;
  /** Places that set it to something else and are beaten; the strongest first. */
  beaten: (string | null)[];
}

/**
 * The environment with what the `.env` files add: the environment wins, then `.env` in the folder
 * where the command was typed, then `.env` in the project. A `.env` file may set the variables that
 * say where answers come from and no others.
 */
export function readEnvironment(place: EnvironmentPlace): Record<string, string> {
  const env: Record<string, string> = {};
  for (const [name, { value }] of Object.entries(mergeLayers(readLayers(place)))) env[name] = value;
  return env;
}

/** The environment and what each `.env` file may add to it, the strongest first. */
export function readLayers(place: EnvironmentPlace): EnvironmentLayer[] {
  const files = [...new Set([place.typedIn, place.project].map((folder) => join(folder, ".env")))];
  return [
    { file: null, values: place.env },
    ...files.map((file) => ({ file, values: modelVariablesOf(readEnvFile(file)) })),
  ];
}

/**
 * One value for each variable: the first layer that has it wins.
 *
 * @param layers The strongest first.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { mergeLayers } from "./env_files.ts";
 * const merged = mergeLayers([
 *   { file: null, values: { OPENAI_API_KEY: "new" } },
 *   { file: "/metro/.env", values: { OPENAI_API_KEY: "old" } },
 * ]);
 * assert.deepEqual(merged.OPENAI_API_KEY, { value: "new", file: null, beaten: ["/metro/.env"] });
 * ```
 */
export function mergeLayers(
  layers: readonly EnvironmentLayer[],
): Record<string, OriginatedValue> {
  const merged: Record<string, OriginatedValue> = {};
  for (const { file, values } of layers) {
    for (const [name, value] of Object.entries(values)) {
      const first = Object.hasOwn(merged, name) ? merged[name] : undefined;
      if (first === undefined) merged[name] = { value, file, beaten: [] };
      else if (first.value.trim() !== value.trim()) first.beaten.push(file);
    }
  }
  return merged;
}

/** All that an `.env` file says; nothing where there is none. */
export function readEnvFile(path: string): Record<string, string> {
  let text: string;
  try {
    text = Deno.readTextFileSync(path);
  } catch (error) {
    // A folder of that name is mostly a Python environment.
    const { NotFound, NotADirectory, IsADirectory } = Deno.errors;
    if ([NotFound, NotADirectory, IsADirectory].some((absent) => error instanceof absent)) {
      return {};
    }
    throw new UserError(`${path} can't be read: ${error instanceof Error ? error.message : error}`);
  }
  const values: Record<string, string> = {};
  for (const [name, value] of Object.entries(parseEnv(text.replace(/^\uFEFF/, "")))) {
    if (value !== undefined) values[name] = value;
  }
  return values;
}

function modelVariablesOf(values: Record<string, string>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(values).filter(([name]) => modelVariables.some((known) => known === name)),
  );
}
