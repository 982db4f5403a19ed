import { expect, it } from 'vitest';
import { Repeats } from '../../src/hpc/repeats.js';

it('says what repeats once in a while, with how often it happened', () => {
  let now = 0;
  const said: string[] = [];
  const repeats = new Repeats(100, () => now);
  for (now of [0, 10, 20, 100, 110, 250]) repeats.note('a', (times) => said.push(times));
  expect(said).toEqual(['', ' (3 times)', ' (2 times)']);
});

it('keeps no more than a thousand things in mind, those that were said last', () => {
  const said: string[] = [];
  const repeats = new Repeats(100, () => 0);
  const note = (key: string) => repeats.note(key, () => said.push(key));
  for (let at = 0; at < 1001; at++) note(`message ${at}`);
  said.length = 0;
  for (const key of ['message 1', 'message 1000', 'message 0']) note(key);
  expect(said).toEqual(['message 0']);
});
