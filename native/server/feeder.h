#pragma once
#include <chrono>
#include <condition_variable>
#include <memory>
#include <mutex>
#include <set>
#include <thread>

namespace pvaflow {

class ServedChannel;

/**
 * The thread of a server that feeds subscriptions without a pipeline.
 *
 * PVXS tells nobody when such a subscription has sent a frame, and a Value gives no sign when its queue lets go of it. So
 * while at least one ring holds frames, and only then, this thread looks again, from 50 us after progress up to 2 ms
 * when there is none (a client that does not read). The smallest queue of PVXS holds 2 frames, the usual one 4: each look
 * refills it, and the longest pause is shorter than 4 large frames take on the wire. Pipelined subscriptions do not come
 * here: their acknowledgements feed them.
 */
class Feeder {
 public:
  Feeder() = default;
  Feeder(const Feeder&) = delete;
  Feeder& operator=(const Feeder&) = delete;
  ~Feeder() { stop(); }

  /** Any thread: `channel` holds frames that only this thread will move. */
  void want(std::shared_ptr<ServedChannel> channel);
  /** Not from the thread itself. Idempotent. */
  void stop();

 private:
  void run();

  std::mutex mutex_;
  std::condition_variable wake_;
  std::set<std::shared_ptr<ServedChannel>> channels_;
  bool stopped_ = false;
  std::thread thread_;  // started when first wanted
};

}  // namespace pvaflow
