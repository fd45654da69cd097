import assert from "node:assert/strict";
import { dirname, join, normalize, relative } from "node:path";

/** The order of design: a room imports only rooms that stand before it, or the ground floor. */
const ROOMS = [
  "config",
  "plan",
  "prompt",
  "models",
  "run",
  "judge",
  "label",
  "analysis",
  "charts",
  "report",
  "notebook",
  "commands",
];

/** All may import these; they import nothing above them, and `text` and `stats` not each other. */
const GROUND = ["text", "stats"];

const root = join(import.meta.dirname ?? ".", "..");

/** Of each file of `src/` the files of `src/` that it imports; types and lazy imports included. */
async function importsOf(folder: string): Promise<Map<string, string[]>> {
  const imports = new Map<string, string[]>();
  for (const path of await filesIn(folder)) {
    const code = (await Deno.readTextFile(join(folder, path))).replace(/\/\*[\s\S]*?\*\//g, "");
    const found = code.matchAll(/(?:\bfrom|\bimport)\s*\(?\s*"(\.{1,2}\/[^"]+\.ts)"/g);
    imports.set(path, Array.from(found, ([, to = ""]) => normalize(join(dirname(path), to))));
  }
  return imports;
}

async function filesIn(folder: string, under = ""): Promise<string[]> {
  const files: string[] = [];
  for await (const { name, isDirectory } of Deno.readDir(join(folder, under))) {
    const path = join(under, name);
    if (isDirectory) files.push(...await filesIn(folder, path));
    else if (name.endsWith(".ts")) files.push(path);
  }
  return files.sort();
}

/** The first circle that is found, as the files along it; null: there is none. */
function circleIn(arrows: Map<string, Iterable<string>>): string[] | null {
  const done = new Set<string>();
  const path: string[] = [];
  function visit(at: string): string[] | null {
    const seenAt = path.indexOf(at);
    if (seenAt >= 0) return [...path.slice(seenAt), at];
    if (done.has(at)) return null;
    path.push(at);
    for (const to of arrows.get(at) ?? []) {
      const circle = visit(to);
      if (circle !== null) return circle;
    }
    path.pop();
    done.add(at);
    return null;
  }
  for (const start of arrows.keys()) {
    const circle = visit(start);
    if (circle !== null) return circle;
  }
  return null;
}

/** Imports that go to the right of the arrow, or off the ground floor. */
function againstTheArrow(imports: Map<string, string[]>): string[] {
  const wrong: string[] = [];
  for (const [file, targets] of imports) {
    const from = roomOf(file);
    for (const target of targets) {
      const to = roomOf(target);
      if (from === null || to === null || from === to || GROUND.includes(to)) continue;
      if (GROUND.includes(from) || ROOMS.indexOf(to) > ROOMS.indexOf(from)) {
        wrong.push(`${file} imports ${target}`);
      }
    }
  }
  return wrong;
}

/** The folder of `src/` that a file is in; null: it stands in `src/` itself. */
function roomOf(file: string): string | null {
  const [room, ...rest] = file.split("/");
  return rest.length === 0 ? null : room ?? null;
}

/** Arrows between rooms inside a room, such as `endpoint` → `pacing`; a file of its own is itself. */
function innerArrows(imports: Map<string, string[]>, room: string): Map<string, Set<string>> {
  const inner = (file: string) => relative(room, file).split("/")[0] ?? "";
  const arrows = new Map<string, Set<string>>();
  for (const [file, targets] of imports) {
    if (roomOf(file) !== room) continue;
    const to = targets.filter((target) => roomOf(target) === room).map(inner);
    const those = arrows.get(inner(file)) ?? new Set();
    for (const target of to) if (target !== inner(file)) those.add(target);
    arrows.set(inner(file), those);
  }
  return arrows;
}

Deno.test("no files of src/ import each other in a circle", async () => {
  assert.equal((circleIn(await importsOf(join(root, "src"))) ?? []).join(" → "), "");
});

Deno.test("imports of src/ only point to the left of the arrow", async () => {
  assert.deepEqual(againstTheArrow(await importsOf(join(root, "src"))), []);
});

Deno.test("the rooms inside models, run and analysis stand in no circle", async () => {
  const imports = await importsOf(join(root, "src"));
  for (const room of ["models", "run", "analysis"]) {
    assert.equal((circleIn(innerArrows(imports, room)) ?? []).join(" → "), "", room);
  }
});

Deno.test("every folder of src/ is a room of the order, and the README names it", async () => {
  const readme = await Deno.readTextFile(join(root, "README.md"));
  const folders: string[] = [];
  for await (const { name, isDirectory } of Deno.readDir(join(root, "src"))) {
    if (isDirectory) folders.push(name);
  }
  assert.deepEqual(folders.sort(), [...ROOMS, ...GROUND].sort());
  for (const name of folders) {
    assert(readme.includes(`\`${name}/\``) || readme.includes(`${name}/`), name);
  }
});

Deno.test("a circle and an import against the arrow are seen", () => {
  const imports = new Map([
    ["run/a.ts", ["run/b.ts", "analysis/c.ts"]],
    ["run/b.ts", ["run/a.ts"]],
    ["text/d.ts", ["stats/e.ts", "run/a.ts"]],
  ]);
  assert.deepEqual(circleIn(imports), ["run/a.ts", "run/b.ts", "run/a.ts"]);
  assert.deepEqual(againstTheArrow(imports), [
    "run/a.ts imports analysis/c.ts",
    "text/d.ts imports run/a.ts",
  ]);
});
