/** Takes down what is wrong in one file. */
export interface FileRemarks {
  /** Something that must be put right before the config can be used. */
  fault(text: string): void;
  /** Something worth knowing that stops nothing. */
  warn(text: string): void;
  /** Whether this file has had a fault. */
  readonly faulty: boolean;
}

/** What is wrong in a whole config folder, one line each, in the order in which it was found. */
export interface Remarks {
  faults: string[];
  warnings: string[];
  /** The remarks on one file of the folder, each led by the file's path. */
  on(file: string): FileRemarks;
}

/**
 * An empty list of remarks.
 *
 * @param label The folder as the user typed it.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { collectRemarks } from "./remarks.ts";
 * const remarks = collectRemarks("metro/");
 * remarks.on("avoid.txt").fault("line 2: share is 28: it must be from 0 to 1");
 * assert(remarks.faults[0] === "metro/avoid.txt: line 2: share is 28: it must be from 0 to 1");
 * ```
 */
export function collectRemarks(label: string): Remarks {
  const folder = label.replace(/(?<=.)[/\\]+$/, "");
  const faults: string[] = [];
  const warnings: string[] = [];
  const faulty = new Set<string>();
  return {
    faults,
    warnings,
    on(file) {
      const path = file === "" ? folder : `${folder.replace(/[/\\]$/, "")}/${file}`;
      return {
        fault(text) {
          faulty.add(file);
          const line = `${path}: ${text}`;
          if (!faults.includes(line)) faults.push(line);
        },
        warn(text) {
          warnings.push(`${path}: ${text}`);
        },
        get faulty() {
          return faulty.has(file);
        },
      };
    },
  };
}
