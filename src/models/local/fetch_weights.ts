/**
 * Fetches the weights of one local model: arguments are its name and the cache folder. Says what
 * happens on standard error and prints the file's path on standard output. Exits as a `UserError`
 * tells: 2 for a name that isn't known, 3 where no source could be reached.
 */
import process from "node:process";
import { UserError } from "../../error.ts";
import { DEFAULT_LOCAL_MODEL, LOCAL_MODELS } from "./models.ts";
import { fetchWeights, findWeights, type WeightsProgress } from "./weights.ts";

const write = (text: string) => process.stderr.write(text);

async function main([name = DEFAULT_LOCAL_MODEL, cache]: string[]) {
  if (cache === undefined) throw new UserError("Expected two arguments: model and cache folder");
  let path = await findWeights(name, { cache });
  if (path === null) {
    const line = `Fetching its weights once (${LOCAL_MODELS[name]?.size ?? "a large file"}) …`;
    write(line);
    path = await fetchWeights(name, { cache, onProgress: reporter(line) });
    write(" done, sha256 checked.\n");
  }
  process.stdout.write(path + "\n");
}

/** Says which source failed and, on a terminal, how far it is in percent. */
function reporter(line: string): (progress: WeightsProgress) => void {
  let told = 0;
  let failed = "";
  return (progress) => {
    if (progress.kind === "waiting") write(" another process is at it, waiting …");
    if (progress.kind === "failed") failed = progress.reason;
    if (progress.kind === "source" && failed) write(`\n${failed}\nNow by ${progress.source} …`);
    if (progress.kind !== "bytes" || progress.total === null || !process.stderr.isTTY) return;
    const percent = Math.floor(100 * progress.done / progress.total);
    if (percent !== told) write(`\r${line} ${percent}%`);
    told = percent;
  };
}

if (import.meta.main) {
  try {
    await main(Deno.args);
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    write(`\n${error.message}\n`);
    process.exit(error.exitCode);
  }
}
