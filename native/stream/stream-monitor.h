#pragma once
#include <functional>
#include <memory>

#include "client/feed.h"

namespace pvaflow::stream {

class Receiver;

/**
 * A monitor with a connection and a thread of its own: what the network gives goes straight to where JavaScript sees it.
 * PVXS finds the server; all else is done here. See docs/decisions/0008-a-receive-path-of-our-own.md.
 */
class StreamMonitor : public Feed {
 public:
  /** `wake` is called when there is something to take, on any thread. */
  StreamMonitor(const FrameQueue::Limits& limits, std::function<void()> wake);
  ~StreamMonitor() override;

  void open(const std::shared_ptr<ClientContext>& client, const std::string& name, const pvxs::Value& request) override;
  bool asks() const override { return true; }
  bool opened() const override { return opened_; }
  void close() override;
  bool closed() const override { return closed_; }
  void take(size_t most, std::vector<StreamEntry>& out) override;
  void setPaused(bool paused) override;
  bool paused() const override;
  Stats stats() override;

 private:
  const std::shared_ptr<Receiver> receiver_;
  std::weak_ptr<ClientContext> client_;
  bool opened_ = false;
  bool closed_ = false;
};

}  // namespace pvaflow::stream
