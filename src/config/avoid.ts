import type { FileRemarks } from "./remarks.ts";
import type { AvoidTerm } from "./types.ts";
import { plain, shown } from "./wording.ts";

/**
 * The terms of `avoid.txt`: one a line, as term, tab, share, tab, language, of which the last two
 * may be missing. A `#` at the start of a line or after a space starts a comment.
 *
 * @param text The file, line ends as "\n".
 * @param remarks Gets a fault per line that can't be read; such lines are left out.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { readAvoid } from "./avoid.ts";
 * import { collectRemarks } from "./remarks.ts";
 * const terms = readAvoid("could you please\t.28\tEnglish", collectRemarks("metro").on("avoid.txt"));
 * assert(terms[0]?.share === 0.28 && terms[0].language === "English");
 * ```
 */
export function readAvoid(text: string, remarks: FileRemarks): AvoidTerm[] {
  const terms = new Map<string, AvoidTerm>();
  text.split("\n").forEach((line, index) => {
    const place = `line ${index + 1}`;
    const content = line.replace(/(^|\s)#.*$/, "");
    if (content.trim() === "") return;
    const [term = "", share = "", language = "", ...rest] = content.split("\t").map(plain);
    if (term === "") {
      remarks.fault(`${place}: there is no term before the tab`);
      return;
    }
    if (rest.some((column) => column !== "")) {
      remarks.fault(`${place}: there are more than three columns: expected term, share, language`);
      return;
    }
    if (share !== "" && !isShare(share)) {
      remarks.fault(
        `${place}: share is ${shown(share)}: it must be a number from 0 to 1, such as 0.28`,
      );
      return;
    }
    if (share === "" && /\s(0?[.,]\d+|\d+\s?%)(\s|$)/.test(term)) {
      remarks.warn(`${place}: ${shown(term)} is taken whole: put a tab between term and share`);
    }
    const key = `${term}\t${language}`;
    if (terms.has(key)) {
      remarks.warn(`${place}: ${shown(term)} stands above already: the first one counts`);
      return;
    }
    terms.set(key, {
      term,
      share: share === "" ? null : Number(share),
      language: language === "" ? null : language,
    });
  });
  return [...terms.values()];
}

function isShare(text: string): boolean {
  return /^(\d+\.?\d*|\.\d+)(e-?\d+)?$/i.test(text) && Number(text) <= 1;
}
