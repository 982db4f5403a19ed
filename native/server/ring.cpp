#include "ring.h"

#include <algorithm>
#include <iterator>

#include "merge.h"

namespace pvaflow {

namespace {

/** Lets `newer` bring what `older` marked as well. */
void absorb(Frame& newer, const pvxs::Value& older) {
  if (sameMarks(older, newer.value)) return;
  newer.value = mergedUpdate(older, newer.value);
  newer.bytes = updateBytes(newer.value);
}

}  // namespace

void complete(Frame& frame) {
  if (!frame.base) return;
  frame.value = mergedUpdate(frame.base, frame.value);
  markAll(frame.value);
  frame.bytes = updateBytes(frame.value);
  frame.base = pvxs::Value();
}

void Ring::offer(Frame frame) {
  counters_.posted++;
  if (limits_.onFull == OnFull::dropNewest && !fits(frame.bytes)) return dropNewest(frame);
  if (limits_.onFull == OnFull::dropOldest) {
    while (!fits(frame.bytes)) dropOldestBefore(frame);
  }
  if (owed_) {
    absorb(frame, owed_);
    owed_ = pvxs::Value();
  }
  push(std::move(frame));
}

Frame Ring::deliver() {
  Frame frame = std::move(frames_.front());
  frames_.pop_front();
  bytes_ -= frame.bytes;
  counters_.delivered++;
  return frame;
}

void Ring::adopt(const std::vector<Frame>& frames) {
  const auto later = [](const Frame& a, const Frame& b) { return a.number < b.number; };
  for (const Frame& frame : frames) {
    counters_.posted++;
    if (limits_.onFull != OnFull::wait && !fits(frame.bytes)) {
      counters_.dropped++;
      continue;
    }
    bytes_ += frame.bytes;
    const auto place = frames_.insert(std::upper_bound(frames_.begin(), frames_.end(), frame, later), frame);
    completeFrom(std::next(place));
  }
  counters_.maxFrames = std::max(counters_.maxFrames, frames_.size());
}

void Ring::completeFrom(std::deque<Frame>::iterator position) {
  const auto frame = std::find_if(position, frames_.end(), [](const Frame& each) { return !each.state; });
  if (frame == frames_.end()) return;
  bytes_ -= frame->bytes;
  complete(*frame);
  bytes_ += frame->bytes;
}

std::vector<Frame> Ring::surrender() {
  std::vector<Frame> frames(std::make_move_iterator(frames_.begin()), std::make_move_iterator(frames_.end()));
  frames_.clear();
  counters_.posted -= frames.size();
  bytes_ = 0;
  return frames;
}

void Ring::push(Frame&& frame) {
  lastBytes_ = frame.bytes;
  bytes_ += frame.bytes;
  frames_.push_back(std::move(frame));
  counters_.maxFrames = std::max(counters_.maxFrames, frames_.size());
}

void Ring::dropOldestBefore(Frame& incoming) {
  const Frame oldest = std::move(frames_.front());
  frames_.pop_front();
  bytes_ -= oldest.bytes;
  counters_.dropped++;
  if (frames_.empty()) return absorb(incoming, oldest.value);
  bytes_ -= frames_.front().bytes;
  absorb(frames_.front(), oldest.value);
  bytes_ += frames_.front().bytes;
}

void Ring::dropNewest(const Frame& frame) {
  counters_.dropped++;
  owed_ = owed_ && !sameMarks(owed_, frame.value) ? mergedUpdate(owed_, frame.value) : frame.value;
}

}  // namespace pvaflow
