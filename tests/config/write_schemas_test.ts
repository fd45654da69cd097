import assert from "node:assert/strict";
import { z } from "zod";
import { schemaFiles } from "../../src/config/write_schemas.ts";

const ROOT = new URL("../../", import.meta.url);

/** A check by the schema file as an editor would make it. */
async function schema(name: string): Promise<(data: unknown) => boolean> {
  const file = new URL(`src/config/schemas/${name}.schema.json`, ROOT);
  const shape = z.fromJSONSchema(JSON.parse(await Deno.readTextFile(file)));
  return (data) => shape.safeParse(data).success;
}

async function data(path: string): Promise<unknown> {
  return JSON.parse(await Deno.readTextFile(new URL(path, ROOT)));
}

for (const [name, text] of Object.entries(schemaFiles())) {
  Deno.test(`${name} is what write_schemas.ts makes of the shapes`, async () => {
    assert.equal(await Deno.readTextFile(new URL(`src/config/schemas/${name}`, ROOT)), text);
  });

  Deno.test(`${name} explains every key in words`, () => {
    const explained = (node: unknown): void => {
      if (typeof node !== "object" || node === null) return;
      if ("properties" in node && typeof node.properties === "object" && node.properties !== null) {
        for (const [key, property] of Object.entries(node.properties)) {
          assert.match(property.description ?? "", /^[A-Z"].{10,}\.$/, key);
        }
      }
      Object.values(node).forEach(explained);
    };
    explained(JSON.parse(text));
  });
}

for (const folder of ["config", "config/nordic"]) {
  Deno.test(`The schemas accept the files of ${folder}`, async () => {
    const injection = await schema("injection");
    for await (const { name } of Deno.readDir(new URL(`${folder}/injections`, ROOT))) {
      assert(injection(await data(`${folder}/injections/${name}`)), name);
    }
    const length = await schema("length");
    assert(length(await data(`${folder}/response_length_distribution.json`)));
    assert((await schema("settings"))(await data(`${folder}/settings.json`)));
  });
}

Deno.test("The schemas refuse what the loader refuses", async () => {
  const injection = await schema("injection");
  assert(!injection([]));
  assert(!injection([{ tone: "Angry" }]));
  assert(!injection([{ tone: 3, "frequency score": 1 }]));
  assert(!injection([{ tone: "Angry", "frequency score": -1 }]));
  const length = await schema("length");
  assert(!length({ mean: 2, sigma: -1, shift: 2 }));
  assert(!length({ mean: 2, sigma: 1, shift: 2, mx: 2 }));
  const settings = await schema("settings");
  assert(!settings({ temprature: 1 }));
  assert(!settings({ temperature: 3 }));
  assert(!settings({ price: { input: 1 } }));
});

Deno.test("The schema of attributes asks for a value beside the score", () => {
  const text = schemaFiles()["injection.schema.json"] ?? "";
  assert.equal(JSON.parse(text).items.minProperties, 2);
});
