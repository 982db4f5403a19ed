// Our client alone: takes frames in batches, looks at nothing but releases each, and counts.
//   receive.ts CHANNEL QUEUE
import { PvaClient, type MonitorEvent } from 'pvaflow';

const [channel = '', queueSize = '16'] = process.argv.slice(2);
let received = 0;
let asked = true;

function take(event: MonitorEvent): void {
  if (event.type !== 'update') return;
  received++;
  if (asked) {
    asked = false;
    console.log(JSON.stringify({ received, id: event.value.get('uniqueId') }));
  }
  event.value.release();
}

const BATCH = 256;
const frames = Number(queueSize);
const subscription = new PvaClient().monitor(channel, { queueSize: frames, queue: { frames } });

/** A batch, then whatever else the process has to do, then the next. */
function drain(): void {
  const events = subscription.take(BATCH);
  events.forEach(take);
  if (events.length === BATCH) setImmediate(drain);
}

subscription.onReadable(drain);
process.stdin.on('data', () => (asked = true)).on('end', () => process.exit());
