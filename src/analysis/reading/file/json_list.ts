import { UserError } from "../../../error.ts";
import { type Item, LONGEST } from "./item.ts";
import { readUtf8 } from "./text.ts";

/**
 * Streams the items of a JSON file that is a list: no more than a piece of the file and the longest
 * item is held. An item that isn't JSON is a fault of its own as long as its brackets and quotes
 * are closed.
 *
 * @throws {UserError} Exit 2 where the file is no list, or the list has no end.
 */
export async function* readJsonList(path: string): AsyncGenerator<Item[], void, undefined> {
  let hasBegun = false;
  let hasEnded = false;
  let line = 1;
  // The item so far: its text, the line that it began in, and what is open in it.
  let item = "";
  let began = 0;
  let depth = 0;
  let quoted = false;
  let escaped = false;
  let count = 0;

  for await (const piece of readUtf8(path)) {
    const items: Item[] = [];
    let start = 0;
    const take = (end: number, sign: string) => {
      const text = (item + piece.slice(start, end)).trim();
      start = end + 1;
      item = "";
      // An empty list has no item before its end.
      if (text !== "" || sign === "," || count > 0) {
        items.push({ at: began || line, ...parsed(text, sign) });
      }
      count += 1;
      began = 0;
    };
    for (let at = 0; at < piece.length; at++) {
      const sign = piece.charAt(at);
      if (sign === "\n") line += 1;
      if (quoted) {
        if (escaped) escaped = false;
        else if (sign === "\\") escaped = true;
        else if (sign === '"') quoted = false;
        continue;
      }
      if (sign === " " || sign === "\n" || sign === "\r" || sign === "\t") continue;
      if (!hasBegun) {
        if (sign !== "[") throw noList(path, line, sign);
        hasBegun = true;
        start = at + 1;
        continue;
      }
      if (hasEnded) {
        throw new UserError(
          `${path}, line ${line}: the list has ended, but more comes after it. Expected one list.`,
        );
      }
      if (depth === 0 && (sign === "," || sign === "]")) {
        take(at, sign);
        hasEnded = sign === "]";
        continue;
      }
      if (began === 0) began = line;
      if (sign === '"') quoted = true;
      else if (sign === "{" || sign === "[") depth += 1;
      else if ((sign === "}" || sign === "]") && depth > 0) depth -= 1;
    }
    if (hasBegun && !hasEnded) item += piece.slice(start);
    if (item.length > LONGEST) {
      throw new UserError(`${path}, line ${began || line}: an item of the list has no end.`);
    }
    yield items;
  }
  if (hasEnded) return;
  if (!hasBegun) throw new UserError(`${path} is empty: expected a list of rows.`);
  throw new UserError(
    `${path}: the list has no end: expected "]". The last item begins in line ${began || line}.`,
  );
}

function noList(path: string, line: number, sign: string): UserError {
  return new UserError(
    `${path}, line ${line}: expected a list of texts or of objects, [ … ], but found ` +
      `${JSON.stringify(sign)}.`,
  );
}

function parsed(text: string, sign: string): { value: unknown } | { fault: string } {
  if (text === "") return { fault: `expected an item but found "${sign}"` };
  try {
    return { value: JSON.parse(text) };
  } catch {
    return { fault: "not JSON" };
  }
}
