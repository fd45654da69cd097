import assert from "node:assert/strict";
import { delimiter, join } from "node:path";
import { CHECKOUT } from "../commands/command_line.ts";

const FOLDER = join(CHECKOUT, "tests", "browser");

/** The browser that `CHROMIUM` names, or one on the PATH; null: there is none. */
async function findChromium(): Promise<string | null> {
  const named = Deno.env.get("CHROMIUM");
  if (named !== undefined) return named;
  const folders = (Deno.env.get("PATH") ?? "").split(delimiter);
  for (const name of ["chromium", "chromium-browser", "google-chrome"]) {
    for (const folder of folders) {
      const path = join(folder, name);
      if ((await Deno.stat(path).catch(() => null))?.isFile) return path;
    }
  }
  return null;
}

const browser = await findChromium();
const unless = browser === null
  ? " (left out: no Chromium here; Debian's is installed by apt-get install chromium)"
  : "";

// The browser's driver stands in a lock of its own, so these tests run in a process of their own.
Deno.test({
  name: `the page to label on in Chromium: by keys alone, hostile texts, light and dark${unless}`,
  ignore: browser === null,
  async fn() {
    const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
      args: [
        "test",
        "--quiet",
        "--frozen",
        "--no-prompt",
        "--no-check",
        `--config=${join(FOLDER, "deno.json")}`,
        // The driver looks into /proc, which Deno allows nobody who isn't allowed all.
        "--allow-all",
        FOLDER,
      ],
      env: { NO_COLOR: "1", CHROMIUM: browser ?? "" },
    }).output();
    const said = [stdout, stderr].map((bytes) => new TextDecoder().decode(bytes)).join("\n");
    assert.equal(code, 0, said);
    assert.match(said, /\b[1-9]\d* passed[^\n]* \| 0 failed/);
  },
});
