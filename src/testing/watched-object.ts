import { PvObject } from '../pva/pv-object.js';

/** Who is told what becomes of an object. */
export interface Watcher {
  /** The object was used although it had been given back; told once. */
  onMisuse(object: PvObject, member: string): void;
  /** It was given back. */
  onReleased(object: PvObject): void;
}

interface Watch extends Watcher {
  hasMisuse: boolean;
}

const watches = new WeakMap<PvObject, Watch>();
/** For each class its prototype with every member in between. */
const prototypes = new WeakMap<object, object>();

/** What may be asked of an object that was given back; `native` is a field, and what lies in it throws by itself. */
const ALLOWED: readonly PropertyKey[] = ['constructor', 'released', 'release', 'bytes'];

/**
 * Watches an object until it was given back, and whoever uses it afterwards. It stays what it is, an instance of its class with
 * its data; copies that are made of it are not watched.
 */
export function watch(object: PvObject, watcher: Watcher): void {
  watches.set(object, { ...watcher, hasMisuse: false });
  Object.setPrototypeOf(object, watchedPrototype(Object.getPrototypeOf(object) as object));
}

/** From now on nobody is told of it. */
export function unwatch(object: PvObject): void {
  watches.delete(object);
}

function watchedPrototype(plain: object): object {
  let watched = prototypes.get(plain);
  if (watched !== undefined) return watched;
  watched = Object.create(plain) as object;
  for (const [name, member] of membersOf(plain)) {
    if (!ALLOWED.includes(name) && typeof name === 'string')
      Object.defineProperty(watched, name, reporting(name, member));
  }
  Object.defineProperty(watched, 'release', { value: release, writable: true, configurable: true });
  prototypes.set(plain, watched);
  prototypes.set(watched, watched); // one that is watched again
  return watched;
}

/** The members of a class and of those that it extends up to PvObject, each as it is seen from below. */
function membersOf(prototype: object): Map<PropertyKey, PropertyDescriptor> {
  const members = new Map<PropertyKey, PropertyDescriptor>();
  for (let at = prototype; at !== Object.prototype; at = Object.getPrototypeOf(at) as object) {
    for (const name of Reflect.ownKeys(at)) {
      const member = Reflect.getOwnPropertyDescriptor(at, name);
      if (member !== undefined && !members.has(name)) members.set(name, member);
    }
  }
  return members;
}

type Method = (this: PvObject, ...args: unknown[]) => unknown;

function reporting(name: string, member: PropertyDescriptor): PropertyDescriptor {
  const before = (method: Method): Method =>
    function (...args) {
      note(this, name);
      return method.apply(this, args);
    };
  const { value, get, set } = member as { value?: unknown; get?: Method; set?: Method };
  if (typeof value === 'function') return { ...member, value: before(value as Method) };
  return { ...member, ...(get && { get: before(get) }), ...(set && { set: before(set) }) };
}

function note(object: PvObject, member: string): void {
  const its = watches.get(object);
  if (its === undefined || its.hasMisuse || !object.released) return;
  its.hasMisuse = true;
  its.onMisuse(object, member);
}

function release(this: PvObject): void {
  const wasReleased = this.released;
  PvObject.prototype.release.call(this);
  if (!wasReleased && this.released) watches.get(this)?.onReleased(this);
}
