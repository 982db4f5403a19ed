#pragma once
#include <pvxs/data.h>

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "frame-queue.h"

namespace pvaflow {

class ClientContext;

/** The receiving end of one monitor, as a Subscription sees it. All members are for the taker's thread; none waits. */
class Feed {
 public:
  struct Stats {
    uint64_t empty = 0;
    uint64_t overruns = 0;
    uint64_t clientSquashed = 0;
    size_t waiting = 0;
    /** Whether the present connection, or the last one, has a pipeline, where the feed asks each server what it is. */
    std::optional<bool> pipeline;
    FrameQueue::Stats queue;
  };

  virtual ~Feed() = default;
  /** Whether it can ask each server that it connects to whether to have a pipeline: `record[pipeline=ask]`. */
  virtual bool asks() const { return false; }
  /** Sends the request. Once. */
  virtual void open(const std::shared_ptr<ClientContext>& client, const std::string& name, const pvxs::Value& request) = 0;
  virtual bool opened() const = 0;
  /** What was not taken is discarded. */
  virtual void close() = 0;
  virtual bool closed() const = 0;
  /** Up to `most` entries, added to `out`. */
  virtual void take(size_t most, std::vector<StreamEntry>& out) = 0;
  /** Holds over reconnections. */
  virtual void setPaused(bool paused) = 0;
  virtual bool paused() const = 0;
  virtual Stats stats() = 0;
};

}  // namespace pvaflow
