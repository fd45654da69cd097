/**
 * Carries one command out, with the permissions that the launcher gave this process. It is started
 * by `launch.ts`, which has already checked the input and said the first line.
 */
import { parseWords } from "./commands/program.ts";
import { pathsFrom, say } from "./commands/say.ts";
import { UserError } from "./error.ts";

const [project = "", typedIn = "", ...words] = Deno.args;
const typed = await parseWords(words);
if ("exitCode" in typed) Deno.exit(typed.exitCode);
try {
  Deno.exitCode = await typed.spec.run({
    parsed: typed.parsed,
    env: Deno.env.toObject(),
    typedIn,
    project,
  });
} catch (error) {
  if (!(error instanceof UserError)) throw error;
  say(pathsFrom(typedIn, error.message));
  Deno.exitCode = error.exitCode;
}
Deno.exit();
