import { formatScalar } from './format-scalar.js';
import type { NativeTree } from './native.js';

/** A table as pvget prints it: `heading` if there is one, the labels, then the rows, right-aligned. Undefined if `tree` is no table of scalar columns. */
export function formatTable(tree: NativeTree, heading: string): string | undefined {
  const columns = columnsOf(tree);
  if (columns.length === 0 || columns.some((column) => column.value === undefined)) return undefined;
  const labels = labelsOf(tree);
  const cells = columns.map((column, i) => [csvText(labels[i] ?? column.name), ...cellsOf(column)]);
  const rows = Math.min(...cells.map((column) => column.length));
  const widths = cells.map((column) => Math.max(...column.map((cell) => cell.length)));
  const lines = Array.from({ length: rows }, (_, row) =>
    cells.map((column, i) => (column[row] ?? '').padStart(widths[i] ?? 0)).join(' '),
  );
  return [...(heading.trim() === '' ? [] : [heading.trimEnd()]), ...lines].join('\n');
}

function columnsOf(tree: NativeTree): readonly NativeTree[] {
  const value = tree.members?.find((member) => member?.name === 'value');
  return (value?.members ?? []).filter((member) => member !== null);
}

function labelsOf(tree: NativeTree): readonly string[] {
  const labels = tree.members?.find((member) => member?.name === 'labels')?.value;
  return Array.isArray(labels) ? (labels as string[]) : [];
}

function cellsOf(column: NativeTree): string[] {
  const element = column.type.replace('[]', '');
  const values = Array.from(column.value as Iterable<unknown>);
  return values.map((value) => (typeof value === 'string' ? csvText(value) : formatScalar(value, element)));
}

/** Quoted where a blank, comma, quote or backslash would split the cell. */
function csvText(text: string): string {
  return /[" ,\\]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
