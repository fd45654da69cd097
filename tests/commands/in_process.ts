/**
 * A command carried out in this process: quicker than the command line by two processes, but with
 * this process's permissions.
 */
import { parseWords } from "../../src/commands/program.ts";
import { pathsFrom } from "../../src/commands/say.ts";
import { UserError } from "../../src/error.ts";
import { CHECKOUT, type Ended } from "./command_line.ts";

/** Prepares and runs a command as if it had been typed in a folder. */
export async function runHere(words: string[], { from }: { from: string }): Promise<Ended> {
  let out = "";
  let err = "";
  const { stdout, stderr } = Deno;
  const [writeOut, writeErr] = [stdout.writeSync, stderr.writeSync];
  const decode = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
  stdout.writeSync = (bytes) => (out += decode(bytes), bytes.length);
  stderr.writeSync = (bytes) => (err += decode(bytes), bytes.length);
  try {
    const typed = await parseWords(words);
    if ("exitCode" in typed) return { code: typed.exitCode, out, err };
    const invocation = { parsed: typed.parsed, env: {}, typedIn: from, project: CHECKOUT };
    await typed.spec.prepare(invocation);
    return { code: await typed.spec.run(invocation), out, err };
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    return { code: error.exitCode, out, err: err + pathsFrom(from, error.message) + "\n" };
  } finally {
    stdout.writeSync = writeOut;
    stderr.writeSync = writeErr;
  }
}
