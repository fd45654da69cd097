import assert from "node:assert/strict";
import { chooseModel } from "../../../src/models/choice.ts";
import { modelVariables } from "../../../src/models/endpoint/environment.ts";
import { PROVIDERS, providers, variablesOf } from "../../../src/models/endpoint/providers.ts";

const root = new URL("../../../", import.meta.url);

Deno.test("each variable belongs to one provider, and all of them may stand in an .env file", () => {
  const all = providers.flatMap(variablesOf);
  assert.equal(new Set(all).size, all.length);
  assert.deepEqual([...modelVariables].sort(), [...all, "PLUMBLINE_MODEL"].sort());
  for (const provider of providers) {
    const { remote } = PROVIDERS[provider];
    for (const name of [...remote?.chosenBy ?? [], ...Object.values(remote?.otherNames ?? {})]) {
      assert(variablesOf(provider).includes(name), name);
    }
  }
});

Deno.test("a model without a name is found: a default, or a variable of the provider's", () => {
  for (const provider of providers) {
    const { defaultName, remote } = PROVIDERS[provider];
    const variable = remote?.variables.model;
    assert(defaultName !== null || variable !== undefined, provider);
    const env = variable === undefined ? {} : { [variable]: "named" };
    const { name } = chooseModel({ flag: `${provider}:`, env, settings: {} });
    assert.equal(name, variable === undefined ? defaultName : "named");
  }
});

Deno.test("a provider's own example and fallback are addresses as it takes them", () => {
  for (const provider of providers) {
    const { remote } = PROVIDERS[provider];
    if (remote === null) continue;
    const { example, fallback, hosts } = remote.address;
    assert(URL.canParse(example));
    if (fallback !== null) assert(hosts.test(new URL(fallback).hostname));
  }
});

Deno.test("a provider has one home: its facts, its client, its batches", async () => {
  const naming: string[] = [];
  for (const path of await filesBelow("src")) {
    if (!path.endsWith(".ts") || path.startsWith("src/models/batch/")) continue;
    if (/["'`.]azure\b|AZURE_/.test(code(await Deno.readTextFile(new URL(path, root))))) {
      naming.push(path);
    }
  }
  assert.deepEqual(naming, [
    // The help of --model, word for word.
    "src/commands/generate.ts",
    "src/models/endpoint/client.ts",
    "src/models/endpoint/providers.ts",
    "src/models/types.ts",
  ]);
});

/** A file without its comments. */
function code(text: string): string {
  return text.replace(/\/\*[\s\S]*?\*\/|\/\/.*$/gm, "");
}

async function filesBelow(folder: string): Promise<string[]> {
  const files: string[] = [];
  for await (const { name, isDirectory } of Deno.readDir(new URL(folder, root))) {
    const path = `${folder}/${name}`;
    if (isDirectory) files.push(...await filesBelow(path));
    else files.push(path);
  }
  return files.sort();
}
