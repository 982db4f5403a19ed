import { Chain } from '../../hpc/chain/chain.js';
import { Chains } from '../../hpc/chain/chains.js';
import type { ConsumerConfig } from '../../hpc/consumer-config.js';
import { fates } from '../../hpc/run-summary.js';
import type { ConsumerSettings } from '../../hpc/schema/consumer-schema.js';
import { grouped } from '../../core/figures.js';
import { restartLimit } from '../consumers/run.js';
import { startReports } from '../run-reports.js';
import { runStream } from '../run-stream.js';
import { chainsLines, chainsScreen } from './screen.js';

/** Runs consumers whose chain of processors is cut over processes. */
export async function runChains(
  configs: readonly ConsumerConfig[],
  isOwn: readonly boolean[],
  settings: ConsumerSettings,
): Promise<void> {
  const restart = restartLimit(settings);
  const { stallTimeout } = settings;
  const chains = new Chains(configs.map((config) => new Chain({ config, isOwn, restart, stallTimeout })));
  const { input, output, report } = settings;
  const ids = configs.map(({ consumerId }) => consumerId);
  const title = { inputChannel: input.channel, outputChannel: output.channel };
  const view = {
    title: `consumer${ids.length > 1 ? 's' : ''} ${ids.join(', ')} of ${input.channel}`,
    label: ids.join('-'),
    metrics: chains.metricsSources(),
    startReports: () =>
      startReports(
        {
          snapshot: () => chains.states(),
          screen: chainsScreen.bind(undefined, title),
          lines: () => chainsLines(chains.states(), report.stats),
        },
        report,
      ),
    unanswered: () => chains.unanswered(),
    stopFailed: () => chains.stopFailed,
    details: () => partLines(chains),
  };
  await runStream(chains, view, settings);
}

/** A line for each part, below the summary of all. */
function partLines(chains: Chains): string[] {
  return chains.chainReports().flatMap(({ consumerId, parts }) =>
    parts.map((part) => {
      const { stages, received, nRestarts, lastExit } = part;
      const restarts = nRestarts === 0 ? '' : `   restarts ${grouped(nRestarts)} (the last after ${lastExit})`;
      return `  consumer ${consumerId} ${stages.join(' → ')}   received ${grouped(received)}   ${fates(part).join('   ')}${restarts}`;
    }),
  );
}
