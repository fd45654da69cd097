import { readJson } from "../../../config/json.ts";
import { collectRemarks } from "../../../config/remarks.ts";
import { UserError } from "../../../error.ts";
import { counted } from "../../../text/numbers.ts";
import { type Item, LONGEST } from "./item.ts";
import { readUtf8 } from "./text.ts";
import { isChat } from "./turns.ts";

/** A list in an object, and the keys that lead to it, as in `.data.rows`. */
interface FoundList {
  path: string;
  list: readonly unknown[];
  /** What stands in it; null: things of several kinds. */
  kind: "text" | "object" | "list" | "turn" | null;
}

/** Objects that are looked into, one in another, and lists that are listed. */
const DEEPEST = 4;
const LISTED = 12;
/** Items by which a list's kind is known. */
const LOOKED_AT = 10;

/**
 * Finds where the rows of a file are that is one JSON object.
 *
 * @param options `text`: the column of the texts; `list`: the list that is asked for.
 * @returns The path of the list to take: the one asked for, else the only one of texts or objects if
 * no other list is longer. Null where the object is a row itself: it has a text, or no lists.
 * @throws {UserError} Exit 2 where the file is no JSON, or which list to take isn't clear.
 */
export async function findList(
  path: string,
  { text, list }: { text: string; list?: string | undefined },
): Promise<string | null> {
  const object = await readObject(path);
  const lists = listsIn(object);
  if (list !== undefined) {
    const wanted = list.startsWith(".") || list.startsWith("[") ? list : `.${list}`;
    const found = lists.find(({ path }) => path === wanted);
    if (found !== undefined) return found.path;
    throw new UserError(
      `${path} has no list at ${wanted} for --list. ` +
        (lists.length === 0 ? "It has no lists." : `It has lists at ${listText(lists)}.`),
    );
  }
  const own = new Map<string, unknown>(Object.entries(object)).get(text);
  const isRow = lists.every(({ kind }) => kind === "turn");
  if (typeof own === "string" || isChat(own) || isRow) return null;
  const ofRows = lists.filter(({ kind }) => kind === "text" || kind === "object");
  const [first, second] = ofRows.toSorted((a, b) => b.list.length - a.list.length);
  const longest = Math.max(...lists.map(({ list }) => list.length));
  if (first !== undefined && second === undefined && first.list.length === longest) {
    return first.path;
  }
  const chat = lists.find(({ path, kind }) => kind === "turn" && /^\.[^.[]+$/.test(path));
  throw new UserError(
    `${path} is one JSON object, not a list of rows. In it are lists at ${listText(lists)}` +
      (first === undefined
        ? ", none of texts or of objects. Expected a list of texts, or of objects with a column " +
          "for the text: hand on such a list."
        : first.list.length < longest
        ? ", the longest none of texts or of objects. Hand on a list of rows, or name one with --list."
        : `. Name the one to take, as in --list '${first.path}'.`) +
      (chat === undefined ? "" : ` Its chat is taken by --text ${chat.path.slice(1)}.`),
  );
}

/** Hands on the items of a list in a file's object, or the object itself where `list` is null. */
export async function* readJsonObject(
  path: string,
  list: string | null,
): AsyncGenerator<Item[], void, undefined> {
  const object = await readObject(path);
  const values = list === null
    ? [object]
    : listsIn(object).find((found) => found.path === list)?.list ?? [];
  yield values.map((value, place) => ({ at: place + 1, value }));
}

async function readObject(path: string): Promise<object> {
  let content = "";
  for await (const piece of readUtf8(path)) {
    content += piece;
    if (content.length > LONGEST) {
      throw new UserError(
        `${path} is one JSON object of more than ${LONGEST / 1024 ** 2} MB, which isn't read. ` +
          "Hand on the list of its rows alone.",
      );
    }
  }
  try {
    const value: unknown = JSON.parse(content);
    if (typeof value === "object" && value !== null) return value;
  } catch (cause) {
    if (!(cause instanceof SyntaxError)) throw cause;
    throw notJson(path, { content, cause });
  }
  throw new UserError(`${path} is no JSON object any more: it has changed meanwhile.`);
}

/** Says where the text stops being JSON: `JSON.parse` doesn't always. */
function notJson(path: string, { content, cause }: { content: string; cause: SyntaxError }) {
  const remarks = collectRemarks(path);
  readJson(content, remarks.on(""));
  const fault = remarks.faults.at(-1) ?? `${path}: not JSON`;
  return new UserError(
    fault.endsWith("expected the end but found {")
      ? `${fault}: a second object begins. Expected one object, a list, [ … ], or JSON lines, each ` +
        "object on a line of its own: jq -c . makes those."
      : `${fault}. The file begins as one JSON object, not as JSON lines: mend it there.`,
    { cause },
  );
}

/** The lists in an object that aren't empty, in their order. */
function listsIn(object: object): FoundList[] {
  const found: FoundList[] = [];
  const look = (value: object, { path, depth }: { path: string; depth: number }) => {
    for (const [key, inner] of Object.entries(value)) {
      if (typeof inner !== "object" || inner === null) continue;
      const here = path + (/^[\p{L}\p{N}_-]+$/u.test(key) ? `.${key}` : `[${JSON.stringify(key)}]`);
      if (!Array.isArray(inner)) {
        if (depth < DEEPEST) look(inner, { path: here, depth: depth + 1 });
      } else if (inner.length > 0) {
        found.push({ path: here, list: inner, kind: kindOf(inner) });
      }
    }
  };
  look(object, { path: "", depth: 1 });
  return found;
}

function kindOf(list: readonly unknown[]): FoundList["kind"] {
  const areTurns: boolean = isChat(list);
  if (areTurns) return "turn";
  const kinds = new Set(
    list.slice(0, LOOKED_AT).map((item) => {
      if (typeof item === "string") return "text";
      if (typeof item !== "object" || item === null) return null;
      return Array.isArray(item) ? "list" : "object";
    }),
  );
  const [kind = null] = kinds;
  return kinds.size === 1 ? kind : null;
}

/** `.intents (12 texts), .utterances (300 objects)`. */
function listText(lists: readonly FoundList[]): string {
  const told = lists.slice(0, LISTED).map(({ path, list, kind }) =>
    `${path} (${counted(list.length, kind ?? "item")})`
  );
  const more = lists.length - told.length;
  return told.join(", ") + (more > 0 ? ` and ${more} more places` : "");
}
