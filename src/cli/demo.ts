import type { Command } from 'commander';
import { PvaClient } from '../pva/client.js';
import { figureLines } from './demo/figures.js';
import { channels, DemoProcesses } from './demo/processes.js';
import { exitCodes } from './exit.js';
import { MAX_SECONDS } from '../core/units.js';
import { numberOption } from './option-values.js';
import { remark, writeLine } from './output.js';
import { showPlain, showPicture, type DemoView } from './demo/views.js';
import { onStopRequest } from './stop-requests.js';
import { FrameFeed } from './view/frame-feed.js';

const VIEW = { pipeline: false, queueSize: 2, queue: { frames: 1, bytes: 2 ** 30, onFull: 'dropOldest' } } as const;

interface DemoOptions {
  readonly seconds: number;
  readonly forever?: true;
  readonly plain?: true;
}

const examples = `
Examples:
  pvaflow demo                                half a minute, with a picture if this is a terminal
  pvaflow demo --forever                      until Ctrl-C
  pvaflow demo --seconds 5 --plain            five seconds, plain lines

Exit codes: 0 done, 1 failed, 4 a frame was lost.`;

export function addDemoCommand(program: Command): void {
  program
    .command('demo')
    .description(
      'Show what pvaflow does: a simulated detector, a consumer with the processor examples/1-basics/3-threshold.ts, and its output, ' +
        'in processes of their own that nobody else on the network sees. At the end every frame is accounted for.',
    )
    .option('--seconds <n>', 'how long the simulator runs', numberOption(1), 30)
    .option('--forever', 'until Ctrl-C')
    .option('--plain', 'a few lines each second and no picture, as when stdout is no terminal')
    .addHelpText('after', examples)
    .action(demo);
}

async function demo(options: DemoOptions): Promise<void> {
  remark('starting a simulated detector and a consumer …');
  const processes = await DemoProcesses.start(options.forever ? MAX_SECONDS : options.seconds);
  try {
    await show(processes, options);
    const { lines, complete } = await processes.finish();
    for (const line of lines) await writeLine(line);
    if (!complete) process.exitCode = exitCodes.lost;
  } finally {
    await processes.discard();
  }
}

/** Shows the run until the simulator has ended or the user has had enough. */
async function show(processes: DemoProcesses, options: DemoOptions): Promise<void> {
  const { nameServers } = processes;
  using client = new PvaClient({ nameServers, addressList: [], autoAddressList: false, useEnvironment: false });
  const search = client.describeSearch();
  using images = new FrameFeed(client.monitor(channels.output, VIEW), undefined, search);
  using status = new FrameFeed(client.monitor(channels.status, VIEW), undefined, search);
  const started = performance.now();
  let enough = false;
  using _signals = onStopRequest(() => {
    enough = true;
    images.close();
  });
  const view: DemoView = {
    images,
    goesOn: () => {
      processes.consumer.check();
      processes.simulator.check();
      return !enough && processes.simulator.running;
    },
    lines: () => {
      status.refresh();
      const simulator = processes.simulator.lastLine(/^published/);
      return figureLines({ elapsedMs: performance.now() - started, simulator, status: status.current });
    },
  };
  if (process.stdout.isTTY && !options.plain) await showPicture(view, process.stdout);
  else await showPlain(view);
}
