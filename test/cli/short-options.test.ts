import { Command } from 'commander';
import { expect, it } from 'vitest';
import { addShortOptions, expandShortOptions } from '../../src/cli/short-options.js';

function program(): Command {
  const root = new Command('root');
  const command = root
    .command('consumer')
    .option('--input-channel <name>', 'where from')
    .option('--receiver-queue-size <n>', 'how many')
    .option('--report-period <s>', 'how often')
    .option('--report-stats <list>', 'what')
    .option('--disable-curses', 'plain');
  addShortOptions(command, { ic: 'input-channel', rqs: 'receiver-queue-size', dc: 'disable-curses' });
  root.command('other');
  return root;
}

it.each([
  ['-ic X -rqs -1 -dc', '--input-channel X --receiver-queue-size -1 --disable-curses'],
  ['-ic=X', '--input-channel=X'],
  ['-ic -dc', '--input-channel -dc'],
  ['--input X', '--input-channel X'],
  ['--report-p 1', '--report-period 1'],
  ['--report 1', '--report 1'],
  ['-zz', '-zz'],
  ['-- -ic', '-- -ic'],
])('%s is %s', (given, expanded) => {
  expect(expandShortOptions(program(), ['consumer', ...given.split(' ')])).toEqual([
    'consumer',
    ...expanded.split(' '),
  ]);
});

it('leaves other commands alone', () => {
  expect(expandShortOptions(program(), ['other', '-ic', 'X'])).toEqual(['other', '-ic', 'X']);
});

it('shows both spellings in the help', () => {
  const help = program().commands[0]?.helpInformation();
  expect(help).toContain('-ic, --input-channel <name>');
});
