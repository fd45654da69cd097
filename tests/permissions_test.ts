import assert from "node:assert/strict";
import { join } from "node:path";
import type { Access, Invocation } from "../src/commands/command.ts";
import { COMMANDS, parseWords } from "../src/commands/program.ts";
import { permissionFlags, withLinkedFolders } from "../src/permissions.ts";
import { CHECKOUT, folderWithConfig, start, until, write } from "./commands/command_line.ts";
import { hang, startEndpoint } from "./endpoint.ts";
import { manifest } from "./run/fixtures.ts";

const NOTHING: Access = { read: [], write: [], net: [], env: [], sys: [], localModel: null };

/** What a command may reach, typed in a folder that has the config folder `metro`. */
async function accessOf(
  words: string[],
  { typedIn, env = {} }: { typedIn: string; env?: Record<string, string> },
): Promise<Access> {
  const typed = await parseWords(words);
  assert("spec" in typed && "prepare" in typed.spec);
  const invocation: Invocation = { parsed: typed.parsed, env, typedIn, project: CHECKOUT };
  const write = Deno.stderr.writeSync;
  Deno.stderr.writeSync = (bytes) => bytes.length;
  try {
    const { withoutLocalModel: _, handedOn = {}, ...access } = await typed.spec.prepare(invocation);
    assert(!JSON.stringify({ access, handedOn }).includes(KEY), "a key is handed on");
    const { PLUMBLINE_SET_UP: __, ...others } = handedOn;
    return Object.keys(others).length === 0 ? access : { ...access, handedOn: others };
  } finally {
    Deno.stderr.writeSync = write;
  }
}

/** How the heap of rows that stream through may grow. */
const V8_FLAGS = "--max-semi-space-size=8,--heap-growing-percent=30,--no-parallel-scavenge";
/** How that of rows that are analysed together may. */
const ANALYSIS_V8_FLAGS = "--max-semi-space-size=4,--heap-growing-percent=60";

const KEY = "k3y-of-a-test";
const OF_OPENAI = [
  "PLUMBLINE_MODEL",
  "OPENAI_API_KEY",
  "OPENAI_BASE_URL",
  "OPENAI_ORG_ID",
  "OPENAI_PROJECT_ID",
];

const ESTIMATE = ["estimate", "--config", "metro", "--output", "out"];
const DOCTOR = ["doctor", "--json", "--config", "metro", "--output", "out"];
const GENERATE = ["generate", "--config", "metro", "--output", "out"];

Deno.test("each call may reach what it needs and nothing else", async (t) => {
  await using from = await folderWithConfig();
  const typedIn = from.path;
  const [metro, out] = [join(typedIn, "metro"), join(typedIn, "out")];
  const writing = { read: [metro, out], write: [out], sys: ["hostname"] };
  const keys = { OPENAI_API_KEY: KEY, AZURE_OPENAI_API_KEY: KEY };
  const loopback = { OPENAI_BASE_URL: "http://127.0.0.1:8123/v1" };
  const [made, about] = [join(typedIn, "new"), join(typedIn, "about.txt")];
  const runs = join(typedIn, "runs");
  const run = join(runs, "metro-1");
  const findings = [join(run, "analysis.json"), join(run, ".analysis.json.exporting")];
  const [to, temporary] = [join(typedIn, "t.json"), join(typedIn, ".t.json.exporting")];
  const starter = join(CHECKOUT, "src/config/starter");
  const initFrom = ["init", "new", "--from", "about.txt"];
  await write(typedIn, {
    "about.txt": "The chat of a tram.",
    "runs/metro-1/run.json": manifest(4),
    ".env": "OPENAI_BASE_URL=http://127.0.0.1:8123/v1",
  });
  const cases: [string, string[], Record<string, string>, Partial<Access>][] = [
    ["plan", ["plan", "--config", "metro"], keys, { read: [metro] }],
    ["a rehearsal", [...GENERATE, "--model", "simulated:leaky"], keys, {
      ...writing,
      env: ["PLUMBLINE_MODEL"],
    }],
    [
      "a server on loopback",
      [...GENERATE, "--model", "openai:m"],
      { OPENAI_BASE_URL: "http://127.0.0.1:8123/v1" },
      {
        ...writing,
        net: ["127.0.0.1:8123"],
        env: OF_OPENAI,
      },
    ],
    ["OpenAI", GENERATE, keys, {
      ...writing,
      net: ["api.openai.com:443"],
      env: OF_OPENAI,
    }],
    [
      "Azure",
      [...GENERATE, "--model", "azure:d"],
      { ...keys, AZURE_OPENAI_ENDPOINT: "https://mine.openai.azure.com/" },
      {
        ...writing,
        net: ["mine.openai.azure.com:443"],
        env: [
          "PLUMBLINE_MODEL",
          "AZURE_OPENAI_ENDPOINT",
          "AZURE_OPENAI_API_KEY",
          "AZURE_OPENAI_API_VERSION",
          "AZURE_OPENAI_CHATMODEL",
        ],
      },
    ],
    ["a local model", [...GENERATE, "--model", "local:smollm2-135m"], keys, {
      ...writing,
      env: ["PLUMBLINE_MODEL"],
      localModel: "smollm2-135m",
    }],
    ["a dry run", [...GENERATE, "--dry-run"], keys, {
      read: [metro, out],
      env: ["OPENAI_BASE_URL"],
      handedOn: { PLUMBLINE_MODEL: "openai:gpt-4.1-mini" },
    }],
    ["an estimate", ESTIMATE, keys, {
      read: [metro, out],
      env: ["OPENAI_BASE_URL"],
      handedOn: { PLUMBLINE_MODEL: "openai:gpt-4.1-mini" },
    }],
    ["an estimate of a rehearsal", [...ESTIMATE, "--model", "simulated:leaky"], keys, {
      read: [metro, out],
      handedOn: { PLUMBLINE_MODEL: "simulated:leaky" },
    }],
    ["an estimate that asks", [...ESTIMATE, "--model", "openai:m", "--probe", "2"], keys, {
      ...writing,
      net: ["api.openai.com:443"],
      env: OF_OPENAI,
    }],
    ["init", ["init", "new"], keys, { read: [starter, made], write: [made] }],
    ["init that asks", [...initFrom, "--model", "openai:m"], keys, {
      read: [starter, made, about],
      write: [made],
      net: ["api.openai.com:443"],
      env: OF_OPENAI,
    }],
    ["init by a model that can't propose", [...initFrom, "--model", "local:"], keys, {
      read: [starter, made, about],
      write: [made],
      env: ["PLUMBLINE_MODEL"],
    }],
    ["doctor", [...DOCTOR, "--model", "openai:m"], { ...keys, ...loopback }, {
      read: [out],
      write: [out],
      net: ["127.0.0.1:8123"],
      env: OF_OPENAI,
    }],
    ["doctor of a rehearsal", [...DOCTOR, "--model", "simulated:leaky"], keys, {
      read: [out],
      write: [out],
      env: ["PLUMBLINE_MODEL"],
    }],
    ["doctor where nothing can be asked", [...DOCTOR, "--model", "nobody:m"], keys, {
      read: [out],
      write: [out],
    }],
    ["export", ["export", "metro-1", "--output", "runs"], keys, { read: [runs, run, run] }],
    ["export to a file", ["export", "metro-1", "--output", "runs", "--to", "t.json"], keys, {
      read: [runs, run, run, temporary],
      write: [to, temporary],
    }],
    ["check", ["check", "metro-1", "--output", "runs"], keys, {
      read: [runs, run, run, ...findings],
      write: findings,
    }],
    ["lab", ["lab"], keys, {}],
    ["judge", ["judge", "metro-1", "--output", "runs", "--model", "openai:m"], {
      ...keys,
      ...loopback,
    }, {
      read: [runs, run, run],
      write: [run],
      net: ["127.0.0.1:8123"],
      env: OF_OPENAI,
      sys: ["hostname"],
    }],
    ["judge by labels", ["judge", "metro-1", "--output", "runs", "--model", "hand"], keys, {
      read: [runs, run, run],
      write: [run],
      sys: ["hostname"],
    }],
    ["judge as a rehearsal", ["judge", "metro-1", "--output", "runs", "--dry-run"], keys, {
      read: [runs, run, run],
      handedOn: { PLUMBLINE_MODEL: "simulated:faithful" },
    }],
    ["label", ["label", "metro-1", "--output", "runs"], keys, {
      read: [runs, run, run],
      write: [run],
      net: ["127.0.0.1:0"],
      sys: ["hostname"],
    }],
  ];
  for (const [what, words, env, expected] of cases) {
    await t.step(what, async () => {
      assert.deepEqual(await accessOf(words, { typedIn, env }), { ...NOTHING, ...expected });
    });
  }
  // analyze has a test of its own.
  const looked = new Set(["analyze", ...cases.map(([, [name]]) => name)]);
  assert.deepEqual(COMMANDS.map(({ name }) => name).filter((name) => !looked.has(name)), []);
});

Deno.test("analyze may read its rows and write its findings alone", async () => {
  await using from = await folderWithConfig();
  const typedIn = from.path;
  const at = (...names: string[]) => join(typedIn, ...names);
  await write(typedIn, {
    "runs/metro-1/run.json": manifest(4),
    "rows.csv": "text\nHi\n",
    "elsewhere/x": "",
  });
  await Deno.symlink(at("rows.csv"), at("linked.csv"));
  const keys = { OPENAI_API_KEY: KEY };
  const findings = (folder: string) => [
    join(folder, "analysis.json"),
    join(folder, ".analysis.json.exporting"),
  ];
  const run = at("runs", "metro-1");
  const ofRun = await accessOf(["analyze", "metro-1", "--output", "runs"], { typedIn, env: keys });
  assert.deepEqual(ofRun, {
    ...NOTHING,
    read: [at("runs"), run, run, ...findings(run)],
    write: findings(run),
  });
  const output = join(CHECKOUT, "output");
  const ofFile = await accessOf(
    ["analyze", "linked.csv", "--config", "metro"],
    { typedIn, env: keys },
  );
  assert.deepEqual(ofFile, {
    ...NOTHING,
    read: [
      output,
      join(output, "linked.csv"),
      at("linked.csv"),
      at("linked.csv.labels.jsonl"),
      at("rows.csv"),
      at("metro"),
      ...findings(typedIn),
    ],
    write: findings(typedIn),
  });
  const elsewhere = at("elsewhere");
  const told = await accessOf(["analyze", "rows.csv", "--output", "elsewhere"], { typedIn });
  assert.deepEqual(told.write, findings(elsewhere));
});

Deno.test("flags name each thing; none allows all, other programs or foreign code", () => {
  assert.deepEqual(permissionFlags(NOTHING, { from: "/" }), ["--ignore-env"]);
  const access: Access = {
    read: ["/home/me/metro", "/home/me/output", "/home/me/output"],
    write: ["/home/me/output", "/srv/runs", "/home/me"],
    net: ["127.0.0.1:8000", "[::1]:8000"],
    env: ["OPENAI_API_KEY", "PLUMBLINE_MODEL"],
    sys: ["hostname"],
    localModel: null,
  };
  assert.deepEqual(permissionFlags(access, { from: "/home/me" }), [
    "--allow-read=metro,output",
    "--allow-write=output,/srv/runs,.",
    "--allow-net=127.0.0.1:8000,[::1]:8000",
    "--allow-env=OPENAI_API_KEY,PLUMBLINE_MODEL",
    "--allow-sys=hostname",
    "--ignore-env",
  ]);
});

Deno.test("a comma splits no path: above the folder it does no harm, in a path it is refused", () => {
  const access = { ...NOTHING, read: ["/home/Doe, Jane/metro"] };
  assert.deepEqual(permissionFlags(access, { from: "/home/Doe, Jane" }), [
    "--allow-read=metro",
    "--ignore-env",
  ]);
  assert.throws(() => permissionFlags(access, { from: "/home" }), {
    name: "UserError",
    message: /^Doe, Jane\/metro has a comma/,
  });
});

Deno.test("where a path leads through links, the folder behind them may be written too", async () => {
  await using from = await folderWithConfig();
  await Deno.symlink(join(from.path, "metro"), join(from.path, "linked"));
  const there = join(from.path, "linked", "new", "deep");
  const behind = join(from.path, "metro", "new", "deep");
  const plain = join(from.path, "plain");
  const access = { ...NOTHING, read: ["/"], write: [there, plain] };
  assert.deepEqual(await withLinkedFolders(access), {
    ...access,
    read: ["/", behind],
    write: [there, plain, behind],
  });
});

// Linux shows the arguments of every process.
Deno.test({
  name: "the process that asks is started with just these flags, from the folder typed in",
  ignore: Deno.build.os !== "linux",
  async fn() {
    await using from = await folderWithConfig();
    await using endpoint = await startEndpoint({ script: () => hang() });
    const started = start([...GENERATE, "--model", "openai:m", "--count", "1"], {
      from: from.path,
      env: { OPENAI_BASE_URL: endpoint.baseURL, DENO_V8_FLAGS: V8_FLAGS },
    });
    await until("the endpoint is asked", () => endpoint.requests > 0);
    const child = await said("cat", `/proc/${started.pid}/task/${started.pid}/children`);
    const variables = (await said("cat", `/proc/${child.trim()}/environ`)).split("\0");
    assert(variables.includes(`DENO_V8_FLAGS=${V8_FLAGS}`));
    const words = (await said("cat", `/proc/${child.trim()}/cmdline`)).split("\0");
    const flags = words.slice(2, words.findIndex((word) => word.endsWith("cli.ts")));
    assert.deepEqual(flags, [
      "--quiet",
      "--no-prompt",
      "--allow-read=metro,out",
      "--allow-write=out",
      `--allow-net=${new URL(endpoint.url).host}`,
      "--allow-env=PLUMBLINE_MODEL,OPENAI_API_KEY,OPENAI_BASE_URL,OPENAI_ORG_ID,OPENAI_PROJECT_ID",
      "--allow-sys=hostname",
      "--ignore-env",
    ]);
    assert.equal(await said("readlink", `/proc/${child.trim()}/cwd`), `${from.path}\n`);
    Deno.kill(Number(child), "SIGKILL");
    assert.equal((await started.ended).code, 137);
  },
});

/** What another program writes: Deno itself reads processes only where all is allowed. */
async function said(program: string, ...args: string[]): Promise<string> {
  return new TextDecoder().decode((await new Deno.Command(program, { args }).output()).stdout);
}

Deno.test("no task and no command asks for all permissions", async () => {
  const { tasks } = JSON.parse(await Deno.readTextFile(join(CHECKOUT, "deno.json")));
  for (const { name } of COMMANDS) {
    // The flags hold for both processes; notebooks get V8's own.
    const v8Flags = name === "analyze" || name === "check" ? ANALYSIS_V8_FLAGS : V8_FLAGS;
    const flags = name === "lab" ? "" : `DENO_V8_FLAGS=${v8Flags} `;
    assert.equal(
      tasks[name]?.command,
      flags + `deno run -RE --allow-run src/launch.ts ${name}`,
      `deno task ${name}`,
    );
  }
});
