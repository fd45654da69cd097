import assert from "node:assert/strict";
import { join } from "node:path";
import { CHECKOUT, write } from "./commands/command_line.ts";
import { splitWords } from "./run_words.ts";

Deno.test("a flag keeps its value, and what is neither is a path", () => {
  assert.deepEqual(splitWords(["--filter", "a b", "tests/x", "--fail-fast"]), {
    flags: ["--filter", "a b", "--fail-fast"],
    paths: ["tests/x"],
    rest: [],
  });
  assert.deepEqual(splitWords(["src", "--filter=a", "--shuffle", "tests", "--", "--filter", "b"]), {
    flags: ["--filter=a", "--shuffle"],
    paths: ["src", "tests"],
    rest: ["--", "--filter", "b"],
  });
  assert.deepEqual(splitWords(["--filter", "--filter", "x"]).paths, ["x"]);
});

Deno.test("deno task test --filter NAME runs the tests of that name alone", async () => {
  const folder = await Deno.makeTempDir();
  try {
    await write(folder, {
      "a_test.ts": 'Deno.test("one", () => {});\nDeno.test("two", () => {});\n',
    });
    const run = new Deno.Command(Deno.execPath(), {
      args: ["task", "test", join(folder, "a_test.ts"), "--filter", "two"],
      cwd: CHECKOUT,
    });
    const { code, stdout } = await run.output();
    const last = new TextDecoder().decode(stdout).trim().split("\n").at(-1);
    assert.deepEqual([code, last], [0, "1 passed, 0 failed"]);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});
