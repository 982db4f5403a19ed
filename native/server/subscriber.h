#pragma once
#include <pvxs/source.h>

#include <deque>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "distributor-request.h"
#include "ring.h"
#include "shared/outbox.h"

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
  using Lock = std::unique_lock<std::mutex>;

  struct State {
    bool running = false;  // started by the client, not paused
    bool pipeline = false;
    size_t window = 0;     // frames the client can take; pipeline only
    size_t queueSize = 0;  // as agreed with the client
    size_t unsent = 0;     // in the queue of PVXS, counted as delivered
  };

  Subscriber(std::shared_ptr<pvxs::server::MonitorControlOp> control, const RingLimits& limits, RequestOptions options,
             std::optional<DistributorRequest> distributor);

  /** Adds a frame. What PVXS has room for leaves a full ring before, so that nothing is dropped without need. */
  void offer(const Frame& frame);
  /**
   * Moves frames from the ring to PVXS. Returns how many. Any thread; one at a time, and another one's call makes the first go on.
   * `lock`, that of the channel, is let go of while a large array is copied, so that several clients are served at the same time.
   */
  size_t feed(Lock& lock) { return feed(&lock); }

  /** The client has started its subscription, or stopped it: then nothing is moved until it starts again. */
  void start(bool started);
  /** Adds frames that were meant for another client of its distributor. */
  void adopt(const std::vector<Frame>& frames) { ring_.adopt(frames); }
  /** For a client of a distributor that leaves: takes out what PVXS has not sent to it, oldest first. */
  std::vector<Frame> surrender();

  /** True while frames wait although nothing will announce room: no pipeline, or a pipeline with an open window. */
  bool needsFeeding() const { return needsFeeding_; }
  /** True if the source has to wait for this subscriber from now on. */
  bool isFull() const { return ring_.onFull() == OnFull::wait && ring_.full(); }
  /** True if a source that waits has to wait on for this subscriber. */
  bool isCramped() const { return ring_.onFull() == OnFull::wait && !ring_.roomy(); }

  State state() const;
  const Ring& ring() const { return ring_; }
  /** Arrays that it got in memory that it shares with this process. */
  uint64_t sharedArrays() const { return outbox_ ? outbox_->count() : 0; }
  const RequestOptions& options() const { return options_; }
  /** What the client asks of the distributor; nothing if it wants all updates. */
  const std::optional<DistributorRequest>& distributor() const { return distributor_; }
  /** Of a client of a distributor: updates that PVXS has sent. */
  uint64_t sent() const { return ring_.counters().delivered - unsent_.size(); }
  /** With a pipeline: how many of these the client had not acknowledged when this was last looked at. */
  size_t unacknowledged() const { return unacknowledged_; }
  /** The ids of those, as far as the channel has a field `uniqueId`. */
  std::vector<int64_t> unacknowledgedIds() const;
  pvxs::server::MonitorControlOp& control() { return *control_; }

 private:
  size_t feed(Lock* lock);
  size_t moveSome(Lock* lock);
  void moveOne(Lock* lock);
  size_t mostQueued() const;
  pvxs::Value forWire(const Frame& frame);
  void remember(const Frame& frame);
  void note(const pvxs::server::MonitorStat& stat);

  const std::shared_ptr<pvxs::server::MonitorControlOp> control_;
  RequestOptions options_;
  const std::unique_ptr<shared::Outbox> outbox_;  // null for a client on another machine
  const std::optional<DistributorRequest> distributor_;
  Ring ring_;
  std::deque<Frame> unsent_;  // of a client of a distributor: what is in the queue of PVXS
  std::deque<int64_t> ids_;   // with a pipeline: of what is unacknowledged, then of what is unsent
  size_t firstWindow_ = 0;    // with a pipeline, before anything was sent
  size_t unacknowledged_ = 0;
  bool stopped_ = false;
  bool feeding_ = false;  // somebody is in feed()
  bool feedAgain_ = false;
  bool needsFeeding_ = false;
};

}  // namespace pvaflow
