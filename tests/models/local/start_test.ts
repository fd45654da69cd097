import assert from "node:assert/strict";
import { UserError } from "../../../src/error.ts";
import {
  serverArguments,
  serverEnvironment,
  type Spawn,
  startLocalServer,
} from "../../../src/models/local/start.ts";

const options = { weights: "/w.gguf", name: "tiny", project: "/project", env: {} };

/** A spawn that runs this program in the server's place. */
const program = (code: string): Spawn => () =>
  new Deno.Command(Deno.execPath(), {
    args: ["eval", "--quiet", "--no-lock", code],
    stdin: "piped",
    stdout: "piped",
    stderr: "piped",
  }).spawn();

Deno.test("the server gets the permissions it needs and no others", () => {
  const args = serverArguments(options);
  assert.deepEqual(args.filter((arg) => arg.startsWith("--allow")), [
    "--allow-ffi",
    "--allow-sys",
    "--allow-env",
    "--allow-read",
    "--allow-net=127.0.0.1",
    `--allow-run=${Deno.execPath()}`,
  ]);
  for (const flag of ["--no-prompt", "--frozen", "--quiet"]) assert(args.includes(flag));
  assert.deepEqual(args.slice(-2), ["/w.gguf", "tiny"]);
});

Deno.test("the server's environment has paths and proxies, and no keys", () => {
  const kept = serverEnvironment({
    HOME: "/me",
    Path: "C:\\",
    DENO_DIR: "/deno",
    npm_config_registry: "https://registry.example",
    https_proxy: "http://proxy",
    OPENAI_API_KEY: "k",
    AZURE_OPENAI_API_KEY: "k",
    OPENAI_BASE_URL: "http://x",
    DENO_AUTH_TOKENS: "k@host",
    npm_config__authToken: "k",
    AWS_SECRET_ACCESS_KEY: "k",
    XDG_CACHE_HOME: undefined,
  });
  assert.deepEqual(Object.keys(kept).sort(), [
    "DENO_DIR",
    "HOME",
    "Path",
    "https_proxy",
    "npm_config_registry",
  ]);
});

Deno.test("a server that is ready has a port, and ends when it is closed", async () => {
  const spawn = program(`
    console.log('{"port":4242,"model":"tiny"}');
    for await (const _ of Deno.stdin.readable);
  `);
  const server = await startLocalServer({ ...options, spawn });
  assert.equal(server.port, 4242);
  await server.close();
});

Deno.test("a server that ends early is an error with its last lines", async () => {
  const spawn = program(`console.error("no such architecture"); Deno.exit(7)`);
  await assert.rejects(startLocalServer({ ...options, spawn }), (error) => {
    assert(error instanceof UserError);
    assert.equal(error.exitCode, 3);
    assert.match(error.message, /local:tiny ended before it was ready \(exit code 7\)/);
    assert.match(error.message, /no such architecture/);
    assert.match(error.message, /OPENAI_API_KEY/);
    return true;
  });
});

Deno.test("a server that says something else than its port is no server", async () => {
  const spawn = program(`console.log("hello"); for await (const _ of Deno.stdin.readable);`);
  await assert.rejects(startLocalServer({ ...options, spawn }), UserError);
});

Deno.test("a server that isn't ready in time is ended", async () => {
  const spawn = program(`await new Promise((resolve) => setTimeout(resolve, 1e6))`);
  await assert.rejects(
    startLocalServer({ ...options, spawn, readyMs: 30 }),
    /wasn't ready within 0\.03 s/,
  );
});
