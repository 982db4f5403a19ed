#include "monitor.h"

#include "client-context.h"
#include "client-errors.h"

namespace pvaflow {

namespace {

constexpr size_t kBatch = 64;

}  // namespace

void Monitor::open(const std::shared_ptr<ClientContext>& client, const std::string& name, const pvxs::Value& request) {
  client_ = client;
  const std::weak_ptr<Monitor> weak = weak_from_this();
  auto onInit = [weak](pvxs::client::Subscription& from, const pvxs::Value&) {
    const auto self = weak.lock();
    if (!self) return;
    if (!self->paused_) from.resume();
    self->accepted_++;
    self->pump(from);
  };
  auto onEvent = [weak](pvxs::client::Subscription& from) {
    if (const auto self = weak.lock()) self->pump(from);
  };
  handle_ = client->context()
                .monitor(name)
                .rawRequest(request)
                .syncCancel(false)
                .autoExec(false)  // started by onInit, unless paused
                .maskConnected(false)
                .maskDisconnected(false)
                .onInit(onInit)
                .event(onEvent)
                .exec();
}

void Monitor::close() {
  if (closed_.exchange(true)) return;
  readPvxsStats();
  handle_.reset();
  last_.waiting = 0;
  queue_.close();
}

/** PVXS' pause() waits for its thread: it is called where that may be. */
void Monitor::setPaused(bool paused) {
  paused_ = paused;
  const auto client = client_.lock();
  if (client && handle_) client->later([handle = handle_, paused] { handle->pause(paused); });
}

void Monitor::take(size_t most, std::vector<StreamEntry>& out) {
  if (queue_.take(most, out) && handle_) pump(*handle_);
}

void Monitor::pump(pvxs::client::Subscription& from) {
  wanted_ = true;
  while (wanted_) {
    std::unique_lock<std::mutex> lock(pumping_, std::try_to_lock);
    if (!lock) return;  // who holds it looks at wanted_ again after letting go
    while (wanted_.exchange(false)) drain(from);
  }
}

void Monitor::drain(pvxs::client::Subscription& from) {
  bool more = true;
  while (more && !closed_) {
    const size_t room = queue_.room(kBatch);
    if (room == 0) return;
    more = fetch(from, room);
    if (queue_.push(batch_)) wake_();
    batch_.clear();
  }
}

/** Moves up to `most` updates, or one event, to batch_. False when PVXS had no more, and will tell when it has. */
bool Monitor::fetch(pvxs::client::Subscription& from, size_t most) {
  using Kind = StreamEvent::Kind;
  announce(accepted_ > announced_);
  try {
    const bool more = from.pop(fetched_, most);
    announce(!fetched_.empty());
    for (pvxs::Value& value : fetched_) addUpdate(std::move(value));
    fetched_.clear();
    return more;
  } catch (const pvxs::client::Connected& event) {
    size_.forget();
    peer_ = event.peerName;
  } catch (const pvxs::client::Finished&) {
    announce(true);
    addEvent(Kind::finished);
  } catch (const pvxs::client::Disconnect&) {
    if (peer_.empty()) addEvent(Kind::disconnected);
    peer_.clear();
  } catch (const std::exception&) {
    const ClientFailure failure = failureOf(std::current_exception());
    addEvent(Kind::error, failure.text, failure.code);
  }
  return true;
}

/** PVXS tells of a connection before the server has accepted the monitor. Here it counts from then on: no update is missed. */
void Monitor::announce(bool accepted) {
  if (!accepted || peer_.empty()) return;
  announced_++;
  addEvent(StreamEvent::Kind::connected, peer_);
  peer_.clear();
}

void Monitor::addUpdate(pvxs::Value&& value) {
  if (!value.isMarked(true, true)) {
    empty_++;
    return;
  }
  const size_t bytes = size_.of(value);
  batch_.push_back(StreamEntry{std::move(value), nullptr, bytes});
}

void Monitor::addEvent(StreamEvent::Kind kind, const std::string& text, const char* code) {
  batch_.push_back(StreamEntry{pvxs::Value(), std::make_unique<StreamEvent>(StreamEvent{kind, text, code}), 0});
}

Monitor::Stats Monitor::stats() {
  readPvxsStats();
  Stats stats = last_;
  stats.empty = empty_;
  stats.queue = queue_.stats();
  return stats;
}

void Monitor::readPvxsStats() {
  if (!handle_) return;
  pvxs::client::SubscriptionStat stat;
  handle_->stats(stat);
  last_.overruns = stat.nSrvSquash;
  last_.clientSquashed = stat.nCliSquash;
  last_.waiting = stat.nQueue;
}

}  // namespace pvaflow
