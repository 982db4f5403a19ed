#pragma once
#include <pvxs/client.h>

#include <atomic>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

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
class Monitor : public std::enable_shared_from_this<Monitor> {
 public:
  struct Stats {
    uint64_t empty = 0;
    uint64_t overruns = 0;
    uint64_t clientSquashed = 0;
    size_t waiting = 0;
    bool pipelineRefused = false;
    FrameQueue::Stats queue;
  };

  /**
   * `wake` is called when there is something to take, `refused` when the server does not keep to the window of a pipeline:
   * then reopen() must follow. Both on any thread.
   */
  Monitor(const FrameQueue::Limits& limits, std::function<void()> wake, std::function<void()> refused)
      : queue_(limits), wake_(std::move(wake)), refused_(std::move(refused)) {}
  Monitor(const Monitor&) = delete;
  Monitor& operator=(const Monitor&) = delete;

  /** Taker's thread. */
  void open(pvxs::client::MonitorBuilder builder, bool pipelined);
  /** Taker's thread: goes on without a pipeline. */
  void reopen(pvxs::client::MonitorBuilder builder);
  /** Taker's thread: never waits for PVXS. What was not taken is discarded. */
  void close();
  bool closed() const { return closed_; }

  /** Taker's thread: up to `most` entries. */
  void take(size_t most, std::vector<StreamEntry>& out);

  /** Taker's thread: what is to hold, also over reconnections. The caller then calls PVXS' pause() where it may wait. */
  std::shared_ptr<pvxs::client::Subscription> setPaused(bool paused);
  bool paused() const { return paused_; }

  Stats stats();

 private:
  void exec(pvxs::client::MonitorBuilder builder);
  void pump(pvxs::client::Subscription& from, unsigned generation);
  void drain(pvxs::client::Subscription& from, unsigned generation);
  bool fetch(pvxs::client::Subscription& from, size_t most);
  void addUpdate(pvxs::Value&& value);
  bool isRepeated(const pvxs::Value& value);
  void refuse();
  void addEvent(StreamEvent::Kind kind, const std::string& text = "", const char* code = nullptr);
  void readPvxsStats();

  FrameQueue queue_;
  const std::function<void()> wake_;
  const std::function<void()> refused_;
  std::shared_ptr<pvxs::client::Subscription> handle_;  // taker's thread
  std::atomic<bool> closed_{false};
  std::atomic<bool> paused_{false};
  std::atomic<bool> reopening_{false};    // refused_ was called, reopen() not yet
  std::atomic<unsigned> generation_{0};   // of handle_: an earlier one is not looked at. Changes under pumping_

  std::atomic<bool> wanted_{false};  // somebody wants the queue filled
  std::mutex pumping_;               // held by who does it; only reopen() waits for it
  std::vector<pvxs::Value> fetched_;    // guarded by pumping_, as the following
  std::vector<StreamEntry> batch_;
  FrameSize size_;
  bool pipelined_ = false;
  bool again_ = false;      // reopened: the first update may be one that has been here
  bool connectionKnown_ = false;  // reopened: the connection has been told of
  uint64_t accepted_ = 0;
  std::string firstText_;   // the first update of a pipeline, to know it when it comes again

  std::atomic<uint64_t> empty_{0};
  Stats last_;    // taker's thread: what PVXS counted when it was last asked
  Stats before_;  // the same of the handle before reopen()
};

}  // namespace pvaflow
