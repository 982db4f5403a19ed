import { inspect } from 'node:util';
import { describe, expect, it } from 'vitest';
import { PvaflowError, PvObject, PvType, structure, structureArray, union, unionArray } from '../../src/index.js';

const type = new PvType({
  value: union({ ubyteValue: 'ubyte[]', doubleValue: 'double[]', again: 'ubyte[]' }),
  dimension: structureArray({ size: 'int', reverse: 'boolean' }, 'dimension_t'),
  alarm: structure({ severity: 'int', status: 'int', message: 'string' }, 'alarm_t'),
  timeStamp: structure({ secondsPastEpoch: 'long', nanoseconds: 'int', userTag: 'int' }, 'time_t'),
  held: 'any',
  many: 'any[]',
  choices: unionArray({ number: 'int', text: 'string' }),
  id: 'long',
  tiny: 'byte',
  ratio: 'float',
  waveform: 'short[]',
  flags: 'boolean[]',
  names: 'string[]',
});

const make = () =>
  new PvObject(type, {
    value: { ubyteValue: new Uint8Array(40_000).fill(7) },
    dimension: [{ size: 200 }, null],
    held: { type: structure({ x: 'int' }), value: { x: 4 } },
    many: [1.5, 'text', null],
    choices: [{ number: 3 }, { text: 'three' }, null],
    waveform: [1, 2, 3],
  });

function codeOf(action: () => unknown): string {
  try {
    action();
  } catch (error) {
    expect(error).toBeInstanceOf(PvaflowError);
    return (error as PvaflowError).code;
  }
  throw new Error('nothing was thrown');
}

describe('get', () => {
  it.each([
    ['alarm.severity', 0],
    ['dimension[0].size', 200],
    ['dimension[1]', null],
    ['held', { x: 4 }],
    ['held.x', 4],
    ['many[1]', 'text'],
    ['choices', [3, 'three', null]],
    ['choices[1].text', 'three'],
    ['waveform', new Int16Array([1, 2, 3])],
    ['flags', []],
  ])('reads %s', (path, expected) => {
    expect(make().get(path)).toEqual(expected);
  });

  it.each([
    'value.doubleValue',
    'dimension[2]',
    'dimension[2].size',
    'dimension[1].size',
    'choices[0].text',
    'many[2].x',
    'held.y',
  ])('gives undefined for %s, which another value could have', (path) => {
    const object = make();
    if (path === 'held.y') object.set('held', null);
    expect(object.get(path)).toBeUndefined();
    expect(object.has(path)).toBe(false);
  });

  it.each([
    'nothing',
    'alarm.nothing',
    'value.nothing',
    'waveform[0]',
    'alarm[0]',
    'a..b',
    '[',
    'dimension[x]',
    'dimension[0',
    '.alarm',
  ])('refuses %s, which no value of the type can have', (path) => {
    const object = make();
    expect(codeOf(() => object.get(path))).toBe('PVAFLOW_FIELD');
    expect(object.has(path)).toBe(false);
  });

  it('gives the same view again, and what is written to it is the value', () => {
    const object = make();
    for (const path of ['value', 'waveform']) {
      const view = object.get<Uint8Array>(path);
      expect(object.get(path)).toBe(view);
      view[0] = 99;
      expect(object.clone().get<Uint8Array>(path)[0]).toBe(99);
    }
  });
});

describe('set', () => {
  it('selects a member by its name even where another has the same type', () => {
    const object = new PvObject(type);
    expect(object.selected('value')).toBeUndefined();
    object.set('value', { again: [1, 2] });
    expect(object.selected('value')).toBe('again');
    expect(object.clone().selected('value')).toBe('again');
    object.set('value.doubleValue', [0.5]);
    expect(object.selected('value')).toBe('doubleValue');
    object.set('value', null);
    expect(object.selected('value')).toBeUndefined();
  });

  it('leaves fields alone that are not named', () => {
    const object = new PvObject(type, { alarm: { severity: 2, message: 'hot' } });
    object.set('alarm', { status: 3 });
    expect(object.get('alarm')).toEqual({ severity: 2, status: 3, message: 'hot' });
  });

  it('marks what was set and nothing else', () => {
    const object = new PvObject(type);
    expect(object.changedFields()).toEqual([]);
    object.set('', { alarm: { status: 3 }, id: 1n }).set('value.doubleValue', [1]);
    expect(object.changedFields()).toEqual(['value', 'alarm.status', 'id']);
    expect(object.isChanged('alarm')).toBe(true);
    expect(object.isChanged('alarm.severity')).toBe(false);
    expect(object.isChanged('value.ubyteValue')).toBe(false);
  });

  it('replaces an element without touching a clone that shares it', () => {
    const object = make();
    const clone = object.clone();
    object.set('dimension[0].size', 5).set('held.x', 6).set('choices[0].number', 8).set('many[1]', 'other');
    expect(object.get('dimension')).toEqual([{ size: 5, reverse: false }, null]);
    expect([object.get('held.x'), object.get('choices[0]'), object.get('many[1]')]).toEqual([6, 8, 'other']);
    expect(clone.get('dimension[0].size')).toBe(200);
    expect([clone.get('held.x'), clone.get('choices[0]'), clone.get('many[1]')]).toEqual([4, 3, 'text']);
  });

  it('takes what an any can hold', () => {
    const object = new PvObject(type);
    object.set('many', [1, 2n, 'a', true, null, new Float32Array([1]), ['x'], new PvObject({ y: 'int' }, { y: 1 })]);
    expect(object.get('many')).toEqual([1, 2n, 'a', true, null, new Float32Array([1]), ['x'], { y: 1 }]);
  });

  it('takes its own view back without a copy', () => {
    const object = make();
    const view = object.get<Uint8Array>('value');
    object.set('value', { ubyteValue: view });
    expect(object.get('value')).toBe(view);
  });

  it('leaves an old view readable when the array is replaced', () => {
    const object = make();
    const view = object.get<Uint8Array>('value');
    object.set('value.ubyteValue', [1]);
    expect([view.length, view[0]]).toEqual([40_000, 7]);
    expect(object.get('value')).toEqual(new Uint8Array([1]));
  });

  it.each([
    ['tiny', 128, 'PVAFLOW_VALUE_RANGE', /field tiny: expected an integer from -128 to 127, found 128/],
    ['tiny', 1.5, 'PVAFLOW_VALUE_RANGE', /1\.5/],
    ['tiny', NaN, 'PVAFLOW_VALUE_RANGE', /NaN/],
    ['tiny', '1', 'PVAFLOW_VALUE_TYPE', /"1"/],
    ['tiny', undefined, 'PVAFLOW_VALUE_TYPE', /undefined/],
    ['id', 2n ** 63n, 'PVAFLOW_VALUE_RANGE', /9223372036854775808/],
    ['id', 2n ** 70n, 'PVAFLOW_VALUE_RANGE', /1180591620717411303424/],
    ['ratio', 1e39, 'PVAFLOW_VALUE_RANGE', /1e\+39/],
    ['ratio', 2n ** 60n, 'PVAFLOW_VALUE_RANGE', /1152921504606846976/],
    ['waveform', [1, 40_000], 'PVAFLOW_VALUE_RANGE', /field waveform\[1\].*found 40000/],
    ['waveform', new Float64Array([1, 0.5]), 'PVAFLOW_VALUE_RANGE', /field waveform\[1\].*found 0\.5/],
    ['waveform', 'abc', 'PVAFLOW_VALUE_TYPE', /an array of numbers.*"abc"/],
    ['flags', [1], 'PVAFLOW_VALUE_TYPE', /field flags\[0\]: expected true or false/],
    ['names', ['a', 1], 'PVAFLOW_VALUE_TYPE', /field names\[1\]: expected a string/],
    ['alarm.severity', null, 'PVAFLOW_VALUE_TYPE', /field alarm\.severity/],
    ['alarm', 5, 'PVAFLOW_VALUE_TYPE', /an object with severity, status, message/],
    ['alarm', { level: 5 }, 'PVAFLOW_FIELD', /no field alarm\.level; there are severity, status, message/],
    ['dimension', [{ size: 'x' }], 'PVAFLOW_VALUE_TYPE', /field dimension\[0\]\.size/],
    ['dimension[7].size', 1, 'PVAFLOW_FIELD', /field dimension\[7\]: expected an index below 2/],
    ['dimension[1].size', 1, 'PVAFLOW_FIELD', /field dimension\[1\]: expected an element, found null/],
    ['value', { nothing: [] }, 'PVAFLOW_FIELD', /no union member value\.nothing; there are ubyteValue/],
    ['value', { ubyteValue: [], again: [] }, 'PVAFLOW_VALUE_TYPE', /\{ member: data \}/],
    ['value', new Uint8Array(1), 'PVAFLOW_VALUE_TYPE', /\{ member: data \} with one of ubyteValue/],
    ['held', {}, 'PVAFLOW_VALUE_TYPE', /\{ type, value \}/],
    ['held', { type: 'any', value: 1 }, 'PVAFLOW_TYPE', /any in any/],
    ['held', { type: 'integer', value: 1 }, 'PVAFLOW_TYPE', /"integer" is no pvAccess type/],
    ['nothing', 1, 'PVAFLOW_FIELD', /no field nothing; structure has value, dimension/],
  ])('refuses a wrong value for %s, case %#', (path, value, code, message) => {
    const object = make();
    const before = JSON.stringify(object);
    expect(codeOf(() => object.set(path, value))).toBe(code);
    expect(() => object.set(path, value)).toThrow(message);
    expect(JSON.stringify(object)).toBe(before);
  });

  it('refuses a value of another type, naming the field', () => {
    const other = new PvObject({ severity: 'string' });
    expect(codeOf(() => make().set('alarm', other))).toBe('PVAFLOW_TYPE');
    expect(() => make().set('alarm', other)).toThrow(/field alarm: field severity is string here and int there/);
  });

  it('is not led astray by an array that grows while it is read', () => {
    const growing: unknown[] = [{ size: 1 }, { size: 2 }];
    Object.defineProperty(growing, 0, {
      get() {
        growing.push({ size: 3 });
        return { size: 1 };
      },
    });
    expect(make().set('dimension', growing).get<unknown[]>('dimension')).toHaveLength(2);
  });

  it('refuses what is nested deeper than pvAccess has it', () => {
    let nested = new PvObject({ held: 'any' });
    const grow = () => {
      for (let i = 0; i < 30; i++) nested = new PvObject({ held: 'any' }, { held: nested });
    };
    expect(codeOf(grow)).toBe('PVAFLOW_VALUE_TYPE');
  });
});

describe('allocate', () => {
  it('gives zeros to write into, which become the value', () => {
    const object = new PvObject(type);
    const view = object.allocate<Uint8Array>('value.ubyteValue', 50_000);
    expect([view.length, object.selected('value'), view.every((x) => x === 0)]).toEqual([50_000, 'ubyteValue', true]);
    view.fill(3);
    expect(object.get('value')).toBe(view);
    expect(object.clone().get<Uint8Array>('value')[49_999]).toBe(3);
  });

  it('gives memory that was used before to who writes every element', () => {
    const object = new PvObject(type);
    const view = object.allocate<Uint8Array>('value.ubyteValue', 100_000, 'unset').fill(7);
    expect(object.get('value')).toBe(view);
    object.release();
    expect(view).toHaveLength(0);
    const zeros = new PvObject(type).allocate<Uint8Array>('value.ubyteValue', 100_000);
    expect(zeros.every((x) => x === 0)).toBe(true);
  });

  it.each([-1, NaN, 2 ** 40, '5'])('refuses a length of %j', (length) => {
    expect(codeOf(() => new PvObject(type).allocate('waveform', length as number))).toBe('PVAFLOW_VALUE_RANGE');
  });

  it('refuses what is no array of numbers', () => {
    expect(codeOf(() => new PvObject(type).allocate('names', 3))).toBe('PVAFLOW_VALUE_TYPE');
  });
});

describe('clone', () => {
  it.each([
    ['before', false],
    ['after', true],
  ])('is independent when made %s the original is looked at', (_, lookFirst) => {
    const object = make();
    if (lookFirst) object.get('value');
    const clone = object.clone();
    const view = object.get<Uint8Array>('value');
    view[0] = 42;
    clone.get<Uint8Array>('value')[1] = 43;
    expect([...object.get<Uint8Array>('value').slice(0, 2)]).toEqual([42, 7]);
    expect([...clone.get<Uint8Array>('value').slice(0, 2)]).toEqual([7, 43]);
  });

  it('keeps the class', () => {
    class Mine extends PvObject {}
    expect(new Mine(type).clone()).toBeInstanceOf(Mine);
  });
});

describe('release', () => {
  it('empties the views, and says so to every later use', () => {
    const object = make();
    const views = [object.get<Uint8Array>('value'), object.get<Int16Array>('waveform')];
    object.release();
    expect(views.map((view) => view.length)).toEqual([0, 0]);
    expect(object.released).toBe(true);
    expect(codeOf(() => make().set('value', { ubyteValue: views[0] }))).toBe('PVAFLOW_VALUE_RELEASED');
  });

  it('happens when the last holder lets go, and once', () => {
    const object = make().retain();
    object.release();
    expect(object.get('id')).toBe(0n);
    object.release();
    object.release();
    expect(object.released).toBe(true);
    expect(codeOf(() => object.retain())).toBe('PVAFLOW_VALUE_RELEASED');
  });

  it('happens at the end of a using block', () => {
    const object = make();
    {
      using held = object;
      expect(held.released).toBe(false);
    }
    expect(object.released).toBe(true);
  });
});

describe('every method in every state', () => {
  const methods: Record<string, (object: PvObject) => unknown> = {
    get: (object) => object.get('id'),
    set: (object) => object.set('id', 5n),
    allocate: (object) => object.allocate('waveform', 2),
    selected: (object) => object.selected('value'),
    isChanged: (object) => object.isChanged('id'),
    has: (object) => object.has('id'),
    changedFields: (object) => object.changedFields(),
    toObject: (object) => object.toObject(),
    toJSON: (object) => object.toJSON(),
    toString: (object: PvObject) => object.toString(),
    typeId: (object) => object.typeId,
    timeStamp: (object) => object.timeStamp,
    alarm: (object) => object.alarm,
    clone: (object) => object.clone(),
    retain: (object) => object.retain(),
  };
  const states: Record<string, (object: PvObject) => void> = {
    fresh: () => undefined,
    'view held': (object) => object.get('value'),
    cloned: (object) => object.clone(),
    'held in another': (object) => new PvObject({ held: 'any' }, { held: object }),
    retained: (object) => object.retain(),
  };

  describe.each(Object.keys(states))('%s', (state) => {
    it.each(Object.keys(methods))('%s works', (method) => {
      const object = make();
      states[state]?.(object);
      expect(methods[method]?.(object)).not.toBeUndefined();
      expect(object.get<Uint8Array>('value')[39_999]).toBe(7);
    });
  });

  describe('released', () => {
    it.each(Object.keys(methods))('%s throws', (method) => {
      const object = make();
      object.get('value');
      object.release();
      expect(codeOf(() => methods[method]?.(object))).toBe('PVAFLOW_VALUE_RELEASED');
    });

    it('type, released, release and inspect still answer', () => {
      const object = make();
      object.release();
      object.release();
      expect([object.released, object.type, inspect(object)]).toEqual([true, type, 'PvObject (released)']);
    });
  });
});
