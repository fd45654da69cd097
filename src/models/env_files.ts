import { join } from "node:path";
import { parseEnv } from "node:util";
import { modelVariables } from "./environment.ts";

/**
 * The environment with what the `.env` files add: the environment wins, then `.env` in the folder
 * where the command was typed, then `.env` in the project. A `.env` file may set the variables that
 * say where answers come from and no others.
 */
export function readEnvironment(
  place: { typedIn: string; project: string; env: Record<string, string> },
): Record<string, string> {
  const env: Record<string, string> = {};
  for (const folder of [place.project, place.typedIn]) {
    for (const [name, value] of Object.entries(readEnvFile(join(folder, ".env")))) {
      if (value !== undefined && modelVariables.some((known) => known === name)) env[name] = value;
    }
  }
  return { ...env, ...place.env };
}

function readEnvFile(path: string): Record<string, string | undefined> {
  try {
    return parseEnv(Deno.readTextFileSync(path).replace(/^\uFEFF/, ""));
  } catch (error) {
    if (error instanceof Deno.errors.NotFound || error instanceof Deno.errors.NotADirectory) {
      return {};
    }
    throw error;
  }
}
