import assert from "node:assert/strict";
import { join } from "node:path";
import { CHECKOUT, folder, projectIn, run, start, until, write } from "./command_line.ts";

// Programs of these names stand in for the real ones; as shell scripts they are not for Windows.
const ignore = Deno.build.os === "windows";

/** A script that writes down how it was called, a word a line, and then does as told. */
function recording(log: string, then = ""): string {
  return `#!/bin/sh\n{ printf '%s\\n' "== $0" "$@"; echo "jupyter $JUPYTER_PATH";` +
    ` echo "model $PLUMBLINE_MODEL"; } >> '${log}'\n${then}\n`;
}

/** A folder whose `bin` is the whole PATH, with a project in it that has notebooks only. */
async function machine(programs: Record<string, string>): Promise<
  { path: string; env: Record<string, string>; log(): Promise<string> } & AsyncDisposable
> {
  const made = await folder();
  const log = join(made.path, "log");
  await Deno.mkdir(join(made.path, "bin"));
  for (const [name, then] of Object.entries(programs)) {
    const path = join(made.path, "bin", name);
    await Deno.writeTextFile(path, recording(log, then));
    await Deno.chmod(path, 0o755);
  }
  return {
    path: made.path,
    // The kernel's description goes below XDG_DATA_HOME on Linux, below HOME elsewhere.
    env: { PATH: join(made.path, "bin"), XDG_DATA_HOME: join(made.path, "data"), ...denoFolder() },
    log: () => Deno.readTextFile(log).catch(() => ""),
    [Symbol.asyncDispose]: made[Symbol.asyncDispose],
  };
}

/** Where Deno keeps its packages, which it finds by a variable or in the home folder. */
function denoFolder(): Record<string, string> {
  const own = Deno.env.get("DENO_DIR");
  return own === undefined ? {} : { DENO_DIR: own };
}

Deno.test({
  name: "lab brings JupyterLab by uvx and passes flags, further words and the exit code on",
  ignore,
  async fn() {
    await using box = await machine({
      uvx: 'case "$*" in *--version) echo 4.6.6;; *) exit 7;; esac',
    });
    await write(box.path, { ".env": "PLUMBLINE_MODEL=simulated:leaky\nOTHER=1\n" });
    const words = ["--port", "9001", "--token", "x y", "--no-browser", "--", "--ip", "0.0.0.0"];
    const { code, out, err } = await run(["lab", ...words], { from: box.path, env: box.env });
    assert.deepEqual([code, out], [7, ""], err);
    const calls = (await box.log()).split("== ").slice(1).map((call) => call.trim().split("\n"));
    assert.deepEqual(calls.map(([, ...words]) => words.slice(0, -2)), [
      ["--from", "jupyterlab>=4.6,<5", "jupyter-lab", "--version"],
      [
        "--from",
        "jupyterlab>=4.6,<5",
        "jupyter-lab",
        `--ServerApp.root_dir=${join(CHECKOUT, "notebooks")}`,
        "--ServerApp.answer_yes=True",
        "--ServerApp.port=9001",
        "--IdentityProvider.token=x y",
        "--no-browser",
        "--ip",
        "0.0.0.0",
      ],
    ]);
    const [jupyter = "", model] = calls[1]?.slice(-2) ?? [];
    assert.equal(model, "model simulated:leaky");
    const data = jupyter.replace("jupyter ", "");
    const spec = JSON.parse(await Deno.readTextFile(join(data, "kernels/deno/kernel.json")));
    // No deno is on the PATH: the kernel is named by its own path.
    assert.equal(await Deno.realPath(spec.argv[0]), await Deno.realPath(Deno.execPath()));
    assert.deepEqual(spec.argv.slice(1, 3), ["jupyter", "--kernel"]);
  },
});

Deno.test({
  name: "without flags JupyterLab gets no port and no token, and opens a browser",
  ignore,
  async fn() {
    await using box = await machine({ uvx: "" });
    assert.equal((await run(["lab"], { from: box.path, env: box.env })).code, 0);
    assert.doesNotMatch(await box.log(), /port|token|browser/);
  },
});

Deno.test({
  name: "without uvx and python3 lab says what is missing, and how else to open the notebooks",
  ignore,
  async fn() {
    await using box = await machine({});
    const project = await projectIn(box.path);
    const { code, err } = await run(["lab"], { from: box.path, env: box.env, project });
    assert.equal(code, 2);
    assert.match(
      err,
      /^JupyterLab can't be had:\n- uvx is not installed\n- python3 is not installed/m,
    );
    assert.match(err, /Install uv[^]*VS Code/);
  },
});

Deno.test({
  name: "where uvx is missing or fails, python3 makes an environment once",
  ignore,
  async fn() {
    for (const uvx of [undefined, "echo 'no network' >&2; exit 2"]) {
      await using box = await machine({
        ...(uvx === undefined ? {} : { uvx }),
        // Makes no environment, so that nothing of this checkout is touched: the next step fails.
        python3: 'case "$*" in --version) exit 0;; *) echo "no ensurepip" >&2; exit 1;; esac',
      });
      const project = await projectIn(box.path);
      const { code, err } = await run(["lab"], { from: box.path, env: box.env, project });
      assert.equal(code, 2);
      assert.match(err, /no ensurepip/);
      assert.match(err, uvx === undefined ? /uvx is not installed/ : /uvx could not bring/);
      assert.match(err, /- python3 can't make an environment \(see above\)/);
      const made = join(project, ".cache/jupyterlab");
      assert((await box.log()).includes(`-m\nvenv\n${made}\n`));

      // Where the environment is there, it is used.
      const there = join(made, "bin", "jupyter-lab");
      await Deno.mkdir(join(made, "bin"), { recursive: true });
      const log = join(box.path, "log");
      await Deno.writeTextFile(
        there,
        recording(log, 'test "$1" = --version && echo 4.7.0 || exit 3'),
      );
      await Deno.chmod(there, 0o755);
      const again = await run(["lab"], { from: box.path, env: box.env, project });
      assert.equal(again.code, 3, again.err);
      assert((await box.log()).includes(`== ${there}\n--ServerApp.root_dir=${project}/notebooks`));
    }
  },
});

Deno.test({
  name: "an interrupt is passed on, and JupyterLab's end is waited for",
  ignore,
  async fn() {
    await using box = await machine({
      uvx: 'case "$*" in *--version) exit 0;; esac\n' +
        'trap "echo ended >&2; exit 5" INT TERM\necho running >&2\n' +
        "while kill -0 $PPID; do read -r line < /dev/null; done",
    });
    for (const signal of ["SIGINT", "SIGTERM"] as const) {
      const started = start(["lab"], { from: box.path, env: box.env });
      await until("it runs", () => started.err.includes("running"));
      started.kill(signal);
      const { code, err } = await started.ended;
      assert.equal(code, 5);
      assert.match(err, /ended/);
    }
  },
});
