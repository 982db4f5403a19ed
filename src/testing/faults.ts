import type { FramePlan } from './frame-plan.js';
import type { GeneratedOptions } from './generated-frames.js';
import { badOption, chooser, wholeNumber, type After, type Selection } from './selection.js';

/** Frames as they are to come, for one pass. */
export type Plans = AsyncIterable<FramePlan> | Iterable<FramePlan>;

/** The chosen ones do not come. */
export async function* lossy(plans: Plans, selection: Selection): AsyncGenerator<FramePlan> {
  const isChosen = chooser(selection);
  for await (const plan of plans) if (!isChosen(plan.id)) yield plan;
}

/** The chosen ones come twice. */
export async function* duplicated(plans: Plans, selection: Selection): AsyncGenerator<FramePlan> {
  const isChosen = chooser(selection);
  for await (const plan of plans) {
    yield plan;
    if (isChosen(plan.id)) yield plan;
  }
}

/** The chosen ones come behind `by` of those that follow them. */
export async function* reordered(plans: Plans, selection: Selection, by: number): AsyncGenerator<FramePlan> {
  const isChosen = chooser(selection);
  wholeNumber('by', by, 1);
  let held: { readonly plan: FramePlan; left: number }[] = [];
  for await (const plan of plans) {
    if (isChosen(plan.id)) {
      held.push({ plan, left: by });
      continue;
    }
    yield plan;
    for (const each of held) each.left -= 1;
    for (const { plan: due } of held.filter(({ left }) => left === 0)) yield due;
    held = held.filter(({ left }) => left > 0);
  }
  for (const { plan } of held) yield plan;
}

/** Before each of the chosen ones the source goes away, and counts anew from `firstId`. */
export async function* restarted(
  plans: Plans,
  selection: Selection | After,
  firstId: number,
): AsyncGenerator<FramePlan> {
  const isChosen = chooser(selection);
  wholeNumber('firstId', firstId);
  let shift = 0;
  for await (const plan of plans) {
    const isFirstOfConnection = isChosen(plan.id);
    if (isFirstOfConnection) shift = firstId - plan.id;
    const { id, isFirstOfConnection: wasFirst = false } = plan;
    yield { ...plan, id: id + shift, isFirstOfConnection: isFirstOfConnection || wasFirst };
  }
}

/** From the chosen one on they look different. */
export async function* changed(plans: Plans, from: After, changes: GeneratedOptions): AsyncGenerator<FramePlan> {
  const isChosen = chooser(from);
  let hasChanged = false;
  for await (const plan of plans) {
    hasChanged ||= isChosen(plan.id);
    const { redraw } = plan;
    if (hasChanged && redraw === undefined)
      throw badOption('only frames that are generated can change; put streams one behind the other with followedBy');
    yield hasChanged && redraw !== undefined ? { ...plan, draw: () => redraw(changes) } : plan;
  }
}

/** The time stamps of the chosen ones lie so many seconds back. */
export async function* late(plans: Plans, selection: Selection, seconds: number): AsyncGenerator<FramePlan> {
  const isChosen = chooser(selection);
  for await (const plan of plans) yield isChosen(plan.id) ? { ...plan, time: plan.time - seconds } : plan;
}
