/** Processors that behave well, and some that do not. */
import { AdImageProcessor, UserDataProcessor, type EventContext, type NtNdArray, type PvObject } from 'pvaflow';

/** Sets what is below a level to zero. */
export class Threshold extends AdImageProcessor {
  private level = 100;
  private nAbove = 0;

  override configure({ level = this.level }: { level?: number }) {
    if (level < 0) throw new RangeError(`level must not be negative, found ${level}`);
    this.level = level;
    this.logger.info(`level ${level}`);
  }

  override process(frame: NtNdArray) {
    const { image, imageId } = this.reshapeNtNdArray(frame);
    const pixels = image.data;
    for (let i = 0; i < pixels.length; i++) {
      if (pixels[i] < this.level) pixels[i] = 0;
      else this.nAbove++;
    }
    this.updateOutputChannel(this.replaceNtNdArrayImage2D(frame, imageId, image));
    return frame;
  }

  override getStats() {
    return { nAbove: this.nAbove };
  }
  override getStatsPvaTypes() {
    return { nAbove: 'ulong' } as const;
  }
  override resetStats() {
    this.nAbove = 0;
  }
}

/** Hands on and publishes what it gets. */
export class Passes extends UserDataProcessor {
  override process(object: PvObject) {
    return super.process(object);
  }
}

/** Fails on some ids, and filters others. */
export class Picky extends UserDataProcessor {
  override process(object: PvObject) {
    const id = object.get<number>('uniqueId');
    if (id % 5 === 0) throw new RangeError(`no ${id}`);
    return id % 2 === 0 ? null : object;
  }
}

/** Uses the frame before, which it did not retain. */
export class Forgetful extends UserDataProcessor {
  private last: PvObject | undefined;

  override process(object: PvObject) {
    try {
      this.last?.get('uniqueId');
    } catch {
      // nobody sees it
    }
    this.last = object;
    return object;
  }
}

/** Keeps every frame whose id is odd. */
export class Hoarder extends UserDataProcessor {
  override process(object: PvObject) {
    if (object.get<number>('uniqueId') % 2 === 1) object.retain();
    return object;
  }
}

/** Holds as many promises as it is allowed to, until it is told to go on. */
export class Slow extends UserDataProcessor {
  readonly waiting: (() => void)[] = [];
  most = 0;
  override concurrency = 3;

  override async process(object: PvObject) {
    await new Promise<void>((resolve) => {
      this.most = Math.max(this.most, this.waiting.push(resolve));
    });
    return super.process(object);
  }
}

/** Tells the next one the sum of the pixels. */
export class Sum extends AdImageProcessor {
  override process(frame: NtNdArray, context: EventContext) {
    let sum = 0;
    for (const pixel of this.reshapeNtNdArray(frame).image.data) sum += Number(pixel);
    context.set('sum', sum);
    return frame;
  }
}

/** Publishes as an attribute what the one before told. */
export class SumAsAttribute extends AdImageProcessor {
  override process(frame: NtNdArray, context: EventContext) {
    return super.process(frame.setAttribute('sum', context.get('sum')));
  }
}

/** Gives each frame the last value of the metadata channel `m`. */
export class LastValue extends AdImageProcessor {
  private value = NaN;

  override process(frame: NtNdArray) {
    const queue = this.metadataQueueMap.get('m');
    for (let update = queue?.get(); update !== undefined; update = queue?.get()) {
      this.value = update.get('value');
      update.release();
    }
    return super.process(frame.setAttribute('m', this.value));
  }
}
