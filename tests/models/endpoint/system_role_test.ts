import assert from "node:assert/strict";
import { inUserMessage, refusesSystemRole } from "../../../src/models/endpoint/system_role.ts";

Deno.test("each server's words for a missing system role are known", () => {
  const said = [
    "System role not supported",
    "400 Jinja Exception: System role not supported",
    "Developer instruction is not enabled for models/small-it",
    "Conversation roles must alternate user/assistant/user/assistant/...",
    "Unsupported value: 'messages[0].role' does not support 'system' with this model.",
    "Unexpected role 'system' after role 'user'",
    "Only user and assistant roles are supported!",
    "'system' is not one of ['user', 'assistant'] - 'messages.0.role'",
    "This model does not support system messages",
    "system messages are not supported by this model",
  ];
  for (const words of said) assert(refusesSystemRole(words), words);
  const others = [
    "Internal system error",
    "The system is not available",
    "system prompt under review",
    "insufficient_system_resource",
    "The role of the user is not known",
  ];
  for (const words of others) assert(!refusesSystemRole(words), words);
});

Deno.test("the system text stands before the first message of the user, all else stays", () => {
  const [system, user, assistant] = (["system", "user", "assistant"] as const).map(
    (role) => (content: string) => ({ role, content }),
  );
  assert.deepEqual(
    inUserMessage([system!("S"), user!("a"), assistant!("b"), user!("c")]),
    [user!("S\n\na"), assistant!("b"), user!("c")],
  );
  assert.deepEqual(inUserMessage([system!("S"), system!("T")]), [user!("S\n\nT")]);
  assert.deepEqual(inUserMessage([user!("a")]), [user!("a")]);
});
