import type { FolderEntry } from "../../src/config/files.ts";
import { loadConfig } from "../../src/config/load.ts";
import type { Config } from "../../src/config/types.ts";
import { UserError } from "../../src/error.ts";

/** A config folder in memory: its files by path, as text, bytes or what JSON is made of. */
export type Files = Record<string, unknown>;

/** A folder without faults; tests replace files of it. */
export const SOUND: Files = {
  "context.txt": "Metro chat\n\nThe chat of a metro.",
  "injections/tone.json": [
    { tone: "", "frequency score": 3 },
    { tone: "Angry", "frequency score": 1 },
  ],
};

/** What loading it comes to: all lines as a user would read them. */
export interface Outcome {
  config: Config | null;
  faults: string[];
  warnings: string[];
}

/** Loads a folder in memory, named "metro". A file that is undefined isn't there. */
export async function load(files: Files): Promise<Outcome> {
  const warnings: string[] = [];
  try {
    const config = await loadConfig("metro", {
      project: "/project",
      warn: (message) => warnings.push(message),
      ...inMemory("/project/metro", files),
    });
    return { config, faults: [], warnings };
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    return { config: null, faults: error.message.split("\n"), warnings };
  }
}

function inMemory(root: string, files: Files): {
  readFile: (path: string) => Promise<Uint8Array>;
  readDir: (path: string) => AsyncIterable<FolderEntry>;
} {
  const contents = new Map(
    Object.entries(files).filter(([, content]) => content !== undefined)
      .map(([name, content]) => [`${root}/${name}`, bytesOf(content)]),
  );
  return {
    readFile(path) {
      const bytes = contents.get(path);
      return bytes === undefined
        ? Promise.reject(new Deno.errors.NotFound("No such file"))
        : Promise.resolve(bytes);
    },
    async *readDir(path) {
      const inside = [...contents.keys()].filter((name) => name.startsWith(`${path}/`))
        .map((name) => name.slice(path.length + 1));
      if (inside.length === 0) throw new Deno.errors.NotFound("No such directory");
      for (const name of new Set(inside.map((name) => name.split("/")[0] ?? ""))) {
        yield { name, isDirectory: inside.some((other) => other.startsWith(`${name}/`)) };
      }
    },
  };
}

function bytesOf(content: unknown): Uint8Array {
  if (content instanceof Uint8Array) return content;
  return new TextEncoder().encode(typeof content === "string" ? content : JSON.stringify(content));
}
