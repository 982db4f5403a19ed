#pragma once
#include <pvxs/client.h>

#include <atomic>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "feed.h"
#include "frame-queue.h"
#include "value/frame-size.h"

namespace pvaflow {

/**
 * The receiving end of one monitor: moves what PVXS has received into the bounded queue. PVXS' thread moves when
 * something arrives; when the queue was full under policy `wait`, updates stay with PVXS (a pipelined window closes and
 * the server waits; without a pipeline PVXS squashes and counts) until take() has made room, and the taker moves.
 *
 * PVXS' thread knows it by a weak pointer. It never calls JavaScript: `wake` only posts.
 */
class Monitor : public Feed, public std::enable_shared_from_this<Monitor> {
 public:
  /** `wake` is called when there is something to take, on any thread. */
  Monitor(const FrameQueue::Limits& limits, std::function<void()> wake) : queue_(limits), wake_(std::move(wake)) {}
  Monitor(const Monitor&) = delete;
  Monitor& operator=(const Monitor&) = delete;

  void open(const std::shared_ptr<ClientContext>& client, const std::string& name, const pvxs::Value& request) override;
  bool opened() const override { return handle_ != nullptr; }
  void close() override;
  bool closed() const override { return closed_; }
  void take(size_t most, std::vector<StreamEntry>& out) override;
  void setPaused(bool paused) override;
  bool paused() const override { return paused_; }
  Stats stats() override;

 private:
  void pump(pvxs::client::Subscription& from);
  void drain(pvxs::client::Subscription& from);
  bool fetch(pvxs::client::Subscription& from, size_t most);
  void announce(bool accepted);
  void addUpdate(pvxs::Value&& value);
  void addEvent(StreamEvent::Kind kind, const std::string& text = "", const char* code = nullptr);
  void readPvxsStats();

  FrameQueue queue_;
  const std::function<void()> wake_;
  std::weak_ptr<ClientContext> client_;  // taker's thread, as the handle
  std::shared_ptr<pvxs::client::Subscription> handle_;  // taker's thread
  std::atomic<bool> closed_{false};
  std::atomic<bool> paused_{false};

  std::atomic<bool> wanted_{false};  // somebody wants the queue filled
  std::mutex pumping_;               // held by who does it; nobody waits for it
  std::vector<pvxs::Value> fetched_;  // guarded by pumping_, as the following
  std::vector<StreamEntry> batch_;
  FrameSize size_;
  std::string peer_;        // connected to it, and not yet said
  uint64_t announced_ = 0;  // connections that were said

  std::atomic<uint64_t> accepted_{0};  // times that a server accepted the monitor
  std::atomic<uint64_t> empty_{0};
  Stats last_;  // taker's thread: what PVXS counted when it was last asked
};

}  // namespace pvaflow
