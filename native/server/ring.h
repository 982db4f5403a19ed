#pragma once
#include <pvxs/data.h>

#include <cstdint>
#include <deque>
#include <vector>

#include "on-full.h"

namespace pvaflow {

/** One update as it waits for a subscriber: a snapshot that nobody writes any more, so that many rings may hold it. */
struct Frame {
  pvxs::Value value;
  size_t bytes = 0;     // of its arrays
  uint64_t number = 0;  // its place among the updates of the channel
  pvxs::Value base;     // of a distributor: with it the marked fields make the complete value; not valid if that is marked already
  bool state = false;   // of a distributor: says only how the channel is
};

/** Lets a frame bring the complete value of the channel as it left it. */
void complete(Frame& frame);

struct RingLimits {
  size_t frames = 64;
  size_t bytes = size_t(256) << 20;
  OnFull onFull = OnFull::wait;
};

/**
 * The updates that wait for one subscriber, oldest first. Not synchronised.
 *
 * Marks of dropped updates are never lost: the next update that stays carries them, with their values, so that what the
 * subscriber has put together is again the value of the channel. At every moment
 * posted = delivered + dropped + frames waiting.
 */
class Ring {
 public:
  struct Counters {
    uint64_t posted = 0;
    uint64_t delivered = 0;
    uint64_t dropped = 0;
    size_t maxFrames = 0;  // most frames that waited at one time
  };

  explicit Ring(const RingLimits& limits) : limits_(limits) {}

  /** Adds an update, dropping what the policy says. With `wait` it is always added: the caller looks at full() before. */
  void offer(Frame frame);
  /** Takes the oldest update off as delivered. Precondition: not empty. */
  Frame deliver();
  /**
   * Adds complete updates that were meant for another, oldest first, each before those that were posted after it. Where older
   * ones come in between, what follows is completed: it may not rest on them.
   */
  void adopt(const std::vector<Frame>& frames);
  /** Takes all updates out: they are not delivered here. */
  std::vector<Frame> surrender();

  bool empty() const { return frames_.empty(); }
  /** Of the oldest update. Precondition: not empty. */
  size_t nextBytes() const { return frames_.front().bytes; }
  /** True if another update like the last one would not fit. */
  bool full() const { return !fits(lastBytes_); }
  /** True if at least half of it is free: worth waking the source for. */
  bool roomy() const { return frames_.empty() || (frames_.size() <= limits_.frames / 2 && bytes_ <= limits_.bytes / 2); }
  const RingLimits& limits() const { return limits_; }
  OnFull onFull() const { return limits_.onFull; }
  size_t frames() const { return frames_.size(); }
  size_t bytes() const { return bytes_; }
  const Counters& counters() const { return counters_; }

 private:
  /** A ring always takes one update, however large. */
  bool fits(size_t bytes) const {
    return frames_.empty() || (frames_.size() < limits_.frames && bytes_ + bytes <= limits_.bytes);
  }
  void push(Frame&& frame);
  void completeFrom(std::deque<Frame>::iterator position);
  void dropOldestBefore(Frame& incoming);
  void dropNewest(const Frame& frame);

  const RingLimits limits_;
  std::deque<Frame> frames_;
  pvxs::Value owed_;  // what dropNewest took from the subscriber and the next update brings
  size_t bytes_ = 0;
  size_t lastBytes_ = 0;
  Counters counters_;
};

}  // namespace pvaflow
