import assert from "node:assert/strict";
import fc from "npm:fast-check@4.10.2";
import { CsvParseStream, CsvStringifyStream, parse, stringify } from "../../src/text/csv.ts";

/** Cells with all that CSV has to take care of, often together. */
const cell = fc.oneof(
  fc.string({ unit: "grapheme", maxLength: 12 }),
  fc.array(
    fc.constantFrom(
      '"',
      ",",
      ";",
      "\r",
      "\n",
      "\r\n",
      "\uFEFF",
      "=",
      "#",
      " ",
      "\t",
      "'",
      "a",
      "å",
    ),
    { maxLength: 6 },
  ).map((parts) => parts.join("")),
);
const rows = fc.array(fc.array(cell, { minLength: 1, maxLength: 4 }), { maxLength: 6 });

Deno.test("what is written is read back as the same cells", () => {
  fc.assert(fc.property(rows, (cells) => {
    assert.deepEqual(parse(stringify(cells)), cells);
    assert.deepEqual(
      parse(stringify(cells, { separator: ";", bom: true }), { separator: ";" }),
      cells,
    );
  }));
});

Deno.test("objects are read back as the same objects, whatever the columns are called", () => {
  const names = fc.uniqueArray(fc.oneof(cell, fc.constantFrom("__proto__", "a.b", "length")), {
    minLength: 1,
    maxLength: 4,
  });
  const tables = names.chain((columns) =>
    fc.tuple(
      fc.constant(columns),
      fc.array(fc.tuple(...columns.map(() => cell)), { minLength: 1, maxLength: 4 }),
    )
  );
  fc.assert(fc.property(tables, ([columns, table]) => {
    const items = table.map((cells) =>
      Object.fromEntries(columns.map((name, index) => [name, cells[index] ?? ""]))
    );
    assert.deepEqual(parse(stringify(items, { columns }), { skipFirstRow: true }), items);
  }));
});

Deno.test("streams do what the functions do, wherever the text is cut", async () => {
  const cuts = fc.array(fc.nat(40), { maxLength: 5 });
  await fc.assert(
    fc.asyncProperty(rows, cuts, async (cells, places) => {
      const written = await Array.fromAsync(
        ReadableStream.from(cells).pipeThrough(new CsvStringifyStream({ bom: true })),
      );
      const text = written.join("");
      assert.deepEqual(parse(text), cells);
      const pieces: string[] = [];
      let rest = text;
      for (const place of places) {
        pieces.push(rest.slice(0, place));
        rest = rest.slice(place);
      }
      const read = ReadableStream.from([...pieces, rest]).pipeThrough(new CsvParseStream());
      assert.deepEqual(await Array.fromAsync(read), cells);
    }),
    { numRuns: 50 },
  );
});

Deno.test("a row's form is chosen as in the standard library", () => {
  const text = "a,b\r\n1,2\n\n3,4";
  assert.deepEqual(parse(text), [["a", "b"], ["1", "2"], ["3", "4"]]);
  assert.deepEqual(parse(text, { skipFirstRow: true }), [{ a: "1", b: "2" }, { a: "3", b: "4" }]);
  const named = parse(text, { skipFirstRow: true, columns: ["x", "y"] });
  assert.deepEqual(named.map(({ x, y }) => x + y), ["12", "34"]);
  assert.equal(parse(text, { columns: ["x", "y"] })[0]?.x, "a");
  assert.deepEqual(parse(""), []);
});

Deno.test("separators, comments, leading space and loose quotes are met as asked", () => {
  assert.deepEqual(parse("a\tb,c", { separator: "\t" }), [["a", "b,c"]]);
  assert.deepEqual(parse("a::b", { separator: "::" }), [["a", "b"]]);
  assert.deepEqual(parse("#x\n1,#2\n", { comment: "#" }), [["1", "#2"]]);
  assert.deepEqual(parse("#x\n"), [["#x"]]);
  assert.deepEqual(parse('a, "b"', { trimLeadingSpace: true }), [["a", "b"]]);
  assert.deepEqual(parse('a "b",c', { lazyQuotes: true }), [['a "b"', "c"]]);
  assert.deepEqual(parse("a\rb,c\n"), [["a\rb", "c"]]);
});

Deno.test("a fault names its row", async () => {
  const faults: [() => unknown, RegExp][] = [
    [() => parse('a\n"b\r\n"\nc"d'), /^SyntaxError: Cannot parse row 3: there is a quote/],
    [() => parse('a\n"b"c'), /row 2: a quote inside a quoted cell/],
    [() => parse('a\n"b'), /row 2: a quoted cell has no end/],
    [() => parse("a,b\n1", { fieldsPerRecord: 0 }), /row 2: expected 2 cells but got 1/],
    [() => parse("a,b\n1", { fieldsPerRecord: 3 }), /row 1: expected 3 cells but got 2/],
    [() => parse("a,b\n1,2\n1", { skipFirstRow: true }), /row 3: expected 2 cells but got 1/],
    [() => parse("", { skipFirstRow: true }), /no first row/],
    [() => parse("", { separator: '"' }), /^RangeError: Cannot separate/],
    [() => parse("", { comment: "," }), /^RangeError: .*is taken/],
    [() => stringify([{ a: 1 }]), /^TypeError: .*columns are missing/],
  ];
  for (const [act, words] of faults) assert.throws(act, (error) => words.test(String(error)));
  const rows = ReadableStream.from(["a,b\n1,2\n", "3"]).pipeThrough(
    new CsvParseStream({ skipFirstRow: true }),
  );
  const reader = rows.getReader();
  assert.deepEqual((await reader.read()).value, { a: "1", b: "2" });
  await assert.rejects(() => reader.read(), /row 3: expected 2 cells but got 1/);
  const broken = ReadableStream.from(['a\n"b']).pipeThrough(new CsvParseStream());
  await assert.rejects(() => Array.fromAsync(broken), /row 2: a quoted cell has no end/);
});

Deno.test("columns are found by a way, a name or an index, and named by the last step", () => {
  const items = [{ a: { b: [1, null] }, c: { d: true }, "e.f": "x" }];
  const columns = [["a", "b", 0], { prop: ["a", "b", 1], header: "none" }, "c", "e.f", "gone"];
  assert.equal(
    stringify(items, { columns }),
    '0,none,c,e.f,gone\r\n1,,"{""d"":true}",x,\r\n',
  );
  assert.equal(stringify([["a", "b"]], { columns: [1], headers: false }), "b\r\n");
  assert.equal(stringify([], { columns: ["a"] }), "a\r\n");
});

Deno.test("what a spreadsheet takes for a formula is marked where that is asked for, and nowhere else", () => {
  const texts = ["=1+1", "+1", "-1", "@a", "\ta", "\r=1", "＝1", "a=1", "'=1", "1-1", ""];
  assert.deepEqual(parse(stringify(texts.map((text) => [text]))).flat(), texts);
  const escaped = stringify(texts.map((text) => ["x", text]), { escapeFormulas: true });
  assert.deepEqual(parse(escaped).map(([, text]) => text), [
    "'=1+1",
    "'+1",
    "'-1",
    "'@a",
    "'\ta",
    "'\r=1",
    "'＝1",
    "a=1",
    "'=1",
    "1-1",
    "",
  ]);
  assert.equal(stringify([[-1, "-1"]], { escapeFormulas: true }), "-1,'-1\r\n");
  assert.equal(
    stringify([["a"]], { columns: [{ prop: 0, header: "=h" }], escapeFormulas: true }),
    "'=h\r\na\r\n",
  );
});
