import { Command } from 'commander';
import { expect, it } from 'vitest';
import {
  addProcessorFileOptions,
  processorConfigs,
  type ProcessorCliOptions,
} from '../../src/cli/processor-options.js';

function configs(...args: string[]) {
  const command = new Command().exitOverride();
  addProcessorFileOptions(command);
  command.parse(args, { from: 'user' });
  return processorConfigs(command.opts<ProcessorCliOptions>());
}

const [file, type, args] = ['--processor-file', '--processor-class', '--processor-args'];
const a1 = { a: 1 };

it.each([
  [[], []],
  [[file, 'x.ts'], [{ file: 'x.ts' }]],
  [[type, 'pvapy.hpc.adImageProcessor.AdImageProcessor'], [{ className: 'AdImageProcessor' }]],
  [[type, 'X', args, '{"a":1}', file, 'x.ts'], [{ file: 'x.ts', className: 'X', args: a1 }]],
  [
    [file, 'x.ts', file, 'y.ts'],
    [{ file: 'x.ts' }, { file: 'y.ts' }],
  ],
  [
    [file, 'x.ts', type, 'X', file, 'y.ts', type, 'Y'],
    [
      { file: 'x.ts', className: 'X' },
      { file: 'y.ts', className: 'Y' },
    ],
  ],
  [
    [type, 'PassThrough', type, 'AdImageThreshold'],
    [{ className: 'PassThrough' }, { className: 'AdImageThreshold' }],
  ],
  [
    [type, 'B', file, 'x.ts', file, 'y.ts'],
    [{ className: 'B' }, { file: 'x.ts' }, { file: 'y.ts' }],
  ],
  [
    [file, 'x.ts', type, 'X', type, 'B'],
    [{ file: 'x.ts', className: 'X' }, { className: 'B' }],
  ],
  [
    [file, 'x.ts', args, '{"a":1}', type, 'B', args, '{"a":2}'],
    [
      { file: 'x.ts', args: a1 },
      { className: 'B', args: { a: 2 } },
    ],
  ],
  [
    [file, 'x.ts', file, 'y.ts', args, '{"a":1}'],
    [{ file: 'x.ts' }, { file: 'y.ts', args: a1 }],
  ],
])('reads %j', (words, expected) => {
  expect(configs(...words)).toEqual(expected);
});

it.each([
  [[args, '{}', file, 'x.ts', file, 'y.ts'], 'write it after the processor that it is for'],
  [[file, 'x.ts', file, 'y.ts', args, '{"a":1}', args, '{}'], 'y.ts has arguments already'],
])('refuses %j', (words, message) => {
  expect(() => configs(...words)).toThrow(message);
});
