import { setTimeout as delay } from 'node:timers/promises';
import type { Command } from 'commander';
import { PvaClient } from '../pva/client.js';
import { numberOption, oneOf, seconds } from './option-values.js';
import { remark, writeJson, writeLine } from './output.js';
import { onStopRequest } from './stop-requests.js';
import { Screen } from './terminal/screen.js';
import { StatusWatch } from './top/status-watch.js';
import { entryOf, sorted, sortKeys, tableLines, type SortKey, type TopEntry } from './top/table.js';

interface TopOptions {
  readonly period: number;
  readonly timeout: number;
  readonly sort: SortKey;
  readonly once?: true;
  readonly json?: true;
}

const DEFAULT_PATTERN = '*status*';
const DEFAULT_PERIOD_S = 1;
const DEFAULT_SEARCH_S = 2;
/** New consumers are looked for again and again. */
const SEARCH_EVERY_MS = 10_000;
/** Width of a table that goes to no terminal. */
const PLAIN_WIDTH = 200;

const description = `Show every consumer and collector, of pvaflow and pvaPy, that is found by its status channel.

Servers are searched for as pvaflow list does, and asked for their channels; those whose names match and that hold a status
are shown. Without patterns these are the names with "status" in them.`;

const examples = `
Examples:
  pvaflow top                           all that have a status channel
  pvaflow top 'proc:*:status' -s lost   these, first those that lost most
  pvaflow top --once --json             one JSON document for each, for scripts`;

export function addTopCommand(program: Command): void {
  program
    .command('top')
    .description(description)
    .argument('[patterns...]', 'names of status channels; * stands for anything')
    .option('-p, --period <s>', 'seconds between two pictures', seconds, DEFAULT_PERIOD_S)
    .option(
      '-w, --timeout <s>',
      'how long to search for servers, and to wait for their answers',
      numberOption(0),
      DEFAULT_SEARCH_S,
    )
    .option('-s, --sort <key>', `what comes first: ${sortKeys.join(', ')}`, oneOf(sortKeys), 'name')
    .option('--once', 'show it once and end')
    .option('--json', 'one JSON document for each, instead of a table')
    .addHelpText('after', examples)
    .action(top);
}

async function top(patterns: readonly string[], options: TopOptions): Promise<void> {
  using client = new PvaClient();
  using watch = new StatusWatch(client, patterns.length > 0 ? patterns : [DEFAULT_PATTERN]);
  const entries = () => sorted(watch.rows().map(entryOf), options.sort);
  await watch.search(options.timeout);
  await allHeard(watch, options.timeout);
  const isScreen = process.stdout.isTTY && !options.json && options.once !== true;
  if (watch.rows().length === 0 && !isScreen)
    remark(`no status channel was found in ${options.timeout} s (${client.describeSearch()})`);
  if (options.once) return printEntries(entries(), options);
  const over = new AbortController();
  using _end = onStopRequest(() => over.abort());
  const searching = setInterval(() => void watch.search(options.timeout), SEARCH_EVERY_MS);
  try {
    if (isScreen) await showScreen(entries, client.describeSearch(), options.period, over.signal);
    else await showLines(entries, options, over.signal);
  } finally {
    clearInterval(searching);
  }
}

/** Waits until each channel has said what it holds, but not longer than this. */
async function allHeard(watch: StatusWatch, limit: number): Promise<void> {
  const until = performance.now() + limit * 1000;
  while (!watch.isComplete && performance.now() < until) await delay(20);
}

async function showScreen(
  entries: () => TopEntry[],
  search: string,
  period: number,
  signal: AbortSignal,
): Promise<void> {
  using screen = new Screen(process.stdout);
  const draw = () => screen.draw(screenLines(entries(), search, screen.columns));
  screen.onResize(draw);
  while (!signal.aborted) {
    if (!screen.busy) draw();
    await pause(period, signal);
  }
}

/** The page: how many there are, and what is known of each; or where they are looked for. */
export function screenLines(entries: readonly TopEntry[], search: string, columns: number): string[] {
  const running = entries.filter(({ state }) => state === 'running').length;
  const head = `${timeOfDay(new Date())}  ${entries.length} found, ${running} running  Ctrl-C ends`;
  const none = [
    'no status channel was found yet',
    ...folded(search, columns),
    'Still looking; pvaflow list shows what is served.',
  ];
  const lines = entries.length === 0 ? none : tableLines(entries, columns);
  return [head, '', ...lines].map((line) => line.slice(0, columns));
}

/** A text in lines of no more than so many columns, as far as it has spaces. */
function folded(text: string, columns: number): string[] {
  return text.match(new RegExp(`.{1,${columns}}(?= |$)|\\S+`, 'g'))?.map((line) => line.trim()) ?? [];
}

/** `14:05:09`, of the clock on the wall. */
function timeOfDay(time: Date): string {
  return time.toLocaleTimeString('en-GB');
}

async function showLines(entries: () => TopEntry[], options: TopOptions, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    await printEntries(entries(), options);
    await pause(options.period, signal);
  }
}

async function printEntries(entries: readonly TopEntry[], { json }: TopOptions): Promise<void> {
  if (json) for (const entry of entries) await writeJson(entry);
  else if (entries.length > 0) await writeLine(tableLines(entries, process.stdout.columns || PLAIN_WIDTH).join('\n'));
}

async function pause(period: number, signal: AbortSignal): Promise<void> {
  await delay(period * 1000, undefined, { signal }).catch(() => {}); // ended early
}
