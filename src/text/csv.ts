/**
 * The one place that reads and writes CSV (RFC 4180), with the interface of `@std/csv`. What
 * `stringify` writes is read back by `parse` as the cells that it was made of.
 *
 * @module
 */
export { CsvParseStream, parse, type ParsedRow, type ParseOptions } from "./csv_parse.ts";
export {
  type Column,
  type ColumnDetails,
  CsvStringifyStream,
  type DataItem,
  type PropertyAccessor,
  stringify,
  type StringifyOptions,
} from "./csv_stringify.ts";
