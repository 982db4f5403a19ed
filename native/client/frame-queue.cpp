#include "frame-queue.h"

#include <algorithm>

namespace pvaflow {

size_t FrameQueue::room(size_t most) {
  std::lock_guard<std::mutex> guard(mutex_);
  if (limits_.onFull != OnFull::wait) return most;
  if (isFull()) {
    refused_ = true;
    return 0;
  }
  const size_t frames = std::max<size_t>(limits_.frames - std::min(limits_.frames, stats_.frames), 1);
  const size_t bytes = limits_.bytes - std::min(limits_.bytes, stats_.bytes);
  const size_t byBytes = lastBytes_ > 0 ? bytes / lastBytes_ + 1 : 1;
  return std::min({most, frames, byBytes});
}

bool FrameQueue::push(std::vector<StreamEntry>& batch) {
  std::vector<StreamEntry> dropped;
  bool wake = false;
  {
    std::lock_guard<std::mutex> guard(mutex_);
    if (!closed_) {
      for (StreamEntry& entry : batch) add(std::move(entry), dropped);
    }
    wake = asleep_ && size_ > 0;
    if (wake) asleep_ = false;
  }
  batch.clear();
  return wake;
}

void FrameQueue::add(StreamEntry&& entry, std::vector<StreamEntry>& dropped) {
  if (entry.event) return addEvent(std::move(entry));
  stats_.received++;
  stats_.receivedBytes += entry.bytes;
  if (limits_.onFull == OnFull::dropNewest && isFull()) {
    stats_.dropped++;
    dropped.push_back(std::move(entry));
    return;
  }
  if (limits_.onFull == OnFull::dropOldest) {
    while (isFull()) dropOldest(dropped);
  }
  append(std::move(entry));
}

void FrameQueue::addEvent(StreamEntry&& entry) {
  const bool flap = entry.event->kind == StreamEvent::Kind::disconnected && size_ > 1 &&
                    isEvent(size_ - 1, StreamEvent::Kind::connected) && isEvent(size_ - 2, StreamEvent::Kind::disconnected);
  if (flap) {
    size_--;
    stats_.flaps++;
    return;
  }
  append(std::move(entry));
}

bool FrameQueue::isEvent(size_t index, StreamEvent::Kind kind) {
  return at(index).event && at(index).event->kind == kind;
}

void FrameQueue::dropOldest(std::vector<StreamEntry>& dropped) {
  size_t oldest = 0;
  while (at(oldest).event) oldest++;
  stats_.dropped++;
  stats_.frames--;
  stats_.bytes -= at(oldest).bytes;
  dropped.push_back(std::move(at(oldest)));
  for (size_t i = oldest; i > 0; i--) at(i) = std::move(at(i - 1));  // events before it keep their order
  head_ = (head_ + 1) & (ring_.size() - 1);
  size_--;
}

void FrameQueue::append(StreamEntry&& entry) {
  if (size_ == ring_.size()) grow();
  if (!entry.event) {
    stats_.frames++;
    stats_.bytes += entry.bytes;
    lastBytes_ = entry.bytes;
    stats_.maxFrames = std::max(stats_.maxFrames, stats_.frames);
    stats_.maxBytes = std::max(stats_.maxBytes, stats_.bytes);
  }
  at(size_++) = std::move(entry);
}

void FrameQueue::grow() {
  std::vector<StreamEntry> larger(std::max<size_t>(ring_.size() * 2, 8));
  for (size_t i = 0; i < size_; i++) larger[i] = std::move(at(i));
  ring_ = std::move(larger);
  head_ = 0;
}

StreamEntry FrameQueue::removeFirst() {
  StreamEntry entry = std::move(at(0));
  head_ = (head_ + 1) & (ring_.size() - 1);
  size_--;
  if (!entry.event) {
    stats_.frames--;
    stats_.bytes -= entry.bytes;
  }
  return entry;
}

bool FrameQueue::take(size_t most, std::vector<StreamEntry>& out) {
  std::lock_guard<std::mutex> guard(mutex_);
  const size_t count = std::min(most, size_);
  out.reserve(count);
  for (size_t i = 0; i < count; i++) out.push_back(removeFirst());
  asleep_ = size_ == 0;
  const bool retry = refused_ && !isFull();
  if (retry) refused_ = false;
  return retry;
}

void FrameQueue::close() {
  std::vector<StreamEntry> old;
  std::lock_guard<std::mutex> guard(mutex_);
  closed_ = true;
  old.swap(ring_);
  stats_.discarded = stats_.frames;
  head_ = size_ = stats_.frames = stats_.bytes = 0;
}

FrameQueue::Stats FrameQueue::stats() {
  std::lock_guard<std::mutex> guard(mutex_);
  return stats_;
}

}  // namespace pvaflow
