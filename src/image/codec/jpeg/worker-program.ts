/**
 * The thread that decodes JPEG, in plain JavaScript, so that it runs from the sources and compiled. `sharp` gives promises only;
 * from a thread of its own its result can also be waited for.
 *
 * Each message has the bytes, how many pixel values they must make, a port for the answer, and a number in shared memory that
 * becomes 1 when the answer is there, or the thread ends. Nothing is decoded before the header of the image was compared with what was
 * announced.
 */
export const workerProgram = `
const { parentPort, workerData } = require('node:worker_threads');
const open = new Set();
process.on('exit', () => open.forEach(tell));

let sharp;
try {
  sharp = require(workerData);
} catch (error) {
  sharp = () => {
    throw error;
  };
}

async function decode({ bytes, elements }) {
  if (bytes[0] !== 0xff || bytes[1] !== 0xd8) throw new Error('it does not begin as a JPEG does');
  const options = { limitInputPixels: elements, failOn: 'warning' };
  const { format, width, height, channels } = await sharp(bytes, options).metadata();
  const values = width * height * channels;
  if (format !== 'jpeg' || (channels !== 1 && channels !== 3) || values !== elements)
    throw new Error('it is ' + format + ' of ' + width + ' × ' + height + ' × ' + channels + ', ' + elements + ' values were announced');
  const space = channels === 1 ? 'b-w' : 'srgb';
  const data = await sharp(bytes, options).toColourspace(space).raw().toBuffer();
  return { data, width, height, channels };
}

parentPort.on('message', async ({ reply, done, ...request }) => {
  open.add(done);
  const answer = await decode(request).catch((error) => ({ error: error.message }));
  reply.postMessage(answer);
  tell(done);
  open.delete(done);
  reply.close();
});

function tell(done) {
  Atomics.store(done, 0, 1);
  Atomics.notify(done, 0);
}
`;
