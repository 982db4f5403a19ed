import { InvalidArgumentError, Option, type Command } from 'commander';
import { numberOption } from '../option-values.js';
import { colorModes, type ColorMode } from '../picture/cells.js';
import { colorMapNames, type ColorMapName } from '../picture/color-map.js';
import type { Range, Scaling } from '../picture/range.js';
import { reductions, type Reduction } from '../picture/reduce.js';

export interface ViewOptions {
  readonly png?: string;
  readonly raw?: true;
  readonly scaled?: true;
  readonly depth: '8' | '16';
  readonly colorMap: ColorMapName;
  readonly scale: 'percentile' | 'minmax';
  readonly range?: Range;
  readonly reduce: Reduction;
  readonly color: 'auto' | ColorMode;
  readonly plain?: true;
  readonly rate: number;
  readonly count?: number;
  readonly timeout?: number;
}

function parseRange(text: string): Range {
  const [low = NaN, high = NaN, ...rest] = text.split(',').map((word) => (word.trim() === '' ? NaN : Number(word)));
  if (rest.length > 0 || !(low < high)) throw new InvalidArgumentError('It must be LOW,HIGH with LOW below HIGH.');
  return { low, high };
}

export function addViewOptions(command: Command): Command {
  const choice = (flags: string, text: string, choices: readonly string[], first: string) =>
    new Option(flags, text).choices(choices).default(first);
  return command
    .addOption(
      choice(
        '--scale <how>',
        'pixels drawn from dark to bright: the bulk, or all',
        ['percentile', 'minmax'],
        'percentile',
      ),
    )
    .option('--range <low,high>', 'draw these pixel values from dark to bright, in place of --scale', parseRange)
    .addOption(choice('--color-map <name>', 'colours of mono images', colorMapNames, 'viridis'))
    .addOption(
      choice('--reduce <how>', 'pixels that share a point: their mean, the brightest, or one', reductions, 'mean'),
    )
    .addOption(choice('--color <mode>', 'colours of the terminal', ['auto', ...colorModes], 'auto'))
    .option('--rate <hertz>', 'draw at most so often', numberOption(0.1), 15)
    .option('--plain', 'a line of text each second and no picture, as when stdout is no terminal')
    .option('-c, --count <n>', 'end after so many pictures (or lines)', numberOption(1, true))
    .option(
      '-w, --timeout <seconds>',
      'give up when no image has come in this time (default: keep trying)',
      numberOption(0),
    )
    .option('--png <file>', 'write one image to a PNG file and end')
    .option('--raw', 'PNG: pixel values as they are (uint8, uint16: the default for these)')
    .option('--scaled', 'PNG: pixel values stretched by --scale or --range, coloured by --color-map if that is given')
    .addOption(choice('--depth <bits>', 'PNG: bits of scaled values', ['8', '16'], '16'));
}

/** The range to draw or to write: the user's, or found in each image. */
export function scalingOf(options: ViewOptions): Scaling {
  return options.range ?? options.scale;
}
