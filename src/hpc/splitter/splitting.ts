import { checkKeys } from '../../core/check-keys.js';
import { PvaflowError } from '../../core/errors.js';
import { cutIntoTiles } from '../../image/tiles.js';
import { NtNdArray } from '../../pva/normative/nt-nd-array.js';
import type { PvObject } from '../../pva/pv-object.js';
import { hashOf } from './hash.js';

/** Which output an object goes to. */
export type SplitRule =
  /** Each output in turn gets so many objects, one after the other (1). */
  | { readonly by: 'turns'; readonly updates?: number }
  /** Objects with equal values in a field go to the same output: see `hashOf`. */
  | { readonly by: 'hash'; readonly field: string }
  /** Each image is cut into so many columns and rows; the tiles go to the outputs, row by row. */
  | { readonly by: 'tile'; readonly columns: number; readonly rows: number };

/** How many outputs a rule needs; undefined when any number will do. */
export function outputsOf(rule: SplitRule): number | undefined {
  return rule.by === 'tile' ? rule.columns * rule.rows : undefined;
}

const keys = { turns: ['by', 'updates'], hash: ['by', 'field'], tile: ['by', 'columns', 'rows'] } as const;

/** @throws {PvaflowError} PVAFLOW_OPTION for a key that does not exist, PVAFLOW_CONFIG naming what is wrong */
export function checkRule(rule: SplitRule): void {
  if (!Object.hasOwn(keys, rule.by))
    throw wrong(`there is no way to split by ${String(rule.by)}. There is turns, hash, tile`);
  checkKeys('the rule of a splitter', rule, keys[rule.by]);
  if (rule.by === 'hash' && rule.field === '')
    throw wrong('to split by hash needs the path of a field, such as uniqueId');
  if (rule.by === 'turns') checkCount('updates', rule.updates ?? 1);
  if (rule.by === 'tile') {
    checkCount('columns', rule.columns);
    checkCount('rows', rule.rows);
  }
}

function checkCount(name: string, value: number): void {
  if (!Number.isSafeInteger(value) || value < 1)
    throw wrong(`${name} of the rule of a splitter must be a whole number from 1 on, not ${value}`);
}

function wrong(message: string): PvaflowError {
  return new PvaflowError('PVAFLOW_CONFIG', message);
}

/** Says by a rule which output an object goes to. */
export class Splitting {
  #rule: SplitRule;
  #turn = 0;
  #given = 0;

  constructor(
    rule: SplitRule,
    readonly outputs: number,
  ) {
    this.#rule = rule;
  }

  /** Whether objects are cut into parts for all outputs, and not given to one. */
  get cuts(): boolean {
    return this.#rule.by === 'tile';
  }

  /**
   * The output that an object goes to, from 0.
   *
   * @throws {PvaflowError} PVAFLOW_SPLIT when it has no value by which it could be told
   */
  outputOf(object: PvObject): number {
    return this.#rule.by === 'hash' ? this.#indexByHash(object, this.#rule.field) : this.#nextTurn();
  }

  /**
   * The parts of an object, one for each output. They have to be released.
   *
   * @throws {PvaflowError} PVAFLOW_SPLIT, PVAFLOW_TILES or a FrameError when it cannot be cut
   */
  tilesOf(object: PvObject): NtNdArray[] {
    if (this.#rule.by !== 'tile') throw splitError(`it is split by ${this.#rule.by}`);
    const { columns, rows } = this.#rule;
    if (!(object instanceof NtNdArray)) throw splitError('it is no NTNDArray, which alone can be cut into tiles');
    const tiles = cutIntoTiles(object, { columns, rows });
    if (tiles.length === 0) throw splitError('it has no image that could be cut into tiles');
    return tiles;
  }

  /**
   * Turns have another length from the next object on, beginning with the output whose turn it is.
   *
   * @throws {PvaflowError} PVAFLOW_CONFIG when there are no turns, or it is no length of one
   */
  setUpdates(updates: unknown): void {
    this.#rule = this.withUpdates(updates);
  }

  /** The rule with another length of the turns. @throws {PvaflowError} as {@link setUpdates} */
  withUpdates(updates: unknown): SplitRule {
    if (this.#rule.by !== 'turns')
      throw wrong(`sequentialUpdates: there are no turns, it is split by ${this.#rule.by}`);
    const rule: SplitRule = { by: 'turns', updates: Number(updates) };
    checkRule(rule);
    return rule;
  }

  #nextTurn(): number {
    const { updates = 1 } = this.#rule as { readonly updates?: number };
    if (this.#given >= updates) {
      this.#turn = (this.#turn + 1) % this.outputs;
      this.#given = 0;
    }
    this.#given += 1;
    return this.#turn;
  }

  #indexByHash(object: PvObject, field: string): number {
    const value = object.has(field) ? object.get(field) : null;
    if (value === null) throw splitError(`it has no value in the field ${field}, by which it is split`);
    return hashOf(value) % this.outputs;
  }
}

function splitError(message: string): PvaflowError {
  return new PvaflowError('PVAFLOW_SPLIT', message);
}
