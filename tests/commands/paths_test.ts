import assert from "node:assert/strict";
import { join } from "node:path";
import { ok, startEndpoint } from "../endpoint.ts";
import { configFiles, folder, onlyRun, projectIn, run, write } from "./command_line.ts";

const SIMULATED = ["generate", "--model", "simulated:faithful", "--count", "1"];

Deno.test("paths and .env count from where a command was typed, defaults from the project", async (t) => {
  await using root = await folder();
  const project = await projectIn(root.path);
  const sub = join(project, "notes", "deep");
  await Deno.mkdir(sub, { recursive: true });

  await t.step("deno task in a subfolder: the project's config and output", async () => {
    const { code, err } = await run(SIMULATED, { from: sub, project, byTask: true });
    assert.equal(code, 0, err);
    assert.match(err, /· config \(Metro chat\) ·/);
    // It doesn't lie below the folder where the command was typed.
    assert(err.includes(`→ ${join(project, "output")}/config-1-`), err);
    await onlyRun(join(project, "output"));
  });

  await t.step("deno task in a subfolder: typed paths from there", async () => {
    await write(sub, configFiles("metro"));
    const words = [...SIMULATED, "--config", "metro", "--output", "./runs/"];
    const { code, err } = await run(words, { from: sub, project, byTask: true });
    assert.equal(code, 0, err);
    assert.match(err, /· metro \(Metro chat\) ·/);
    assert.match(err, /→ runs\/metro-1-\w{6}\n/);
    await onlyRun(join(sub, "runs"));
  });

  await t.step("typed in the project: the path of the run from there", async () => {
    const { code, err } = await run(SIMULATED, { from: project, project });
    assert.equal(code, 0, err);
    assert.match(err, /Nothing to do: 1 of 1 rows are there/);
    const { err: more } = await run([...SIMULATED, "--count=2"], { from: project, project });
    assert.match(more, /→ output\/config-1-\w{6}\n/);
  });

  await t.step(
    "through a symbolic link and a path above; commas above where it is typed",
    async () => {
      const odd = join(root.path, "Doe, Jané's rows");
      await write(odd, configFiles("metro"));
      await Deno.mkdir(join(root.path, "elsewhere"));
      await Deno.symlink(join(root.path, "elsewhere"), join(odd, "linked"));
      for (const output of ["out", "linked/new", "../above"]) {
        const words = [...SIMULATED, "--config", "./metro", "--output", output];
        const { code, err } = await run(words, { from: odd, project });
        assert.equal(code, 0, err);
        await onlyRun(join(odd, output));
      }
    },
  );

  await t.step(".env: the environment, then the typed-in folder, then the project", async () => {
    await using mine = await startEndpoint({ script: () => ok("mine") });
    await using theirs = await startEndpoint({ script: () => ok("theirs") });
    await write(project, {
      ".env": `OPENAI_API_KEY=project-key\nOPENAI_BASE_URL=${theirs.baseURL}\nPATH=/nowhere\n` +
        "PLUMBLINE_MODEL=openai:project-model\nPLUMBLINE_INSPECT=127.0.0.1:1\n",
    });
    const words = ["generate", "--count", "1", "--output", "runs-of-env"];

    await run(words, { from: project, project });
    assert.equal(theirs.log[0]?.headers.authorization, "Bearer project-key");
    assert.equal(theirs.log[0]?.body.model, "project-model");

    const folder = join(project, "notes");
    await write(folder, {
      ".env": `\uFEFF# mine\nexport OPENAI_BASE_URL="${mine.baseURL}"\r\nPLUMBLINE_MODEL=\n`,
    });
    const env = { OPENAI_API_KEY: "typed-key" };
    const { code, err } = await run(words, { from: folder, project, env });
    assert.equal(code, 0, err);
    assert.equal(mine.log[0]?.headers.authorization, "Bearer typed-key");
    // Blank counts as unset: the key chose the default model.
    assert.match(mine.log[0]?.body.model ?? "", /^gpt-/);
    assert.equal(theirs.requests, 1);

    // A Python environment is often named so.
    const python = join(root.path, "python");
    await Deno.mkdir(join(python, ".env"), { recursive: true });
    const beside = await run([...SIMULATED, "--output", "out"], { from: python, project });
    assert.equal(beside.code, 0, beside.err);
  });
});
