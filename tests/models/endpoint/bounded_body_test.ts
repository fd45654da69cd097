import assert from "node:assert/strict";
import { gzipSync } from "node:zlib";
import type { Behaviour } from "../../endpoint.ts";
import { startEndpoint } from "../../endpoint.ts";
import { LONGEST_ANSWER } from "../../../src/models/endpoint/bounded_body.ts";
import { callAt, faultFrom, replyFrom } from "../asking.ts";

/** A whole answer, written in pieces of these bytes. */
function body(
  bytes: Uint8Array,
  headers: Record<string, string>,
  { status = 200, piece = 65_536 } = {},
): Behaviour {
  return ({ response }) => {
    response.writeHead(status, { "content-type": "application/json", ...headers });
    for (let at = 0; at < bytes.length; at += piece) response.write(bytes.subarray(at, at + piece));
    response.end();
  };
}

/** A completion of so many bytes. */
function completion(size: number): Uint8Array<ArrayBuffer> {
  const [start, end] = ['{"choices": [{"message": {"content": "', '"}, "finish_reason": "stop"}]}'];
  return new TextEncoder().encode(start + "å".repeat((size - start.length - end.length) / 2) + end);
}

const packed = { "content-encoding": "gzip" };

Deno.test("an answer of the longest size is read, packed, in pieces or with its length", async () => {
  const whole = completion(LONGEST_ANSWER);
  assert(whole.length > LONGEST_ANSWER - 2);
  const behaviours = [
    body(whole, { "content-length": `${whole.length}` }),
    body(whole, {}, { piece: 1_000_001 }),
    body(gzipSync(whole), packed),
  ];
  for (const behaviour of behaviours) {
    await using server = await startEndpoint({ script: () => behaviour });
    const { text } = await replyFrom(callAt(server.baseURL).call);
    assert.equal(text?.replaceAll("å", ""), "");
    assert(text.length > LONGEST_ANSWER / 2 - 100);
  }
});

Deno.test("a longer answer is its row's fault and not asked for again", async () => {
  const long = completion(LONGEST_ANSWER + 2);
  const behaviours = [
    body(long, { "content-length": `${long.length}` }),
    body(long, {}),
    body(gzipSync(long), packed),
    // 64 MB in 64 kB.
    body(gzipSync(completion(16 * LONGEST_ANSWER)), packed),
  ];
  for (const behaviour of behaviours) {
    await using server = await startEndpoint({ script: () => behaviour });
    const { kind, reason } = await faultFrom(callAt(server.baseURL).call);
    assert.deepEqual([kind, reason], ["rejected", "the answer is longer than 4 MB"]);
    assert.equal(server.requests, 1);
  }
});

Deno.test("an answer without an end is left at the bound", async () => {
  const endless: Behaviour = ({ response }) => {
    response.writeHead(200, { "content-type": "application/json" });
    const more = () => {
      while (!response.destroyed && response.write(" ".repeat(65_536)));
    };
    response.on("drain", more);
    more();
  };
  await using server = await startEndpoint({ script: () => endless });
  assert.equal((await faultFrom(callAt(server.baseURL).call)).kind, "rejected");
});

Deno.test("an answer in pieces that breaks off says so, one that stalls is late", async () => {
  const broken: Behaviour = ({ response }) => {
    response.writeHead(200, { "content-type": "application/json" });
    response.write('{"choices": [', () => response.req.socket.destroy());
  };
  await using server = await startEndpoint({ script: () => broken });
  assert.match((await faultFrom(callAt(server.baseURL).call)).reason, /^the answer broke off: /);
  const stalled: Behaviour = ({ response }) => {
    response.writeHead(200, { "content-type": "application/json" });
    response.write('{"choices": [');
  };
  await using slow = await startEndpoint({ script: () => stalled });
  const { reason } = await faultFrom(callAt(slow.baseURL, { timeoutSeconds: 0.1 }).call);
  assert.match(reason, /^no answer in time from /);
});

Deno.test("a fault's body of any shape is a fault with its status, and no more", async () => {
  const deep = '{"error":' + "[".repeat(30_000) + "]".repeat(30_000) + "}";
  const bodies = [
    deep,
    deep.slice(9, -1),
    '{"error": {"message": "x", "code": {"toString": 1}}}',
    '{"error": {"message": "x", "type": {"toString": 1}, "param": ["messages"]}}',
    '{"error": {"__proto__": {"message": "x"}, "constructor": 1}}',
    '{"error": {"message": {"toString": 1, "deep": [[[]]]}}}',
    '{"__proto__": 1, "toString": 2}',
    '{"error": null}',
    "null",
    "[]",
    "a".repeat(65_000),
    "<".repeat(65_000),
    "queue ".repeat(11_000),
  ];
  for (const text of bodies) {
    for (const code of [400, 429, 500]) {
      const behaviour = body(new TextEncoder().encode(text), {}, { status: code });
      await using server = await startEndpoint({ script: () => behaviour });
      const fault = await faultFrom(callAt(server.baseURL).call);
      assert.equal(fault.status, code, text.slice(0, 60));
      assert(fault.reason.length <= 200);
    }
  }
});

Deno.test("a 200 of any shape that is no answer passes, and no more", async () => {
  const bodies = [
    "[".repeat(1_000_000) + "]".repeat(1_000_000),
    '{"choices": [{"message": ' + "[".repeat(50_000) + "]".repeat(50_000) + "}]}",
    '{"error": {"message": ' + "[".repeat(50_000) + "]".repeat(50_000) + "}}",
    '{"choices": {"__proto__": []}, "toString": 1}',
    '"' + "a".repeat(3_000_000) + '"',
  ];
  for (const text of bodies) {
    await using server = await startEndpoint({
      script: () => body(new TextEncoder().encode(text), {}),
    });
    const { kind, reason } = await faultFrom(callAt(server.baseURL).call);
    assert.equal(kind, "passing");
    assert(reason.length <= 200);
  }
  for (const type of ["text/plain", "text/event-stream"]) {
    await using server = await startEndpoint({
      script: () => body(new TextEncoder().encode("a".repeat(3_000_000)), { "content-type": type }),
    });
    assert.equal((await faultFrom(callAt(server.baseURL).call)).kind, "passing");
  }
});
