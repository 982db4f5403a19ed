#include "receiver.h"

#include <pvxs/log.h>

#include <algorithm>
#include <chrono>

#include "client/watch.h"

namespace pvaflow::stream {

namespace {

DEFINE_LOGGER(log, "pvaflow.stream");

constexpr size_t kBatch = 64;
constexpr std::chrono::milliseconds kRetry{500};
constexpr std::chrono::milliseconds kAfterNonsense{50};
constexpr std::chrono::minutes kRepeatAfter{1};
constexpr std::chrono::seconds kTick{1};
constexpr int kFetchTicks = 50;
constexpr double kFetchTick = 0.1;

/** What a pvRequest says of it. */
Pipeline pipelineOf(const pvxs::Value& option) {
  std::string text;
  option.as(text);
  return text == "ask" ? Pipeline::ask : text == "true" ? Pipeline::yes : Pipeline::no;
}

/** The present value of a channel, asked by a thread that may be halted meanwhile. */
pvxs::Value fetch(pvxs::client::Context& context, const std::string& name, const std::atomic<bool>& halted) {
  const auto operation = context.get(name).syncCancel(false).exec();
  for (int tick = 0; tick < kFetchTicks && !halted; tick++) {
    try {
      return operation->wait(kFetchTick);
    } catch (const pvxs::client::Timeout&) {
    } catch (const std::exception&) {
      break;
    }
  }
  return {};
}

}  // namespace

Receiver::Receiver(const FrameQueue::Limits& limits, std::function<void()> wake) : queue_(limits), wake_(std::move(wake)) {}

Receiver::~Receiver() { join(); }

void Receiver::start(pvxs::client::Context& context, const std::string& name, const pvxs::Value& request) {
  const auto& record = request["record._options"];
  target_.channel = name;
  target_.request = request;
  target_.timeout = context.config().tcpTimeout;
  target_.pipeline = pipelineOf(record["pipeline"]);
  record["queueSize"].as(target_.window);
  completion_ = std::make_unique<Completion>([this, context]() mutable { return fetch(context, target_.channel, halted_); });
  const std::weak_ptr<Receiver> weak = weak_from_this();
  connection_ = watchChannel(context, name, [weak](const std::string& peer) {
    if (const auto self = weak.lock()) self->setPeer(peer);
  });
  thread_ = std::thread(&Receiver::run, this);
}

void Receiver::halt() {
  halted_ = true;
  queue_.close();
  {
    const std::lock_guard<std::mutex> guard(mutex_);
    if (session_) session_->shutdown();
    changed_.notify_all();
  }
  connection_.reset();
}

void Receiver::join() {
  if (thread_.joinable()) thread_.join();
}

void Receiver::run() {
  try {
    while (!halted_ && !ended_) {
      converse();
      if (connected_) addEvent(StreamEvent::Kind::disconnected);
      connected_ = false;
      flush();
      if (!ended_) holdOff();
    }
  } catch (const Halted&) {
  }
}

/** One session, to its end. */
void Receiver::converse() {
  answered_ = madeNoSense_ = false;
  try {
    Session session(awaitPeer(), target_, *this, halted_, paused_);
    setSession(&session);
    struct Guard {
      Receiver& receiver;
      ~Guard() {
        receiver.completion_->forget();
        receiver.setSession(nullptr);
      }
    } guard{*this};
    session.run();
  } catch (const Lost& lost) {
    log_debug_printf(log, "%s: %s\n", target_.channel.c_str(), lost.what());
  } catch (const std::exception& error) {
    madeNoSense_ = true;
    complain(error.what());
  }
}

/** It may come again with each connection. */
void Receiver::complain(const std::string& what) {
  const auto now = std::chrono::steady_clock::now();
  if (what == complaint_ && now - complainedAt_ < kRepeatAfter) return;
  complaint_ = what;
  complainedAt_ = now;
  log_crit_printf(log, "%s: what the server sends is no pvAccess: %s\n", target_.channel.c_str(), what.c_str());
}

/** Where the server is, or was last. Waits until one is known. */
std::string Receiver::awaitPeer() {
  std::unique_lock<std::mutex> lock(mutex_);
  while (peer_.empty() && !halted_) changed_.wait(lock);
  if (halted_) throw Halted();
  return peer_;
}

/** A server that gave nothing is not asked again at once, nor one that gave nonsense: it may go on so for days. */
void Receiver::holdOff() {
  if (answered_ && !madeNoSense_) return;
  std::unique_lock<std::mutex> lock(mutex_);
  if (!halted_) changed_.wait_for(lock, answered_ ? kAfterNonsense : kRetry);
}

/** PVXS' thread. Where nobody serves the channel the last address is tried on: a server that restarts is often back first. */
void Receiver::setPeer(const std::string& peer) {
  if (peer.empty()) return;
  const std::lock_guard<std::mutex> guard(mutex_);
  peer_ = peer;
  changed_.notify_all();
}

void Receiver::setSession(Session* session) {
  const std::lock_guard<std::mutex> guard(mutex_);
  session_ = session;
  if (session && halted_) session->shutdown();
}

void Receiver::onConnected() {
  connected_ = true;
  pipeline_ = session_->pipeline();  // it is this thread's own
  unacknowledged_ = 0;
  size_.forget();
  std::string peer;
  {
    const std::lock_guard<std::mutex> guard(mutex_);
    peer = peer_;
  }
  addEvent(StreamEvent::Kind::connected, peer);
  flush();
}

void Receiver::onUpdate(pvxs::Value&& value, bool whole, bool overrun) {
  if (overrun) overruns_++;
  if (!value.isMarked(true, true)) {
    empty_++;
    return acknowledge();
  }
  answered_ = true;
  const size_t bytes = size_.of(value);
  completion_->complete(value, whole);
  batch_.push_back(StreamEntry{std::move(value), nullptr, bytes});
  if (batch_.size() >= queue_.room(kBatch)) flush();
  acknowledge();
}

void Receiver::onWaiting() { flush(); }

void Receiver::end(StreamEvent::Kind kind, const std::string& message) {
  ended_ = true;
  addEvent(kind, message);
  connected_ = false;
}

void Receiver::addEvent(StreamEvent::Kind kind, const std::string& text) {
  const char* code = kind == StreamEvent::Kind::error ? "PVAFLOW_REMOTE" : nullptr;
  batch_.push_back(StreamEntry{pvxs::Value(), std::make_unique<StreamEvent>(StreamEvent{kind, text, code}), 0});
}

/** Hands over what there is, then waits until there is room for another update. */
void Receiver::flush() {
  if (batch_.empty()) return;
  if (queue_.push(batch_)) wake_();
  batch_.clear();
  awaitRoom();
}

void Receiver::awaitRoom() {
  waits_ = true;
  while (queue_.room(1) == 0) {
    if (session_) session_->keepAlive();  // it is this thread's own
    std::unique_lock<std::mutex> lock(mutex_);
    if (halted_) throw Halted();
    if (!roomMade_) changed_.wait_for(lock, kTick);
    roomMade_ = false;
  }
  waits_ = false;
}

void Receiver::take(size_t most, std::vector<StreamEntry>& out) {
  const bool roomIsWanted = queue_.take(most, out);
  if (!roomIsWanted) return;
  const std::lock_guard<std::mutex> guard(mutex_);
  roomMade_ = true;
  changed_.notify_all();
}

/** Half a window at a time, once there was room for it. */
void Receiver::acknowledge() {
  if (!*session_->pipeline() || ++unacknowledged_ < std::max<uint32_t>(target_.window / 2, 1)) return;
  session_->acknowledge(unacknowledged_);  // it is this thread's own
  unacknowledged_ = 0;
}

void Receiver::setPaused(bool paused) {
  paused_ = paused;
  const std::lock_guard<std::mutex> guard(mutex_);
  if (session_) session_->followPause();
}

Feed::Stats Receiver::stats() {
  Feed::Stats stats;
  stats.empty = empty_;
  stats.overruns = overruns_;
  stats.waiting = waits_ ? 1 : 0;
  stats.queue = queue_.stats();
  stats.pipeline = pipeline_;
  return stats;
}

}  // namespace pvaflow::stream
