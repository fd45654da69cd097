import assert from "node:assert/strict";
import { join } from "node:path";
import {
  childrenOf,
  configFiles,
  folder,
  projectIn,
  run,
  start,
  until,
  write,
} from "./commands/command_line.ts";

/**
 * Stands in for the local model's server: it says its port, answers every call (or none, where the
 * file it is given says so), ends when its input does, and writes down what it sees.
 */
const SERVER = `
const [weights, name] = Deno.args;
const hangs = Deno.readTextFileSync(weights) === "hangs";
Deno.writeTextFileSync(weights + ".env", JSON.stringify(Deno.env.toObject()));
Deno.addSignalListener("SIGINT", () => {});
Deno.stdin.readable.pipeTo(new WritableStream()).finally(() => {
  Deno.writeTextFileSync(weights + ".ended", "");
  Deno.exit(0);
});
Deno.serve({
  hostname: "127.0.0.1",
  port: 0,
  onListen: ({ port }) => console.log(JSON.stringify({ port, model: name })),
}, async (request) => {
  const { seed } = await request.json();
  Deno.writeTextFileSync(weights + ".asked", "");
  if (hangs) await new Promise(() => setTimeout(() => {}, 60_000));
  const message = { role: "assistant", content: "Local " + seed, refusal: null };
  return Response.json({
    id: "1", object: "chat.completion", created: 1, model: name,
    choices: [{ index: 0, message, logprobs: null, finish_reason: "stop" }],
  });
});
`;

Deno.test({
  name: "the launcher starts the local model's server and ends it, however it ends itself",
  ignore: Deno.build.os === "windows",
  async fn(t) {
    await using root = await folder();
    const project = await projectIn(root.path);
    const room = join(project, "src", "models", "local");
    await Deno.remove(join(room, "package.json"));
    // The stand-in may write what it sees; the real one may not.
    const starter = join(room, "start.ts");
    const text = await Deno.readTextFile(starter);
    const writing = text.replace(`"--allow-read",`, `"--allow-read", "--allow-write",`);
    assert.notEqual(writing, text);
    await write(room, { "start.ts": writing, "server.ts": SERVER, "deno.json": {} });
    await Deno.remove(join(room, "deno.lock"));
    const from = join(root.path, "mine");
    await write(from, { ...configFiles("metro"), "quick.gguf": "", "slow.gguf": "hangs" });
    const typed = { from, project, env: { OPENAI_API_KEY: "sk-secret", LANG: "C" } };
    const words = ["generate", "--config", "metro", "--output", "out", "--count", "2", "--model"];
    const exists = (name: string) => Deno.stat(join(from, name)).then(() => true, () => false);

    await t.step("its work done", async () => {
      const { code, err } = await run([...words, "local:quick.gguf"], typed);
      assert.equal(code, 0, err);
      assert.match(err, /Local \d+/);
      assert.match(err, /2 planned = 2 ok \+ 0 pending → out\/metro-1-\w{6}\n/);
      assert(await exists("quick.gguf.ended"), "the server still runs");
      const env = JSON.parse(await Deno.readTextFile(join(from, "quick.gguf.env")));
      assert.equal(env.LANG, "C");
      assert(!JSON.stringify(env).includes("sk-secret"), "the server got the key");
    });

    await t.step("with nothing to ask, it isn't started", async () => {
      await Deno.remove(join(from, "quick.gguf.ended"));
      const { code, err } = await run([...words, "local:quick.gguf"], typed);
      assert.equal(code, 0, err);
      assert.match(err, /Nothing to do: 2 of 2 rows are there/);
      assert(!await exists("quick.gguf.ended"), "the server was started");
    });

    await t.step("killed", async () => {
      const started = start([...words, "local:slow.gguf"], typed);
      await until("the server is asked", () => exists("slow.gguf.asked"));
      const children = await childrenOf(started.pid);
      assert.equal(children.length, 2);
      started.kill("SIGKILL");
      await until("the server has ended", () => exists("slow.gguf.ended"));
      for (const child of children) {
        try {
          Deno.kill(child, "SIGKILL");
        } catch {
          // The server is gone already.
        }
      }
      await started.ended;
    });
  },
});

Deno.test("a fault that ends the local model's server before it is ready is told, exit 3", async () => {
  await using root = await folder();
  const project = await projectIn(root.path);
  const room = join(project, "src", "models", "local");
  await Deno.remove(join(room, "package.json"));
  await Deno.remove(join(room, "deno.lock"));
  await write(room, {
    "server.ts": `console.error("no room left"); Deno.exit(1);`,
    "deno.json": {},
  });
  await write(root.path, { "mine.gguf": "" });
  const { code, out, err } = await run(["generate", "--model", "local:mine.gguf"], {
    from: root.path,
    project,
  });
  assert.deepEqual([code, out], [3, ""]);
  assert.match(err, /The server of local:mine\.gguf ended before it was ready \(exit code 1\)\./);
  assert.match(err, /no room left/);
  assert(!err.includes("    at "), err);
});
