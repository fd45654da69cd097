/**
 * The page to label on, in a real Chromium (the variable `CHROMIUM` names it) and by keys alone. It
 * stands apart since nothing else needs the browser's driver: `tests/label/page_test.ts` runs it.
 */
import assert from "node:assert/strict";
import { join } from "node:path";
import { type BrowserContext, chromium, type Page } from "playwright-core";
import {
  folder as newFolder,
  start,
  type Started,
  until,
  write,
} from "../commands/command_line.ts";
import { contrasts, focused, pressAtOnce, traces } from "./inside.js";

const HOSTILE = [
  `<img src=x onerror="document.title='run'"><script>document.title='run'</script>`,
  "left \u202eright\u202c \u2066isolated \u0000 </blockquote></style><h1>big</h1>",
  "javascript:document.title='run'",
];

/** More than the nine that have a digit. */
const TOPICS =
  "Tickets,Delays,Trams,Buses,Ferries,Maps,Fares,Lost things,Toilets,Noise,Élan,Other lines"
    .split(",");

const item = { score: 1, factor: 1, prompt: null, when: null };
const items = (values: string[]) => values.map((value) => ({ ...item, value }));

const CONFIG = {
  folder: "metro",
  context: "The chat of a city's underground.",
  attributes: {
    additional_instruction: items(["Ask for a price", "Ask for a map"]),
    tone: [{ ...item, value: "Angry", description: "<b>shouts</b>" }, { ...item, value: "Calm" }],
    topic: items(TOPICS),
  },
  length: null,
  prompt: null,
  avoid: [],
  settings: { temperature: null, frequency_penalty: null, seed: 1, sampling: "even", timeout: 60 },
};

const REQUESTED = {
  additional_instruction: "Ask for a map",
  tone: "Calm",
  topic: "Lost things",
};

interface Labelled {
  row: number;
  attribute: string;
  label: string | null;
  asked?: string;
}

interface Labelling {
  page: Page;
  /** Ctrl-C, and the exit code that it leads to. */
  stop(): Promise<number>;
  labels(): Promise<Labelled[]>;
  /** Presses keys, and waits until so many labels are kept. */
  press(keys: string[], kept: number): Promise<Labelled[]>;
}

async function labelling(
  work: (labelling: Labelling) => Promise<void>,
  options: { attributes?: string; colorScheme?: "light" | "dark"; mayTell?: RegExp } = {},
): Promise<void> {
  await using folder = await newFolder();
  const record = (text: string, row: number) => ({
    row,
    attributes: REQUESTED,
    requestedWords: null,
    outcome: "ok",
    text,
    words: 1,
    reason: null,
    model: "m",
    finishReason: "stop",
    usage: null,
    cost: null,
    attempts: 1,
    calls: 1,
    ms: 1,
    at: "2026-01-31T12:00:00.000Z",
  });
  await write(folder.path, {
    "runs/metro-1/run.json": {
      config: CONFIG,
      configHash: "91bc04".padEnd(64, "0"),
      seed: 1,
      sampling: "even",
      count: HOSTILE.length,
      shard: null,
      model: "simulated:faithful",
      parameters: { max_tokens: null, dropped: [], replaced: {} },
      versions: { plumbline: "0.1.0", deno: "2.9.6", prompt: "1" },
      createdAt: "2026-01-31T12:00:00.000Z",
    },
    "runs/metro-1/records.jsonl": HOSTILE.map((text, row) => JSON.stringify(record(text, row)))
      .join("\n") + "\n",
  });
  const words = ["label", "metro-1", "--output", "runs"];
  const only = options.attributes === undefined ? [] : ["--attribute", options.attributes];
  const started = start([...words, ...only], { from: folder.path });
  const address = () => /^http:.*$/m.exec(started.err)?.[0] ?? "";
  await until("the address is told", () => address().length > 0);
  const browser = await openBrowser(join(folder.path, "profile"), options.colorScheme ?? "light");
  const stop = ending(started);
  const faults: string[] = [];
  try {
    const page = browser.pages()[0] ?? await browser.newPage();
    page.on("console", (message) => faults.push(message.text()));
    page.on("pageerror", (error) => faults.push(String(error)));
    page.on("dialog", (dialog) => faults.push(dialog.message()));
    const labels = async () =>
      (await Deno.readTextFile(join(folder.path, "runs/metro-1/labels.jsonl")))
        .split("\n").filter((line) => line !== "").map((line): Labelled => JSON.parse(line));
    await page.goto(address());
    await page.waitForSelector("#others button");
    await work({
      page,
      stop,
      labels,
      async press(keys, kept) {
        for (const key of keys) await page.keyboard.press(key);
        await until(`${kept} labels are kept`, async () => (await labels()).length >= kept);
        return await labels();
      },
    });
    assert.deepEqual(faults.filter((fault) => !options.mayTell?.test(fault)), []);
  } finally {
    await browser.close();
    await stop();
  }
}

/** Ends the command once, however often it is asked to. */
function ending(started: Started): () => Promise<number> {
  let ended: Promise<number> | null = null;
  return () => {
    if (ended === null) {
      started.kill("SIGINT");
      ended = started.ended.then(({ code }) => code);
    }
    return ended;
  };
}

function openBrowser(profile: string, colorScheme: "light" | "dark"): Promise<BrowserContext> {
  return chromium.launchPersistentContext(profile, {
    executablePath: Deno.env.get("CHROMIUM") ?? "/usr/bin/chromium",
    headless: true,
    // As root there is none.
    chromiumSandbox: false,
    colorScheme,
    viewport: { width: 1000, height: 760 },
    args: [
      "--disable-gpu",
      "--disable-quic",
      "--no-first-run",
      "--disable-background-networking",
      "--disable-component-update",
      "--disable-sync",
    ],
  });
}

async function reload(page: Page): Promise<void> {
  await page.reload();
  await page.waitForSelector("#others button");
}

async function shown(page: Page, id: string): Promise<string> {
  return await page.locator(`#${id}`).textContent() ?? "";
}

Deno.test("keys alone label every text, go back, and go on after a reload", async () => {
  await labelling(async ({ page, press, stop }) => {
    assert.equal(await shown(page, "progress"), "0 of 3 texts");
    const text = await shown(page, "text");
    // The instruction, the tone, and then the topic by typing.
    let labels = await press(["y"], 1);
    const about = labels[0]?.asked ?? "";
    assert(/^Ask for a (price|map)$/.test(about), about);
    labels = await press(["2"], 2);
    assert.equal(await shown(page, "question"), "Which topic?");
    labels = await press(["l", "o", "Enter"], 3);
    assert.deepEqual(labels.map(({ attribute, label }) => [attribute, label]), [
      ["additional_instruction", "yes"],
      ["tone", "Calm"],
      ["topic", "Lost things"],
    ]);
    await until("another text is shown", async () => await shown(page, "text") !== text);
    assert.match(await shown(page, "progress"), /^1 of 3 texts · (about \d+ min|less than)/);

    labels = await press(["n", "n", "o", "Enter"], 6);
    assert.deepEqual(labels.slice(3).map(({ label }) => label), ["no", "none", "other"]);
    // Twice back: the topic is taken back, then the tone; a reload goes on there.
    labels = await press(["u", "Backspace"], 8);
    assert.deepEqual(labels.slice(6).map(({ attribute, label }) => [attribute, label]), [
      ["topic", null],
      ["tone", null],
    ]);
    await reload(page);
    assert.equal(await shown(page, "question"), "Which tone?");
    assert.equal(await shown(page, "progress"), "1 of 3 texts");
    // A digit takes one of those that are left; accents don't matter.
    labels = await press(["1", "e", "l", "a", "1"], 10);
    assert.deepEqual(labels.slice(8).map(({ label }) => label), ["Angry", "Élan"]);

    // The last text is skipped but for one question.
    labels = await press(["s", "o", "s", "Enter"], 11);
    assert.equal(labels[10]?.label, "other");
    await until(
      "skips are told",
      async () => /2 questions were skipped/.test(await shown(page, "text")),
    );
    await reload(page);
    labels = await press(["y", "n", "Enter"], 13);
    assert.match(await shown(page, "text"), /^All texts are labelled/);
    assert.equal(await shown(page, "progress"), "3 of 3 texts");
    assert.equal(await stop(), 0);
  });
});

Deno.test("keys that come faster than labels are kept are each for the next question", async () => {
  await labelling(async ({ page, labels }) => {
    await page.evaluate(pressAtOnce, ["1", "2", "n"]);
    await until("three labels are kept", async () => (await labels()).length === 3);
    assert.deepEqual((await labels()).map(({ label }) => label), ["Angry", "Calm", "none"]);
    assert.equal(new Set((await labels()).map(({ row }) => row)).size, 3);
  }, { attributes: "tone" });
});

Deno.test("Tab reaches every button, and focus is seen", async () => {
  await labelling(async ({ page, press }) => {
    for (const words of ["Angry", "Calm", "none", "other", "skip", "undo"]) {
      await page.keyboard.press("Tab");
      assert.deepEqual(await page.evaluate(focused), { words, isSeen: true });
    }
    await page.keyboard.press("Shift+Tab");
    await page.keyboard.press("Shift+Tab");
    const [label] = await press(["Enter"], 1);
    assert.equal(label?.label, "other");
  }, { attributes: "tone" });
});

Deno.test("hostile texts and values are shown and do nothing", async () => {
  await labelling(async ({ page, press }) => {
    const seen = new Set<string>();
    for (let kept = 1; kept <= HOSTILE.length; kept++) {
      const text = await shown(page, "text");
      seen.add(text);
      assert.deepEqual(await page.evaluate(traces), {
        elements: 0,
        title: "Label",
        bidi: "isolate",
      });
      assert.equal(await page.locator("#values small").first().textContent(), "<b>shouts</b>");
      await press(["1"], kept);
      await until("another text is shown", async () => await shown(page, "text") !== text);
    }
    // What would turn or hide a text is shown as an escape.
    const expected = HOSTILE.map((text) =>
      text.replace(/[^ -~]/g, (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, "0")}`)
    );
    assert.deepEqual([...seen].sort(), expected.sort());
  }, { attributes: "tone" });
});

Deno.test("neither the request nor chances reach the page, which asks this machine alone", async () => {
  await labelling(async ({ page }) => {
    const asked: string[] = [];
    const bodies: string[] = [];
    page.on("request", (request) => asked.push(new URL(request.url()).host));
    page.on("response", async (response) => bodies.push(await response.text()));
    await reload(page);
    await until("both answers are read", () => bodies.length === 2);
    assert.equal(new Set(asked).size, 1);
    const sheet = JSON.parse(bodies.find((body) => body.startsWith("{")) ?? "");
    for (const row of sheet.rows) {
      assert.deepEqual(Object.keys(row), ["row", "text", "asked", "labels"]);
    }
    assert(!bodies.join().includes("attributes"), "what was asked for is told");
  }, { attributes: "topic" });
});

Deno.test("a page whose command has ended says so and asks again what isn't kept", async () => {
  await labelling(async ({ page, stop }) => {
    assert.equal(await stop(), 130);
    const text = await shown(page, "text");
    await page.keyboard.press("1");
    await until("it says so", async () => await shown(page, "alert") !== "");
    assert.match(await shown(page, "alert"), /^Not kept: .*start it again/);
    assert.equal(await shown(page, "text"), text);
    assert.equal(await shown(page, "progress"), "0 of 3 texts");
  }, { attributes: "tone", mayTell: /ERR_CONNECTION_REFUSED/ });
});

for (const colorScheme of ["light", "dark"] as const) {
  Deno.test(`words are readable in ${colorScheme}`, async () => {
    await labelling(async ({ page }) => {
      const selectors = ["#text", "#name", "#progress", "#question", "bdi", "small", "kbd"];
      const seen = await page.evaluate(contrasts, selectors);
      for (const { selector, contrast, paper } of seen) {
        assert(contrast >= 4.5, `${selector}: ${contrast}`);
        assert.equal(paper < 0.2, colorScheme === "dark", selector);
      }
    }, { attributes: "tone", colorScheme });
  });
}
