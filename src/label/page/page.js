// The page on which a person labels: one question about one text at a time. Texts and values are
// only ever shown as text.

/** More values than that have no digit of their own: they are narrowed by typing. */
const DIGITS = 9;

/** A longer pause was no thinking, in milliseconds. */
const PAUSE = 60_000;

/** What counts for the time that is left. */
const RECENT = 20;

/** Keys of answers beside the digits. */
const LETTERS = { none: "n", other: "o", yes: "y", no: "n" };

const element = (id) => document.getElementById(id);

const sheet = await fetchSheet();
/** Every question about every text, in the order in which they are put. */
const steps = sheet.rows.flatMap((row) =>
  sheet.questions.map((question) => ({
    row,
    question,
    label: row.labels[question.attribute] ?? null,
    skipped: false,
  }))
);
/** Steps that were answered or skipped on this page, the last one last. */
const left = [];
const times = [];
let step = nextStep();
let shownAt = performance.now();
/** What keys do now, and the button that Enter presses. */
let keys = new Map();
let entered = null;
/** Labels are sent one after the other, while the next question is shown already. */
let sending = Promise.resolve();

element("filter").addEventListener("input", showAnswers);
document.addEventListener("keydown", onKey);
show();

async function fetchSheet() {
  const response = await fetch(`/sheet${location.search}`);
  if (response.ok) return await response.json();
  element("alert").textContent = await response.text();
  throw new Error("There is no sheet");
}

/** The first question that is open; undefined: there is none. */
function nextStep() {
  return steps.find(({ label, skipped }) => label === null && !skipped);
}

/** Says what a step is and sends it; what can't be kept is open again. */
function say(said, label) {
  const before = said.label;
  said.label = label;
  sending = sending.then(async () => {
    try {
      await send(said, label);
      element("alert").textContent = "";
    } catch (error) {
      said.label = before;
      if (left.includes(said)) left.splice(left.indexOf(said), 1);
      element("alert").textContent = `Not kept: ${error.message} ` +
        "If the command in the terminal has ended, start it again and open its new address.";
      step = nextStep();
      show();
    }
  });
}

async function send({ row: { row }, question: { attribute } }, label) {
  const response = await fetch(`/labels${location.search}`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ row, attribute, label }),
    // Also where the page is closed at once.
    keepalive: true,
  });
  if (!response.ok) throw new Error(await response.text());
}

function answer(label) {
  if (step === undefined) return;
  say(step, label);
  go();
}

function skip() {
  if (step === undefined) return;
  step.skipped = true;
  go();
}

function go() {
  times.push(Math.min(performance.now() - shownAt, PAUSE));
  left.push(step);
  step = nextStep();
  show();
}

/** Goes back to the last question, also to one that was answered before a reload. */
function undo() {
  const open = step === undefined ? steps.length : steps.indexOf(step);
  const last = left.at(-1) ?? steps.slice(0, open).findLast(({ label }) => label !== null);
  if (last === undefined) return;
  if (last.label !== null) say(last, null);
  left.pop();
  last.skipped = false;
  step = last;
  show();
}

function show() {
  const before = element("text").textContent;
  element("name").textContent = `Label ${sheet.name}`;
  element("filter").value = "";
  showProgress();
  if (step === undefined) showEnd();
  else showQuestion();
  showAnswers();
  shownAt = performance.now();
  const { hidden } = element("filter");
  const sameText = before === element("text").textContent;
  element(!hidden ? "filter" : sameText ? "question" : "text").focus({ preventScroll: sameText });
}

function showQuestion() {
  const { row, question } = step;
  element("text").textContent = row.text;
  const about = row.asked[question.attribute];
  const name = question.attribute.replaceAll("_", " ");
  const words = about === undefined ? `Which ${name}?` : "Does the text do this?";
  element("question").replaceChildren(words);
  if (about !== undefined) element("question").append(withText("bdi", about));
  element("filter").hidden = valuesOf(question).length <= DIGITS;
}

function showEnd() {
  const skipped = steps.filter((each) => each.skipped).length;
  element("text").textContent = skipped === 0
    ? "All texts are labelled. Thank you!"
    : `All texts were shown; ${skipped} ${skipped === 1 ? "question was" : "questions were"} ` +
      "skipped: reload the page to see them again.";
  element("question").textContent = "Ctrl-C in the terminal ends the command.";
  element("filter").hidden = true;
}

function showProgress() {
  const total = sheet.rows.length;
  const done =
    sheet.rows.filter(({ row }) =>
      steps.every((each) => each.row.row !== row || each.label !== null || each.skipped)
    ).length;
  element("progress").textContent = [`${done} of ${total} texts`, timeLeft()].filter(Boolean)
    .join(" · ");
  element("bar").max = total;
  element("bar").value = done;
}

function timeLeft() {
  const open = steps.filter(({ label, skipped }) => label === null && !skipped).length;
  const recent = times.slice(-RECENT);
  if (open === 0 || recent.length < 3) return "";
  const mean = recent.reduce((sum, time) => sum + time, 0) / recent.length;
  const minutes = mean * open / 60_000;
  return minutes < 1 ? "less than a minute left" : `about ${Math.round(minutes)} min left`;
}

function valuesOf({ kind, answers }) {
  return answers.filter(({ label }) => kind === "followed" || !["none", "other"].includes(label));
}

function showAnswers() {
  keys = new Map();
  const buttons = step === undefined ? [] : valueButtons(step.question);
  element("values").replaceChildren(...buttons);
  const others = step === undefined
    ? []
    : step.question.answers.filter((each) => !valuesOf(step.question).includes(each));
  element("others").replaceChildren(
    ...others.map(({ label, description }) =>
      button(label, { key: LETTERS[label], description, work: () => answer(label) })
    ),
    ...(step === undefined ? [] : [button("skip", { key: "s", work: skip })]),
    button("undo", { key: "u", work: undo }),
  );
  // A letter alone is its button, else Enter takes the first value that fits.
  const typed = element("filter").value.trim().toLowerCase();
  entered = typed === "" ? null : keys.get(typed) ?? buttons[0] ?? null;
  entered?.classList.add("entered");
}

function valueButtons(question) {
  const typed = bare(element("filter").value);
  // Values that start so come first, then those with a word that does.
  const rank = ({ label }) => {
    const place = ` ${bare(label)}`.indexOf(` ${typed}`);
    return place === 0 ? 0 : place > 0 ? 1 : 2;
  };
  return valuesOf(question)
    .filter(({ label }) => bare(label).includes(typed))
    .sort((a, b) => rank(a) - rank(b))
    .map(({ label, description }, i) => {
      const digit = i < DIGITS ? String(i + 1) : "";
      const key = question.kind === "followed" ? LETTERS[label] : digit;
      const made = button(label, { key, description, work: () => answer(label) });
      if (digit !== "") keys.set(digit, made);
      return made;
    });
}

/** Case and accents don't matter where something is looked for. */
function bare(text) {
  return text.normalize("NFKD").replace(/\p{M}/gu, "").trim().toLowerCase();
}

function button(label, { key, description = null, work }) {
  const made = document.createElement("button");
  made.type = "button";
  // Where letters narrow the values, Enter says that one is meant as a key.
  const hint = /[a-z]/.test(key) && !element("filter").hidden ? `${key} ⏎` : key;
  const words = document.createElement("span");
  words.append(withText("bdi", label));
  if (description !== null) words.append(withText("small", description));
  made.append(withText("kbd", hint), words);
  made.firstChild.ariaHidden = "true";
  if (key !== "") {
    made.setAttribute("aria-keyshortcuts", key);
    keys.set(key, made);
  }
  made.addEventListener("click", work);
  return made;
}

function withText(name, text) {
  const made = document.createElement(name);
  made.textContent = text;
  return made;
}

function onKey(event) {
  const { key, target } = event;
  if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
  const filter = element("filter");
  const isTyping = !filter.hidden;
  const press = (pressed) => {
    event.preventDefault();
    if (!event.repeat) pressed?.click();
  };
  if (key === "Backspace" && filter.value === "") return press(keys.get("u"));
  if (/^[1-9]$/.test(key)) return press(keys.get(key));
  if (!isTyping) {
    if (/^[a-z]$/i.test(key)) press(keys.get(key.toLowerCase()));
    return;
  }
  if (key === "Enter" && target.tagName !== "BUTTON") return press(entered);
  if (key === "Escape") {
    filter.value = "";
    showAnswers();
  }
  if (key === "Escape" || (key.length === 1 && key !== " ")) filter.focus();
}
