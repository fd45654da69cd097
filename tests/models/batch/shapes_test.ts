import assert from "node:assert/strict";
import OpenAI from "openai";
import { batchShape, resultOf, stateOf } from "../../../src/models/batch/shapes.ts";

const line = { id: "batch_req_1", custom_id: "row-7" };

function resultFor(fields: Record<string, unknown>) {
  return resultOf(JSON.stringify({ ...line, ...fields }));
}

Deno.test("a 200 gives its body, another status the error that the client would throw", () => {
  const body = { choices: [] };
  assert.deepEqual(
    resultFor({ response: { status_code: 200, request_id: "r", body }, error: null }),
    { id: "row-7", came: { body } },
  );
  const error = { message: "Too much", code: "rate_limit_exceeded" };
  const result = resultFor({ response: { status_code: 429, body: { error } } });
  assert(result !== null && "error" in result.came);
  assert(result.came.error instanceof OpenAI.APIError);
  assert.deepEqual([result.came.error.status, result.came.error.code], [
    429,
    "rate_limit_exceeded",
  ]);
  for (const body of ["a text", null, undefined, 7]) {
    const odd = resultFor({ response: { status_code: 500, body } });
    assert(odd !== null && "error" in odd.came && odd.came.error instanceof OpenAI.APIError);
  }
});

Deno.test("an error of any shape is one that can be read", () => {
  const errors: [body: unknown, message: string, code: unknown][] = [
    [
      JSON.parse(`{"error": ${"[".repeat(9_000)}${"]".repeat(9_000)}}`),
      "400 an error too",
      undefined,
    ],
    [[{ error: { message: "Penalty is not enabled", code: 7 } }], "400 Penalty is not", 7],
    [{ error: { message: "No", code: { toString: 1 } } }, "400 No", undefined],
    [{ message: "No", code: "odd" }, "400 No", "odd"],
    ["Bad gateway", "400 Bad gateway", undefined],
  ];
  for (const [body, message, code] of errors) {
    const result = resultFor({ response: { status_code: 400, body } });
    assert(result !== null && "error" in result.came);
    const { error } = result.came;
    assert(error instanceof OpenAI.APIError);
    assert(error.message.startsWith(message), error.message);
    assert.equal(error.code, code);
  }
});

Deno.test("a request that was never looked at says why, another error is the endpoint's own", () => {
  const undone = (code: string) => resultFor({ response: null, error: { code, message: "…" } });
  assert.deepEqual(undone("batch_expired")?.came, { undone: "expired" });
  assert.deepEqual(undone("batch_cancelled")?.came, { undone: "cancelled" });
  const came = undone("server_error")?.came;
  assert(came !== undefined && "error" in came && came.error instanceof OpenAI.APIError);
  assert.equal(came.error.status, 500);
});

Deno.test("what is no result is null", () => {
  const texts = [
    "",
    "{",
    "null",
    "7",
    "[]",
    '{"custom_id": 7}',
    '{"custom_id": "row-7"}',
    '{"custom_id": "row-7", "response": {"status_code": "200"}}',
  ];
  for (const text of texts) assert.equal(resultOf(text), null, text);
});

Deno.test("a batch needs an id and a status; what else is odd counts as missing", () => {
  const odd = {
    id: "batch_1",
    status: "in_progress",
    output_file_id: 7,
    created_at: "today",
    request_counts: { total: -1 },
    errors: "none",
    metadata: [],
  };
  assert.deepEqual(stateOf(batchShape.parse(odd)), {
    id: "batch_1",
    status: "open",
    outputFile: null,
    errorFile: null,
    counts: null,
    errors: [],
    ms: 0,
  });
  assert(!batchShape.safeParse({ id: "", status: "completed" }).success);
  assert(!batchShape.safeParse("<html>").success);
  const ended = { id: "b", status: "expired", created_at: 100, expired_at: 160 };
  const { status, ms } = stateOf(batchShape.parse(ended));
  assert.deepEqual([status, ms], ["expired", 60_000]);
});
