#pragma once
#include <pvxs/client.h>

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "client/client-thread.h"
#include "client/feed.h"
#include "completion.h"
#include "session.h"
#include "value/frame-size.h"

namespace pvaflow::stream {

/**
 * The thread behind a StreamMonitor: waits until PVXS knows where the channel is, runs a session with its server, and
 * does so again when that was lost. Updates go into the bounded queue. When that is full under policy `wait`, nothing
 * more is read, and the window of a pipeline stays closed.
 */
class Receiver : public ClientThread, private SessionListener, public std::enable_shared_from_this<Receiver> {
 public:
  Receiver(const FrameQueue::Limits& limits, std::function<void()> wake);
  ~Receiver() override;

  /** Taker's thread. */
  void start(pvxs::client::Context& context, const std::string& name, const pvxs::Value& request);
  void take(size_t most, std::vector<StreamEntry>& out);
  void setPaused(bool paused);
  bool paused() const { return paused_; }
  Feed::Stats stats();

  void halt() override;
  void join() override;

 private:
  void run();
  std::string awaitPeer();
  void converse();
  void complain(const std::string& what);
  void holdOff();
  void setPeer(const std::string& peer);
  void setSession(Session* session);

  void onConnected() override;
  void onUpdate(pvxs::Value&& value, bool whole, bool overrun) override;
  void onFinished() override { end(StreamEvent::Kind::finished); }
  void onRefused(const std::string& message) override { end(StreamEvent::Kind::error, message); }
  void onWaiting() override;

  void end(StreamEvent::Kind kind, const std::string& message = "");
  void addEvent(StreamEvent::Kind kind, const std::string& text = "");
  void flush();
  void awaitRoom();
  void acknowledge();

  FrameQueue queue_;
  const std::function<void()> wake_;
  MonitorTarget target_;
  std::thread thread_;
  std::atomic<bool> halted_{false};
  std::atomic<bool> paused_{false};
  std::atomic<uint64_t> empty_{0}, overruns_{0};
  std::atomic<bool> waits_{false};  // for room in the queue
  std::atomic<std::optional<bool>> pipeline_{};

  // the receiving thread's
  bool ended_ = false;
  bool connected_ = false;
  bool answered_ = false;  // something came in this session
  bool madeNoSense_ = false;
  std::string complaint_;  // the last one
  std::chrono::steady_clock::time_point complainedAt_{};
  uint32_t unacknowledged_ = 0;
  std::vector<StreamEntry> batch_;
  std::unique_ptr<Completion> completion_;
  FrameSize size_;

  std::mutex mutex_;
  std::condition_variable changed_;  // the peer, room in the queue, a halt
  std::string peer_;                 // guarded by mutex_, as the following
  bool roomMade_ = false;
  Session* session_ = nullptr;

  std::shared_ptr<pvxs::client::Connect> connection_;  // taker's thread
};

}  // namespace pvaflow::stream
