#pragma once
#include <pvxs/source.h>

#include <map>
#include <memory>
#include <string>

#include "ring.h"

namespace pvaflow {

/** What a client asked for in its pvRequest beside fields: options of `record[…]` and of the pseudo field `_[…]`. */
struct RequestOptions {
  std::map<std::string, std::string> record;
  std::map<std::string, std::string> distributor;
};

RequestOptions requestOptions(const pvxs::Value& request);

/**
 * One subscription of a client: its ring, and the way from there into the queue of PVXS.
 *
 * PVXS overwrites the last Value of a full queue in place, though other queues may hold it, and sends nothing of what is
 * queued behind a closed window until the next post. So a frame leaves the ring only while the queue has room and, with
 * a pipeline, only while the window is open for it: then PVXS sends all it has without further help.
 * Not synchronised: the lock of the channel covers it.
 */
class Subscriber {
 public:
  struct State {
    bool running = false;  // started by the client, not paused
    bool pipeline = false;
    size_t window = 0;     // frames the client can take; pipeline only
    size_t queueSize = 0;  // as agreed with the client
    size_t unsent = 0;     // in the queue of PVXS, counted as delivered
  };

  Subscriber(std::shared_ptr<pvxs::server::MonitorControlOp> control, const RingLimits& limits, RequestOptions options)
      : control_(std::move(control)), options_(std::move(options)), ring_(limits) {}

  /** Adds a frame. What PVXS has room for leaves a full ring before, so that nothing is dropped without need. */
  void offer(const Frame& frame);
  /** Moves frames from the ring to PVXS. Returns how many. Any thread. */
  size_t feed();

  /** True while frames wait although nothing will announce room: no pipeline, or a pipeline with an open window. */
  bool needsFeeding() const { return needsFeeding_; }
  /** True if the source has to wait for this subscriber from now on. */
  bool isFull() const { return ring_.onFull() == OnFull::wait && ring_.full(); }
  /** True if a source that waits may go on as far as this subscriber is concerned. */
  bool isRoomy() const { return ring_.onFull() != OnFull::wait || ring_.roomy(); }

  State state() const;
  const Ring& ring() const { return ring_; }
  const RequestOptions& options() const { return options_; }
  pvxs::server::MonitorControlOp& control() { return *control_; }

 private:
  const std::shared_ptr<pvxs::server::MonitorControlOp> control_;
  const RequestOptions options_;
  Ring ring_;
  bool needsFeeding_ = false;
};

}  // namespace pvaflow
