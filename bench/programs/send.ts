// Our server alone: posts ready-made frames to a channel as fast as its subscribers take them.
//   send.ts CHANNEL SIDE DTYPE
import { NtNdArray, PvaServer } from 'pvaflow';

const [channelName = '', side = '0', dtype = 'uint8'] = process.argv.slice(2);
const pixels = Number(side) ** 2;
const images = Array.from({ length: 16 }, (_, i) => {
  const image = dtype === 'uint8' ? new Uint8Array(pixels) : new Uint16Array(pixels);
  return frameOf(image.fill(i));
});

function frameOf(image: Uint8Array | Uint16Array): NtNdArray {
  const member = dtype === 'uint8' ? 'ubyteValue' : 'ushortValue';
  const dimension = [{ size: Number(side) }, { size: Number(side) }];
  return new NtNdArray(NtNdArray.type(), { value: { [member]: image }, dimension });
}

const server = new PvaServer();
let start: () => void;
const subscribed = new Promise<void>((resolve) => (start = resolve));
const channel = server.addChannel(channelName, NtNdArray.type(), { onSubscribers: () => start() });
process.stdin.on('end', () => process.exit()).resume();
console.log('ready');
await subscribed;
for (let id = 1; ; id++) {
  const frame = images[id % images.length] as NtNdArray;
  await channel.post(frame.set('uniqueId', id));
}
