import { describe, expect, it } from 'vitest';
import { parseChannelMap } from '../../../src/hpc/mirror/channel-map.js';

const entry = { provider: 'pva', queueSize: 0, monitors: 1, request: '' };

describe('a channel map', () => {
  it.each([
    ['(m,s)', [{ ...entry, mirror: 'm', source: 's' }]],
    ['( m , s , CA )', [{ ...entry, mirror: 'm', source: 's', provider: 'ca' }]],
    ['(m,ca://s)', [{ ...entry, mirror: 'm', source: 's', provider: 'ca' }]],
    ['(m,pva://s,,7)', [{ ...entry, mirror: 'm', source: 's', queueSize: 7 }]],
    [
      '(a,b,pva,10),(c,d,ca,5)',
      [
        { ...entry, mirror: 'a', source: 'b', queueSize: 10 },
        { ...entry, mirror: 'c', source: 'd', provider: 'ca', queueSize: 5 },
      ],
    ],
    [
      '(m,s,pva,0,2,_[pydistributor=updates:1;group:mirror;trigger:uniqueId])',
      [
        {
          ...entry,
          mirror: 'm',
          source: 's',
          monitors: 2,
          request: '_[pydistributor=updates:1;group:mirror;trigger:uniqueId]',
        },
      ],
    ],
    [
      '(m,s,pva,0,1,value,alarm{severity,status})',
      [{ ...entry, mirror: 'm', source: 's', request: 'value,alarm{severity,status}' }],
    ],
  ])('%s', (text, entries) => {
    expect(parseChannelMap(text)).toEqual(entries);
  });

  it.each([
    ['', /no entry/],
    ['m,s', /expected \( before m,s/],
    ['(m,s', /no \) for/],
    ['(m)', /need names/],
    ['(m,s,tcp)', /"tcp" is not one of pva, ca/],
    ['(m,s,pva,-1)', /queue size must be a whole number of at least 0, found -1/],
    ['(m,s,pva,1,0)', /number of monitors must be a whole number of at least 1, found 0/],
  ])('%s is refused', (text, message) => {
    expect(() => parseChannelMap(text)).toThrow(message);
    expect(() => parseChannelMap(text)).toThrow(/Expected \(mirror,source\[/);
  });

  it.each([
    ['(m,s,ca,1,2)', 'the mirror m: Channel Access has no requests, and its servers do not distribute updates'],
    ['(m,s),(m,t)', 'the mirror m: it is there twice'],
  ])('%s contradicts itself', (text, message) => {
    expect(() => parseChannelMap(text)).toThrow(message);
  });
});
