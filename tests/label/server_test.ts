import assert from "node:assert/strict";
import { type LabelServer, serveSheet } from "../../src/label/server.ts";
import type { Label } from "../../src/run/log/labels.ts";
import { UserError } from "../../src/error.ts";
import { SHEET } from "./sheets.ts";

const TOKEN = "0123456789abcdef";
const AT = new Date("2026-02-01T08:00:00.000Z");

interface Served {
  server: LabelServer;
  kept: Label[];
  /** The answer to a request for a path, whose token is added where it has none. */
  ask(path: string, init?: RequestInit): Promise<Response>;
  say(said: unknown, headers?: Record<string, string>): Promise<Response>;
}

async function served(
  work: (served: Served) => Promise<void>,
  keep: (label: Label) => void = () => {},
): Promise<void> {
  const kept: Label[] = [];
  const server = serveSheet(SHEET, {
    port: 0,
    token: TOKEN,
    now: () => AT,
    keep: (label) => (keep(label), kept.push(label)),
  });
  const { origin } = new URL(server.address);
  const ask = (path: string, init: RequestInit = {}) =>
    fetch(`${origin}${path}${path.includes("token=") ? "" : `?token=${TOKEN}`}`, init);
  const say = (said: unknown, headers: Record<string, string> = {}) =>
    ask("/labels", {
      method: "POST",
      headers: { "content-type": "application/json", origin, ...headers },
      body: typeof said === "string" ? said : JSON.stringify(said),
    });
  try {
    await work({ server, kept, ask, say });
  } finally {
    await server.close();
  }
}

async function statusOf(asked: Promise<Response>): Promise<number> {
  const response = await asked;
  await response.body?.cancel();
  return response.status;
}

/** The status line of a request that is written by hand: `fetch` sets the host itself. */
async function statusByHand(server: LabelServer, lines: string[]): Promise<number> {
  const { port } = new URL(server.address);
  using connection = await Deno.connect({ hostname: "127.0.0.1", port: Number(port) });
  const request = [...lines, "Connection: close", "", ""].join("\r\n");
  await connection.write(new TextEncoder().encode(request));
  const bytes = new Uint8Array(64);
  const read = await connection.read(bytes);
  return Number(new TextDecoder().decode(bytes.subarray(0, read ?? 0)).split(" ")[1]);
}

Deno.test("every path wants the token, whole", async () => {
  await served(async ({ ask }) => {
    for (const path of ["/", "/sheet", "/labels", "/nothing"]) {
      for (const token of ["", "x", TOKEN.slice(1), TOKEN + "0", TOKEN.toUpperCase()]) {
        assert.equal(await statusOf(ask(`${path}?token=${token}`)), 403, `${path} ${token}`);
      }
    }
    assert.equal(await statusOf(ask("/?nothing&token=")), 403);
    assert.equal(await statusOf(ask("/")), 200);
    assert.equal(await statusOf(ask("/sheet")), 200);
  });
});

Deno.test("another host's name and another page's request are refused", async () => {
  await served(async ({ server, ask, say, kept }) => {
    const { host } = new URL(server.address);
    const path = `GET /sheet?token=${TOKEN} HTTP/1.1`;
    assert.equal(await statusByHand(server, [path, `Host: ${host}`]), 200);
    for (const other of ["evil.example", "127.0.0.1", `evil.example:${host.split(":")[1]}`]) {
      assert.equal(await statusByHand(server, [path, `Host: ${other}`]), 403, other);
    }
    const said = { row: 2, attribute: "topic", label: "Tickets" };
    for (const origin of ["http://evil.example", "null", `https://${host}`, "http://127.0.0.1:1"]) {
      assert.equal(await statusOf(say(said, { origin })), 403, origin);
      assert.equal(await statusOf(ask("/sheet", { headers: { origin } })), 403, origin);
    }
    const post = `POST /labels?token=${TOKEN} HTTP/1.1`;
    const body = ["Content-Type: application/json", "Content-Length: 0"];
    assert.equal(await statusByHand(server, [post, `Host: ${host}`, ...body]), 403);
    assert.deepEqual(kept, []);
  });
});

Deno.test("the page lets nothing run but its own script, and nothing be kept", async () => {
  await served(async ({ ask }) => {
    const [page, again] = await Promise.all([ask("/"), ask("/")]);
    const policy = page.headers.get("content-security-policy") ?? "";
    const nonce = /script-src 'nonce-([\w-]+)'/.exec(policy)?.[1];
    assert(nonce !== undefined && policy.startsWith("default-src 'none';"), policy);
    assert(!/unsafe|\*|https?:/.test(policy), policy);
    assert(!(again.headers.get("content-security-policy") ?? "").includes(nonce));
    await again.body?.cancel();
    assert.equal(page.headers.get("cache-control"), "no-store");
    assert.equal(page.headers.get("referrer-policy"), "no-referrer");
    assert.equal(page.headers.get("x-content-type-options"), "nosniff");
    const html = await page.text();
    assert.equal(html.split(`nonce="${nonce}"`).length, 3);
    assert(!/\{\{|\/\* (style|script) \*\/|\son\w+=|https?:/.test(html));
    assert(html.includes("textContent") && !/innerHTML|insertAdjacent|document\.write/.test(html));
    for (const { text } of SHEET.rows) assert(!html.includes(text));
  });
});

Deno.test("the page's data holds the texts and what is asked, no chance and no judge", async () => {
  await served(async ({ ask }) => {
    const response = await ask("/sheet");
    assert.equal(response.headers.get("cache-control"), "no-store");
    const { name, questions, rows } = await response.json();
    assert.deepEqual({ name, questions }, { name: SHEET.name, questions: SHEET.questions });
    assert.deepEqual(
      rows,
      SHEET.rows.map(({ row, text, asked, labels }) => ({
        row,
        text: text.replace("\u202e", "\\u202e"),
        asked,
        labels,
      })),
    );
  });
});

Deno.test("nothing else is served, whatever the path says", async () => {
  await served(async ({ server, ask }) => {
    const { host } = new URL(server.address);
    for (const path of ["/labels", "/page.js", "/%2e%2e/run.json", "/..%2f..%2fetc%2fpasswd"]) {
      assert.equal(await statusOf(ask(path)), 404, path);
    }
    const raw = `GET /../../../etc/passwd?token=${TOKEN} HTTP/1.1`;
    assert.equal(await statusByHand(server, [raw, `Host: ${host}`]), 404);
    const { origin } = new URL(server.address);
    for (const method of ["PUT", "DELETE", "OPTIONS"]) {
      assert.equal(await statusOf(ask("/labels", { method, headers: { origin } })), 404, method);
    }
  });
});

Deno.test("a label is kept before it is answered, and a reload shows it", async () => {
  await served(async ({ say, ask, kept, server }) => {
    const said = { row: 2, attribute: "topic", label: "Tickets" };
    assert.equal(await statusOf(say(said)), 204);
    assert.deepEqual(kept, [
      { ...said, by: "person", sample: "stratified", p: 0.5, at: AT.toISOString() },
    ]);
    const labelsOf = async () => (await (await ask("/sheet")).json()).rows[1].labels;
    assert.deepEqual(await labelsOf(), { topic: "Tickets" });
    assert.deepEqual(server.sheet.rows[1]?.labels, { topic: "Tickets" });
    assert.equal(await statusOf(say({ ...said, label: null })), 204);
    assert.deepEqual(await labelsOf(), {});
    assert.deepEqual(kept.map(({ label }) => label), ["Tickets", null]);
  });
});

Deno.test("what is no label is 400, what is too long 413, and nothing is kept", async () => {
  await served(async ({ say, kept }) => {
    const said = { row: 2, attribute: "topic", label: "Tickets" };
    const wrong = [
      "",
      "{",
      "null",
      [],
      { ...said, row: 3 },
      { ...said, row: "2" },
      { ...said, attribute: "tone" },
      { ...said, attribute: "__proto__" },
      { ...said, label: "Trams" },
      { ...said, label: "yes" },
      { ...said, label: undefined },
      { ...said, by: "judge:me" },
    ];
    for (const each of wrong) {
      const response = await say(each);
      assert.equal(response.status, 400, JSON.stringify(each));
      assert.match(await response.text(), /^No label: /);
    }
    assert.equal(await statusOf(say({ ...said, label: "x".repeat(5_000) })), 413);
    assert.equal(await statusOf(say(said, { "content-type": "text/plain" })), 415);
    assert.deepEqual(kept, []);
  });
});

Deno.test("a label that can't be kept is told to the page and ends the serving", async () => {
  const full = new UserError("labels.jsonl can't be written: no space", { exitCode: 3 });
  await served(async ({ say, server }) => {
    const response = await say({ row: 2, attribute: "topic", label: "Tickets" });
    assert.equal(response.status, 500);
    assert.match(await response.text(), /no space/);
    await assert.rejects(server.failed, full);
    assert.deepEqual(server.sheet, SHEET);
  }, () => {
    throw full;
  });
});

Deno.test("a port that is taken is named", async () => {
  await served(({ server }) => {
    const port = Number(new URL(server.address).port);
    assert.throws(() => serveSheet(SHEET, { port, token: TOKEN, keep() {} }), {
      name: "UserError",
      message: new RegExp(`^Port ${port} is taken: name another one with --port`),
    });
    return Promise.resolve();
  });
});
