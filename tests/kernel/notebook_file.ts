/** A code cell of a notebook. */
export interface CodeCell {
  id: string;
  tags: string[];
  source: string;
}

/** A notebook's code cells in their order, and whether anything of a past session is left in it. */
export interface NotebookFile {
  cells: CodeCell[];
  /** Whether a cell holds outputs or the number of its execution. */
  hasOutputs: boolean;
}

/** Reads a notebook file. */
export async function readNotebook(path: string | URL): Promise<NotebookFile> {
  const file: RawNotebook = JSON.parse(await Deno.readTextFile(path));
  const code = file.cells.filter((cell) => cell.cell_type === "code");
  return {
    cells: code.map(({ id, metadata, source }) => ({
      id,
      tags: metadata.tags ?? [],
      source: source.join(""),
    })),
    hasOutputs: code.some((cell) => cell.outputs?.length !== 0 || cell.execution_count !== null),
  };
}

/** All cells as one module, as a checker of types reads it. */
export function moduleOf({ cells }: NotebookFile): string {
  return cells.map(({ id, source }) => `// cell ${id}\n${source}\n`).join("\n") + "\nexport {};\n";
}

interface RawNotebook {
  cells: {
    cell_type: string;
    id: string;
    metadata: { tags?: string[] };
    source: string[];
    outputs?: unknown[];
    execution_count?: number | null;
  }[];
}
