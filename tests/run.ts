/**
 * `deno task test`: all tests, documentation examples included. Words after it go on to
 * `deno test`, such as a path or `--filter NAME`. The last line is `N passed, N failed`.
 */
import { splitWords } from "./run_words.ts";

const { flags, paths, rest } = splitWords(Deno.args);
const child = new Deno.Command(Deno.execPath(), {
  args: [
    "test",
    "--quiet",
    "--frozen",
    // What only tests import stands in a lock of its own: a run downloads all that the root's names.
    "--lock=tests/deno.lock",
    "--no-prompt",
    "--doc",
    "--parallel",
    "--sanitize-ops",
    "--sanitize-resources",
    // Tests start processes, serve HTTP on loopback and write to temporary folders.
    "--allow-read",
    "--allow-write",
    "--allow-env",
    "--allow-run",
    "--allow-sys=hostname",
    "--allow-net=127.0.0.1",
    ...flags,
    ...(paths.length > 0 ? paths : ["src", "tests", "mod.ts"]),
    ...rest,
  ],
  env: { NO_COLOR: "1" },
  stdout: "piped",
}).spawn();

let last = "";
const decoder = new TextDecoder();
for await (const chunk of child.stdout) {
  await Deno.stdout.write(chunk);
  last = (last + decoder.decode(chunk, { stream: true })).slice(-4_000);
}
const { code } = await child.status;
const totals = Array.from(
  last.matchAll(
    /(\d+) passed(?: \([^)]*\))? \| (\d+) failed(?: \([^)]*\))?(?: \| (\d+) ignored)?/g,
  ),
).at(-1);
const [passed, failed, skipped] = [totals?.[1], totals?.[2], totals?.[3]];
if (passed !== undefined && failed !== undefined) {
  // A file that doesn't load counts as no test of its own.
  const failures = code !== 0 && failed === "0" ? "1" : failed;
  const tail = skipped === undefined ? "" : `, ${skipped} skipped`;
  await Deno.stdout.write(
    new TextEncoder().encode(`\n${passed} passed, ${failures} failed${tail}\n`),
  );
}
Deno.exit(code === 0 && totals === undefined ? 1 : code);
