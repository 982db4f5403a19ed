import type { PvaflowError } from '../../core/errors.js';
import type { PvObject } from '../../pva/pv-object.js';
import type { MonitorEvent, Subscription } from '../../pva/subscription.js';
import { Rate } from '../terminal/rate.js';
import { Waiting } from '../waiting.js';

/**
 * The newest frame of a channel, for somebody who looks now and then. Frames that come between two looks are never
 * touched. One frame is held, so that it can be drawn again; the next one replaces it.
 */
export class FrameFeed implements Disposable {
  /** The frame to draw; undefined before the first. */
  current: PvObject | undefined;
  /** What the user should know about the connection; empty while all is well. */
  notice: string;
  /** Why the feed ended; undefined if it was closed by close(). */
  error: PvaflowError | undefined;
  ended = false;
  private readonly rate = new Rate();
  private readonly waiting: Waiting;
  private wake: (() => void) | undefined;
  /** Something has come since the last look. */
  private readable = false;
  private wakeOnFrame = false;

  constructor(
    private readonly subscription: Subscription,
    timeout: number | undefined,
    search: string,
    private readonly onNotice: (text: string) => void = () => undefined,
  ) {
    this.notice = `waiting for ${subscription.name} …`;
    this.waiting = new Waiting(subscription, timeout, search, {
      say: (text) => this.say(text),
      giveUp: (error) => this.fail(error),
    });
    this.waiting.begin();
    subscription.onReadable(() => {
      this.readable = true;
      if (this.wakeOnFrame) this.wake?.();
    });
  }

  /** Frames per second that arrived, drawn or not; undefined while that cannot be told yet. */
  get framesPerSecond(): number | undefined {
    return this.rate.perSecond;
  }

  /** Takes what has come. True if there is a new frame. */
  refresh(): boolean {
    const before = this.current;
    this.readable = false;
    let events;
    while (!this.ended && (events = this.subscription.take()).length > 0)
      for (const event of events) this.accept(event);
    if (!this.ended) this.rate.note(this.subscription.stats().received, performance.now());
    return this.current !== before;
  }

  /** Resolves when something has come, at the latest after `milliseconds`. */
  untilReadable(milliseconds: number): Promise<void> {
    return this.readable ? Promise.resolve() : this.sleep(milliseconds, true);
  }

  /** Resolves after `milliseconds`, or when the feed has ended. */
  pause(milliseconds: number): Promise<void> {
    return this.sleep(milliseconds, false);
  }

  close(): void {
    if (this.ended) return;
    this.ended = true;
    this.waiting.end();
    this.subscription.close();
    this.wake?.();
  }

  [Symbol.dispose](): void {
    this.close();
    this.current?.release();
    this.current = undefined;
  }

  private sleep(milliseconds: number, wakeOnFrame: boolean): Promise<void> {
    if (this.ended) return Promise.resolve();
    this.wakeOnFrame = wakeOnFrame;
    return new Promise((resolve) => {
      const timer = setTimeout(() => this.wake?.(), milliseconds);
      this.wake = () => {
        clearTimeout(timer);
        this.wake = undefined;
        resolve();
      };
    });
  }

  private accept(event: MonitorEvent): void {
    if (event.type === 'update') {
      this.current?.release();
      this.current = event.value;
    } else if (event.type === 'error') this.fail(event.error);
    else if (event.type === 'connected') this.connected();
    else this.disconnected(event.type);
  }

  private connected(): void {
    this.waiting.end();
    this.notice = '';
  }

  private disconnected(how: 'disconnected' | 'finished'): void {
    if (how === 'disconnected') this.waiting.begin();
    this.say(
      how === 'disconnected'
        ? `${this.subscription.name}: disconnected; waiting for it to come back`
        : `${this.subscription.name}: the server ended the stream`,
    );
  }

  private say(text: string): void {
    this.notice = text;
    this.onNotice(text);
  }

  private fail(error: PvaflowError): void {
    this.error = error;
    this.close();
  }
}
