import assert from "node:assert/strict";
import { isShallow, soundFault } from "../../../src/models/endpoint/fault_body.ts";

const nested = (depth: number) => JSON.parse("[".repeat(depth) + "]".repeat(depth));

Deno.test("a body that is deep or large is replaced by words, whatever its depth", () => {
  for (const depth of [100, 9_000, 100_000]) {
    assert.match(JSON.stringify(soundFault({ error: nested(depth) })), /too deep or too large/);
  }
  assert.match(JSON.stringify(soundFault({ error: Array(30_000).fill(1) })), /too deep or too/);
  assert(!isShallow({ a: Object.fromEntries(Array(30_000).entries()) }));
  assert(isShallow(nested(40)));
});

Deno.test("an error in a list is taken out of it", () => {
  const error = { code: 400, message: "Penalty is not enabled", status: "INVALID_ARGUMENT" };
  assert.deepEqual(soundFault([{ error }]), { error });
  assert.deepEqual(soundFault([]), []);
  assert.deepEqual(soundFault(["words"]), ["words"]);
});

Deno.test("code, param and type are words or numbers, or they aren't there", () => {
  const odd = JSON.parse(
    '{"error": {"message": "x", "code": {"toString": 1}, "type": [], "param": {"a": 1}, "__proto__": {"code": 401}}}',
  );
  assert.deepEqual(soundFault(odd), { error: { message: "x" } });
  const fine = { error: { message: "x", code: "c", type: 7, param: null } };
  assert.deepEqual(soundFault(fine), fine);
  assert.deepEqual(soundFault({ message: "x", code: {} }), { message: "x" });
});

Deno.test("a text is cut to what anybody reads; a body that is a text stays one", () => {
  const { error } = Object(soundFault({ error: { message: "x".repeat(100_000) } }));
  assert.equal(error.message.length, 4_096);
  assert.equal(soundFault("Bad gateway"), "Bad gateway");
  assert.equal(soundFault(null), null);
});
