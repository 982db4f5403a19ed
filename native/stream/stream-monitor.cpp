#include "stream-monitor.h"

#include "client/client-context.h"
#include "receiver.h"

namespace pvaflow::stream {

StreamMonitor::StreamMonitor(const FrameQueue::Limits& limits, std::function<void()> wake)
    : receiver_(std::make_shared<Receiver>(limits, std::move(wake))) {}

StreamMonitor::~StreamMonitor() { close(); }

void StreamMonitor::open(const std::shared_ptr<ClientContext>& client, const std::string& name, const pvxs::Value& request) {
  opened_ = true;
  client_ = client;
  client->adopt(receiver_);
  receiver_->start(client->context(), name, request);
}

void StreamMonitor::close() {
  if (closed_) return;
  closed_ = true;
  receiver_->halt();
  if (const auto client = client_.lock()) client->retire(receiver_);
}

void StreamMonitor::take(size_t most, std::vector<StreamEntry>& out) { receiver_->take(most, out); }

void StreamMonitor::setPaused(bool paused) { receiver_->setPaused(paused); }

bool StreamMonitor::paused() const { return receiver_->paused(); }

Feed::Stats StreamMonitor::stats() { return receiver_->stats(); }

}  // namespace pvaflow::stream
