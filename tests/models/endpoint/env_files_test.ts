import assert from "node:assert/strict";
import { join } from "node:path";
import {
  mergeLayers,
  readEnvironment,
  readLayers,
} from "../../../src/models/endpoint/env_files.ts";

async function folders(files: Record<string, string>) {
  const root = await Deno.makeTempDir();
  const [typedIn, project] = [join(root, "typed"), join(root, "project")];
  await Deno.mkdir(typedIn);
  await Deno.mkdir(project);
  for (const [name, text] of Object.entries(files)) {
    await Deno.writeTextFile(join(root, name), text);
  }
  const remove = () => Deno.remove(root, { recursive: true });
  return { typedIn, project, [Symbol.asyncDispose]: remove };
}

Deno.test("the environment beats .env where typed, which beats .env of the project", async () => {
  await using place = await folders({
    "typed/.env": "OPENAI_API_KEY=typed\nOPENAI_BASE_URL=typed\nHOME=typed\n",
    "project/.env": '\uFEFFOPENAI_API_KEY=project\nexport PLUMBLINE_MODEL="project" # last\n',
  });
  const env = { OPENAI_BASE_URL: "environment", OTHER: "kept" };
  assert.deepEqual(readEnvironment({ ...place, env }), {
    OPENAI_BASE_URL: "environment",
    OPENAI_API_KEY: "typed",
    PLUMBLINE_MODEL: "project",
    OTHER: "kept",
  });
});

Deno.test("each value is told with its file, and with the places that it beats", async () => {
  await using place = await folders({
    "typed/.env": "OPENAI_API_KEY=same\nOPENAI_BASE_URL=typed\n",
    "project/.env": "OPENAI_API_KEY=same\nOPENAI_BASE_URL=project\n",
  });
  const [typed, project] = [join(place.typedIn, ".env"), join(place.project, ".env")];
  assert.deepEqual(mergeLayers(readLayers({ ...place, env: { OPENAI_BASE_URL: " " } })), {
    OPENAI_BASE_URL: { value: " ", file: null, beaten: [typed, project] },
    OPENAI_API_KEY: { value: "same", file: typed, beaten: [] },
  });
});

Deno.test("one folder that is both counts once; none needs an .env", async () => {
  await using place = await folders({ "project/.env": "OPENAI_API_KEY=k\n" });
  const both = { typedIn: place.project, project: place.project, env: {} };
  assert.deepEqual(readLayers(both).map(({ file }) => file), [null, join(place.project, ".env")]);
  const none = { typedIn: place.typedIn, project: join(place.project, "nowhere"), env: { A: "b" } };
  assert.deepEqual(readEnvironment(none), { A: "b" });
});
