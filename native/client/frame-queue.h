#pragma once
#include <pvxs/data.h>

#include <cstdint>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "on-full.h"

namespace pvaflow {

/** What happens to a stream between its updates. */
struct StreamEvent {
  enum class Kind { connected, disconnected, finished, error };
  Kind kind;
  std::string text;  // connected: name of the peer; error: what the server or PVXS said
  const char* code = nullptr;
};

/** One element of a stream: an update, or an event. */
struct StreamEntry {
  pvxs::Value value;
  std::unique_ptr<StreamEvent> event;
  size_t bytes = 0;
};

/**
 * A bounded queue between the thread that receives updates and the one that takes them, limited in frames and bytes.
 * At every moment received = taken + frames + dropped + discarded.
 * It is full when it has reached one of them; a frame larger than all of the byte limit gets in when it is empty.
 * Events are never dropped; a connection without updates between two losses is folded away, so that they are bounded.
 *
 * Thread-safe: any thread may push, any may take. No value is destroyed under its lock.
 */
class FrameQueue {
 public:
  struct Limits {
    size_t frames;
    size_t bytes;
    OnFull onFull;
  };
  struct Stats {
    size_t frames = 0;
    size_t bytes = 0;
    size_t maxFrames = 0;
    size_t maxBytes = 0;
    uint64_t received = 0;       // updates pushed, and their bytes
    uint64_t receivedBytes = 0;
    uint64_t dropped = 0;
    uint64_t discarded = 0;      // updates that were here at close()
    uint64_t flaps = 0;  // connections that came and went without an update, not shown in the stream
  };

  explicit FrameQueue(const Limits& limits) : limits_(limits) {}
  FrameQueue(const FrameQueue&) = delete;
  FrameQueue& operator=(const FrameQueue&) = delete;

  /**
   * How many updates may be pushed now, `most` at most. Zero under policy `wait` alone: then the next take() that makes
   * room says so.
   */
  size_t room(size_t most);
  /** Takes all of `batch`, dropping by the policy, and leaves it empty. True when the taker must be woken. */
  bool push(std::vector<StreamEntry>& batch);
  /** Up to `most` entries in order. True when a pusher that was refused room should try again. */
  bool take(size_t most, std::vector<StreamEntry>& out);
  /** Empties the queue; what is pushed from then on is not looked at. */
  void close();
  Stats stats();

 private:
  bool isFull() const { return stats_.frames > 0 && (stats_.frames >= limits_.frames || stats_.bytes >= limits_.bytes); }
  void add(StreamEntry&& entry, std::vector<StreamEntry>& dropped);
  void addEvent(StreamEntry&& entry);
  bool isEvent(size_t index, StreamEvent::Kind kind);
  void dropOldest(std::vector<StreamEntry>& dropped);
  void append(StreamEntry&& entry);
  StreamEntry removeFirst();
  StreamEntry& at(size_t index) { return ring_[(head_ + index) & (ring_.size() - 1)]; }
  void grow();

  const Limits limits_;
  std::mutex mutex_;
  std::vector<StreamEntry> ring_;  // its size is a power of two, or zero
  size_t head_ = 0;
  size_t size_ = 0;
  size_t lastBytes_ = 0;
  bool refused_ = false;
  bool closed_ = false;
  bool asleep_ = true;  // the taker has found the queue empty and waits to be woken
  Stats stats_;
};

}  // namespace pvaflow
