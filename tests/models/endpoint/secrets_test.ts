import assert from "node:assert/strict";
import fc from "npm:fast-check@4.10.2";
import {
  cutBeforeSecret,
  secretsOf,
  withoutSecrets,
} from "../../../src/models/endpoint/secrets.ts";

const url = (text: string) => new URL(text);

Deno.test("a key is a secret as it is, escaped for an address and for JSON", () => {
  const secrets = secretsOf({ apiKey: 'k/"3y', url: url("http://h/v1") });
  assert.deepEqual(secrets.toSorted(), ["k%2F%223y", 'k/"3y', 'k/\\"3y'].toSorted());
  assert.deepEqual(secretsOf({ apiKey: undefined, url: url("http://h/v1") }), []);
});

Deno.test("a password in the address is one in all its forms, its Basic pair too", () => {
  const secrets = secretsOf({ apiKey: undefined, url: url("http://me:p%40ss%20word@h/v1") });
  const pair = btoa("me:p@ss word");
  for (const form of ["p%40ss%20word", "p@ss word", pair, pair.replace(/=+$/, "")]) {
    assert(secrets.includes(form), form);
  }
  assert(!secrets.includes("me"));
  const told = `Authorization: Basic ${pair} for p@ss word, p%40ss%20word`;
  assert.equal(withoutSecrets(told, secrets), "Authorization: Basic … for …, …");
});

Deno.test("a name without a password is a token; letters beyond Latin do no harm", () => {
  assert(secretsOf({ apiKey: undefined, url: url("http://t0ken-1@h/") }).includes("t0ken-1"));
  const secrets = secretsOf({
    apiKey: undefined,
    url: url("http://me:%E5%AF%86%E7%A0%81%21%21@h/"),
  });
  assert(secrets.includes("密码!!"));
});

Deno.test("the longer secret goes first, so that no rest of it is left", () => {
  const secrets = secretsOf({ apiKey: "abcd", url: url("http://me:abcd-efgh@h/") });
  assert.equal(withoutSecrets("abcd-efgh abcd", secrets), "… …");
});

Deno.test("a cut leaves no beginning of a secret, wherever it falls", () => {
  fc.assert(fc.property(fc.string(), fc.string(), fc.nat(60), (before, after, length) => {
    const secret = "q7-Secret_Key";
    const cut = cutBeforeSecret(before + secret + after, { length, secrets: [secret] });
    assert((before + secret + after).startsWith(cut));
    if (length < before.length || length >= before.length + secret.length) return;
    // It fell into the secret.
    assert(cut.length <= before.length);
  }));
});
