/** "Input/Output Modes and Firewalls": host A allows incoming connections, host B only outgoing ones. */
import { describe, expect, it } from 'vitest';
import { newPlace, type Place } from '../peers/network.js';
import { interrupt, useGuide } from './guide.js';

const guide = useGuide();
const FRAMES = 100;

interface Site {
  /** Where the detector is, and where the results are taken: both at host A. */
  readonly detector: Place;
  readonly results: Place;
}

const newSite = async (): Promise<Site> => ({ detector: await newPlace(), results: await newPlace() });

const simulator = ({ detector }: Site, more = `--count ${FRAMES}`) =>
  guide.type(
    String.raw`
EPICS_PVAS_SERVER_PORT=10001 EPICS_PVA_BROADCAST_PORT=10000 pvaflow sim-server \
    -cn pvapy:image -nx IMAGE_SIZE -ny IMAGE_SIZE -dt uint8 -rt 60 \
    -fps FRAME_RATE -rp FRAME_RATE`,
    {
      at: detector,
      instead: { '10001': `${detector.tcpPort}`, '10000': `${detector.udpPort}`, IMAGE_SIZE: '128', FRAME_RATE: '100' },
      more: `${more} --await-subscribers 1 -shd 600`,
    },
  );

/** At host B. */
const processing = (
  { detector, results }: Site,
  mode: string,
  program: string,
  { more = '', sources = [] as Place[] } = {},
) =>
  guide.type(
    String.raw`
EPICS_PVA_NAME_SERVERS="hostA:10001 hostA:30001" EPICS_PVA_BROADCAST_PORT=20000 ${program} \
    --input-channel pvapy:image \
    --control-channel stage1:*:control \
    --status-channel stage1:*:status \
    --output-channel stage1:*:output \
    --processor-class pvapy.hpc.adImageProcessor.AdImageProcessor \
    --report-period 10 \
    --server-queue-size QUEUE_SIZE \
    --consumer-id 1 \
    --output-mode pva`,
    {
      instead: {
        'hostA:10001': `127.0.0.1:${detector.tcpPort}`,
        ' hostA:30001': sources.length === 0 ? ` 127.0.0.1:${results.tcpPort}` : '',
        '20000': `${detector.beaconPort}`,
        QUEUE_SIZE: '100',
        'mode pva': `mode ${mode}`,
      },
      sources,
      more,
    },
  );

/** At host A. */
const receiving = ({ results }: Site, mode: string, program: string, more = '') =>
  guide.type(
    String.raw`
EPICS_PVAS_SERVER_PORT=30001 EPICS_PVA_BROADCAST_PORT=30000 ${program} \
    --input-channel stage1:*:output \
    --control-channel stage2:*:control \
    --status-channel stage2:*:status \
    --output-channel stage:*:output \
    --processor-class pvapy.hpc.adImageProcessor.AdImageProcessor \
    --report-period 10 \
    --skip-initial-updates 0 \
    --consumer-id 1 \
    --input-mode pvas`,
    {
      at: results,
      instead: { '30001': `${results.tcpPort}`, '30000': `${results.udpPort}`, 'mode pvas': `mode ${mode}` },
      more,
    },
  );

const NUMBERS = ['expected', 'first', 'last', 'processed', 'failed', 'missed', 'rejected'] as const;

const all = new RegExp(
  `${FRAMES} frames expected, ids 1–${FRAMES}\n {2}processed ${FRAMES} {3}published ${FRAMES} {3}failed 0 {3}missed 0`,
);

describe.each([
  ['pva', 'pvas'],
  ['rpc', 'rpc'],
])('output mode %s and input mode %s', (output, input) => {
  it('bring every result through', async () => {
    const site = await newSite();
    const results = await receiving(site, input, 'pvaflow consumer');
    const processor = await processing(site, output, 'pvaflow consumer');
    await simulator(site);
    await processed(site, FRAMES);
    expect(await interrupt(processor)).toMatch(all);
    expect(await interrupt(results)).toMatch(all);
  });

  it("bring the results of pvaPy's consumer through", async () => {
    const site = await newSite();
    const results = await receiving(site, input, 'pvaflow consumer');
    await processing(site, output, 'pvapy-hpc-consumer', { more: '-dc' });
    await simulator(site, '--count 0'); // pvaPy loses what does not arrive in time
    await processed(site, 20);
    const account = accountIn(await interrupt(results));
    expect(account.expected).toBe(account.last - account.first + 1); // every id is accounted for
    expect(account.expected).toBe(account.processed + account.missed);
    expect([account.failed, account.rejected]).toEqual([0, 0]);
  });
});

describe("pvaPy's consumer at host A", () => {
  it.each([
    ['pva', 'pvas'],
    ['rpc', 'rpc'],
  ])('gets every result by output mode %s and input mode %s', async (output, input) => {
    const site = await newSite();
    await receiving(site, input, 'pvapy-hpc-consumer', '-dc');
    // as a name server no server of pvaPy answers: its address is searched
    const processor = await processing(site, output, 'pvaflow consumer', { sources: [site.results] });
    await simulator(site);
    await processed(site, FRAMES);
    expect(await interrupt(processor)).toMatch(all);
  });
});

/** The numbers of a summary. */
function accountIn(summary: string): Record<(typeof NUMBERS)[number], number> {
  const pattern =
    /: (\S+) frames expected, ids (\S+)–(\S+)\n {2}processed (\S+) .* failed (\S+) .*missed (\S+) .*rejected (\S+)/;
  const found = pattern.exec(summary)?.slice(1) ?? [];
  const numbers = found.map((text) => Number(text.replaceAll(',', '')));
  return Object.fromEntries(NUMBERS.map((name, at) => [name, numbers[at]])) as ReturnType<typeof accountIn>;
}

/** Waits until the consumer at host A has processed so many results. */
async function processed({ results }: Site, count: number): Promise<void> {
  for await (const event of guide.client(results).monitor('stage2:1:status'))
    if (event.type === 'update' && Number(event.value.get('processorStats.nProcessed')) >= count) return;
}
