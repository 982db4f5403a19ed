import { describe, expect, it } from 'vitest';
import { monitorRequest, nativeOptions } from '../../src/pva/monitor-options.js';
import { PvRequest } from '../../src/pva/pv-request.js';

const plain = (text: string) => PvRequest.parse(text).toValue().toObject();

describe('text form', () => {
  it.each([
    ['', { field: {} }],
    ['field()', { field: {} }],
    ['field(value)', { field: { value: {} } }],
    ['value, alarm.severity', { field: { value: {}, alarm: { severity: {} } } }],
    ['field(alarm{severity,status},value)', { field: { alarm: { severity: {}, status: {} }, value: {} } }],
    [
      'record[queueSize=4,pipeline=true]field(a,b.c)',
      { field: { a: {}, b: { c: {} } }, record: { _options: { queueSize: '4', pipeline: 'true' } } },
    ],
    [
      'field(_[pydistributor=group:G;set:S;trigger:T;updates:3;mode:one])',
      { field: { _: { _options: { pydistributor: 'group:G;set:S;trigger:T;updates:3;mode:one' } } } },
    ],
    [
      ' record[ process = true ] field( value [ array = 0:3 ] , uniqueId ) ',
      { field: { value: { _options: { array: '0:3' } }, uniqueId: {} }, record: { _options: { process: 'true' } } },
    ],
    ['field(record, field)', { field: { record: {}, field: {} } }],
  ])('%j', (text, expected) => {
    expect(plain(text)).toEqual(expected);
  });

  it.each([
    ['field(a', /expected "\)" at character 8, found the end/],
    ['field(a,)', /expected the name of a field at character 9, found "\)"/],
    ['record[queueSize]', /expected "=" at character 17, found "\]"/],
    ['record[queueSize=4', /expected "," at character 19, found the end/],
    ['field(alarm{severity)', /expected "}" at character 21/],
    [')', /expected "record\[", "field\(" or the name of a field/],
  ])('%j is refused where it is wrong', (text, message) => {
    expect(() => PvRequest.parse(text)).toThrow(message);
    expect(() => PvRequest.parse(text)).toThrow(expect.objectContaining({ code: 'PVAFLOW_REQUEST' }));
  });

  it.each([
    'field()',
    'record[queueSize=4,pipeline=true]field(a,b{c,d})',
    'field(_[pydistributor=group:G;set:S],uniqueId)',
    'field(value[array=0:3])',
  ])('%j is written as it was read', (text) => {
    expect(PvRequest.parse(text).toString()).toBe(text);
  });
});

describe('parts', () => {
  it('are the same as text', () => {
    const request = new PvRequest({
      fields: ['value', 'alarm.severity'],
      recordOptions: { queueSize: 4, pipeline: true },
      fieldOptions: { pydistributor: 'group:G' },
    });
    expect(request.toString()).toBe(
      'record[queueSize=4,pipeline=true]field(value,alarm{severity},_[pydistributor=group:G])',
    );
    expect(request.fields).toEqual(['value', 'alarm.severity']);
    expect(request.fieldOptions).toEqual({ pydistributor: 'group:G' });
  });

  it('are added to a copy', () => {
    const request = PvRequest.parse('record[queueSize=4]field(a)');
    const more = request.with({ fields: ['b'], recordOptions: { queueSize: 8 } });
    expect(more.toString()).toBe('record[queueSize=8]field(a,b)');
    expect(request.toString()).toBe('record[queueSize=4]field(a)');
  });

  it.each([
    { fields: ['a b'] },
    { fields: ['a..b'] },
    { recordOptions: { 'a=b': 1 } },
    { fieldOptions: { x: 'a,b' } },
    { recordOptions: { x: 'a]' } },
  ])('%j cannot be sent', (parts) => {
    expect(() => new PvRequest(parts)).toThrow(expect.objectContaining({ code: 'PVAFLOW_OPTION' }));
  });
});

describe('a monitor', () => {
  it('says whether it is pipelined only when told', () => {
    expect(monitorRequest({}).toString()).toBe('record[queueSize=16]field()');
    expect(monitorRequest({ pipeline: false, queueSize: 2 }).toString()).toBe(
      'record[queueSize=2,pipeline=false]field()',
    );
  });

  it('keeps what the text of its request says', () => {
    const text = 'record[queueSize=7,pipeline=false]field(value)';
    expect(monitorRequest({ request: text }).toString()).toBe(text);
    expect(monitorRequest({ request: text, queueSize: 9 }).recordOptions['queueSize']).toBe('9');
  });

  it.each([
    [{ queuesize: 4 }, 'monitor has no option queuesize. Did you mean queueSize?'],
    [{ queueSize: 1 }, 'monitor: queueSize must be a whole number from 2'],
  ])('refuses %j', (options, message) => {
    expect(() => monitorRequest(options as object)).toThrow(message);
  });

  it.each([
    [{ frames: 0 }, 'monitor: queue.frames must be'],
    [{ bytes: 1.5 }, 'monitor: queue.bytes must be'],
    [{ onFull: 'drop' }, 'monitor: queue.onFull must be one of wait, dropOldest, dropNewest, found "drop"'],
    [{ size: 1 }, 'monitor: queue has no option size'],
  ])('refuses a queue of %j', (queue, message) => {
    expect(() => nativeOptions({ queue: queue as object })).toThrow(message);
  });
});
