#include "monitor.h"

#include <sstream>
#include <utility>

#include "client-errors.h"

namespace pvaflow {

namespace {

constexpr size_t kBatch = 64;

/** All fields, of arrays the first elements. */
std::string textOf(const pvxs::Value& value) {
  std::ostringstream text;
  text << value.format().arrayLimit(8);
  return text.str();
}

}  // namespace

void Monitor::open(pvxs::client::MonitorBuilder builder, bool pipelined) {
  pipelined_ = pipelined;
  exec(std::move(builder));
}

void Monitor::reopen(pvxs::client::MonitorBuilder builder) {
  if (closed_) return;
  readPvxsStats();
  before_ = last_;
  handle_.reset();
  {
    const std::lock_guard<std::mutex> guard(pumping_);
    generation_++;
    reopening_ = false;
  }
  exec(std::move(builder));
}

void Monitor::exec(pvxs::client::MonitorBuilder builder) {
  const std::weak_ptr<Monitor> weak = weak_from_this();
  auto onInit = [weak](pvxs::client::Subscription& from, const pvxs::Value&) {
    const auto self = weak.lock();
    if (self && !self->paused_) from.resume();
  };
  auto onEvent = [weak, generation = generation_.load()](pvxs::client::Subscription& from) {
    const auto self = weak.lock();
    if (self && self->generation_ == generation) self->pump(from, generation);
  };
  handle_ = builder.syncCancel(false)
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

std::shared_ptr<pvxs::client::Subscription> Monitor::setPaused(bool paused) {
  paused_ = paused;
  return handle_;
}

void Monitor::take(size_t most, std::vector<StreamEntry>& out) {
  if (queue_.take(most, out) && handle_) pump(*handle_, generation_);
}

void Monitor::pump(pvxs::client::Subscription& from, unsigned generation) {
  wanted_ = true;
  while (wanted_) {
    std::unique_lock<std::mutex> lock(pumping_, std::try_to_lock);
    if (!lock) return;  // who holds it looks at wanted_ again after letting go
    while (wanted_.exchange(false)) drain(from, generation);
  }
}

void Monitor::drain(pvxs::client::Subscription& from, unsigned generation) {
  bool more = true;
  while (more && !closed_ && !reopening_ && generation == generation_) {
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
  try {
    const bool more = from.pop(fetched_, most);
    for (pvxs::Value& value : fetched_) addUpdate(std::move(value));
    fetched_.clear();
    return more;
  } catch (const pvxs::client::Connected& event) {
    size_.forget();
    if (!std::exchange(connectionKnown_, false)) addEvent(Kind::connected, event.peerName);
  } catch (const pvxs::client::Finished&) {
    addEvent(Kind::finished);
  } catch (const pvxs::client::Disconnect&) {
    addEvent(Kind::disconnected);
  } catch (const std::exception&) {
    const ClientFailure failure = failureOf(std::current_exception());
    addEvent(Kind::error, failure.text, failure.code);
  }
  return true;
}

void Monitor::addUpdate(pvxs::Value&& value) {
  if (!value.isMarked(true, true)) {
    empty_++;
    if (pipelined_ && accepted_ <= 1) refuse();
    return;
  }
  if (reopening_) return;
  if (isRepeated(value)) {
    empty_++;
    return;
  }
  const size_t bytes = size_.of(value);
  accepted_++;
  batch_.push_back(StreamEntry{std::move(value), nullptr, bytes});
}

/**
 * A server that fills a pipeline's window with updates without content after the first (those on pvDatabase do: pvaPy,
 * areaDetector) also sends updates again that it has sent before. Without a pipeline it does neither.
 */
void Monitor::refuse() {
  pipelined_ = false;
  again_ = connectionKnown_ = true;
  reopening_ = true;
  refused_();
}

/** True for the first update after reopening, if it is what the pipeline began with. */
bool Monitor::isRepeated(const pvxs::Value& value) {
  if (pipelined_ && accepted_ == 0) firstText_ = textOf(value);
  if (!again_) return false;
  again_ = false;
  return accepted_ == 1 && textOf(value) == firstText_;
}

void Monitor::addEvent(StreamEvent::Kind kind, const std::string& text, const char* code) {
  batch_.push_back(StreamEntry{pvxs::Value(), std::make_unique<StreamEvent>(StreamEvent{kind, text, code}), 0});
}

Monitor::Stats Monitor::stats() {
  readPvxsStats();
  Stats stats = last_;
  stats.empty = empty_;
  stats.queue = queue_.stats();
  stats.pipelineRefused = generation_ > 0;
  return stats;
}

void Monitor::readPvxsStats() {
  if (!handle_) return;
  pvxs::client::SubscriptionStat stat;
  handle_->stats(stat);
  last_.overruns = before_.overruns + stat.nSrvSquash;
  last_.clientSquashed = before_.clientSquashed + stat.nCliSquash;
  last_.waiting = stat.nQueue;
}

}  // namespace pvaflow
