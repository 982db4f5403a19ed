import { formatTable } from './format-table.js';
import { formatArray, formatChoice, formatScalar, formatTime } from './format-scalar.js';
import { PvAlarm } from './alarm.js';
import type { NativeTree } from './native.js';
import type { PvObject } from './pv-object.js';

export interface FormatOptions {
  /** Elements of an array that are shown; the rest becomes `...`. All if not given. */
  readonly arrayLimit?: number;
  /** Paths of the fields that are shown. All if not given. */
  readonly fields?: readonly string[];
}

const INDENT = '    ';

/** The structure listing of `pvget -v`: one field a line, indented by four blanks, with times, alarms and enums read out. */
export function formatStructure(object: PvObject, options: FormatOptions = {}): string {
  return lines(treeOf(object, options), '', options).join('\n');
}

/**
 * The short form of `pvget`: time stamp, alarm and value for anything with a scalar, array or enum `value`; a table in
 * columns; the structure listing for everything else. Put the channel's name before it.
 */
export function formatShort(object: PvObject, options: FormatOptions = {}): string {
  const tree = treeOf(object, options);
  if (tree.id.startsWith('epics:nt/NTTable:1'))
    return formatTable(tree, prefix(tree)) ?? formatStructure(object, options);
  const value = field(tree, 'value');
  if (value?.value !== undefined) return shortValue(tree, value, options);
  const choice = value && choiceOf(value);
  if (choice) return `${prefix(tree)}${choice}`;
  return formatStructure(object, options);
}

function treeOf(object: PvObject, { fields }: FormatOptions): NativeTree {
  const tree = object.native.tree();
  return fields === undefined
    ? tree
    : pruned(
        tree,
        fields.map((path) => path.split('.')),
      );
}

/** What of a structure is at one of the paths or below it. */
function pruned(tree: NativeTree, paths: readonly (readonly string[])[]): NativeTree {
  if (tree.members === undefined || paths.some((path) => path.length === 0)) return tree;
  const members = tree.members.flatMap((member) => {
    const below = paths.filter((path) => path[0] === member?.name).map((path) => path.slice(1));
    return member === null || below.length === 0 ? [] : [pruned(member, below)];
  });
  return { ...tree, members };
}

function shortValue(tree: NativeTree, value: NativeTree, options: FormatOptions): string {
  const text = valueText(value, options);
  // pvget puts the alarm behind a scalar and before an array
  return value.type.endsWith('[]') ? `${prefix(tree)}${text}` : `${timeOf(tree)}${text} ${alarmOf(tree)}`.trimEnd();
}

const prefix = (tree: NativeTree) => timeOf(tree) + alarmOf(tree);

function timeOf(tree: NativeTree): string {
  const time = field(tree, 'timeStamp');
  return time ? timeText(time) : '';
}

function alarmOf(tree: NativeTree): string {
  const alarm = field(tree, 'alarm');
  return alarm ? alarmText(alarm) : '';
}

function field(tree: NativeTree, name: string): NativeTree | undefined {
  return tree.members?.find((member) => member?.name === name) ?? undefined;
}

function valueOf<T>(tree: NativeTree, name: string, otherwise: T): T {
  return (field(tree, name)?.value ?? otherwise) as T;
}

function timeText(time: NativeTree): string {
  const seconds = BigInt(valueOf<bigint | number>(time, 'secondsPastEpoch', 0));
  return formatTime(seconds, Number(valueOf(time, 'nanoseconds', 0)), valueOf(time, 'userTag', 0));
}

function alarmText(tree: NativeTree): string {
  const alarm = new PvAlarm(valueOf(tree, 'severity', 0), valueOf(tree, 'status', 0), valueOf(tree, 'message', ''));
  if (!alarm.isRaised) return '';
  const status = alarm.status === 0 ? '' : alarm.statusName;
  return [alarm.severityName, status, alarm.message].map((part) => (part === '' ? '' : `${part} `)).join('');
}

function choiceOf(tree: NativeTree): string | undefined {
  const index = field(tree, 'index')?.value;
  const choices = field(tree, 'choices')?.value;
  return typeof index === 'number' && Array.isArray(choices) ? formatChoice(index, choices as string[]) : undefined;
}

function valueText(tree: NativeTree, options: FormatOptions): string {
  const isArray = tree.type.endsWith('[]');
  return isArray
    ? formatArray(tree.value as unknown[], tree.type, options.arrayLimit)
    : formatScalar(tree.value, tree.type);
}

function lines(tree: NativeTree, indent: string, options: FormatOptions): string[] {
  const label = tree.id === '' ? tree.type : tree.id + (tree.type.endsWith('[]') ? '[]' : '');
  const head = `${indent}${label}${tree.name === '' ? '' : ` ${tree.name}`}`;
  if (tree.members === undefined) return [`${head} ${valueText(tree, options)}`];
  const inner = indent + INDENT;
  const members = tree.members.flatMap((member) =>
    member === null ? [`${inner}(none)`] : lines(member, inner, options),
  );
  const isEmptyChoice = tree.members.length === 0 && (tree.type === 'union' || tree.type === 'any');
  return [`${head}${summary(tree)}`.trimEnd(), ...(isEmptyChoice ? [`${inner}(none)`] : members)];
}

/** What stands behind the name of a structure whose id says what it means. */
function summary(tree: NativeTree): string {
  if (tree.type !== 'structure') return '';
  if (tree.id === 'time_t') return ` ${timeText(tree)}`;
  if (tree.id === 'alarm_t') return ` ${alarmText(tree)}`;
  if (tree.id === 'enum_t') return ` ${choiceOf(tree) ?? ''}`;
  return '';
}
