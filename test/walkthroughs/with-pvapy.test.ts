/** The commands of the guide, some of them with pvaPy's programs. */
import { expect, it } from 'vitest';
import { newPlace } from '../peers/network.js';
import { connected, interrupt, shows, useGuide } from './guide.js';

const guide = useGuide();

/** "Multiple Consumers With Data Distribution", with a server queue. */
const consumers = (program: string) => String.raw`
${program} \
    --input-channel pvapy:image \
    --control-channel consumer:*:control \
    --status-channel consumer:*:status \
    --output-channel consumer:*:output \
    --processor-class pvapy.hpc.userDataProcessor.UserDataProcessor \
    --report-period 1 \
    --server-queue-size 100 \
    --n-consumers 2 \
    --distributor-updates 1`;

it("pvaPy's consumers share the images of our simulator in turn", async () => {
  const detector = await newPlace();
  const terminal = await guide.type(consumers('pvapy-hpc-consumer'), { sources: [detector], more: '-dc' });
  await guide.type('pvaflow sim-server -cn pvapy:image -nx 128 -ny 128 -dt uint8 -rt 60 -fps 1', {
    at: detector,
    instead: { '-fps 1': '-fps 100' },
    more: '--count 200 --await-subscribers 2 -shd 600',
  });
  try {
    for (const last of [199, 200])
      await shows(terminal, new RegExp(`'lastObjectId': ${last}, .*'nMissed': 0, 'nProcessed': 100,`));
  } finally {
    terminal.kill('SIGINT'); // it leaves its consumers behind when it is ended in another way
    await terminal.exited;
  }
});

it("our consumers share the images of pvaPy's simulator", async () => {
  const detector = await newPlace();
  const terminal = await guide.type(consumers('pvaflow consumer'), { sources: [detector] });
  await guide.type('pvapy-ad-sim-server -cn pvapy:image -nx 128 -ny 128 -dt uint8 -rt 60 -fps 1', {
    at: detector,
    instead: { '-rt 60 -fps 1': '-rt 600 -fps 50' },
    more: '-nf 20 -std 2 -dc',
  });
  await connected(terminal, 'image', 1, 2);
  for (let reports = 0; reports < 3; reports++) await terminal.nextLine(/^ {2}processed /, 100_000);
  expect(await interrupt(terminal)).toMatch(
    /2 consumers: .*\n.*failed 0 {3}missed 0 {3}rejected 0(\n.*)*\n {2}consumer 1 {3}received [1-9].*\n {2}consumer 2 {3}received [1-9]/,
  );
});
