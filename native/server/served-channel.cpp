#include "served-channel.h"

#include <algorithm>

#include "value/copy.h"
#include "merge.h"
#include "value/type.h"

namespace pvaflow {

namespace server = pvxs::server;

namespace {

/** Updates that go to PVXS together at most, and how long the first may wait for the others while JavaScript is at work. */
constexpr size_t kMostUnfed = 8;
constexpr std::chrono::microseconds kLongestUnfed{200};

}  // namespace

pvxs::Value ServedChannel::prototype() const {
  std::lock_guard<std::mutex> guard(mutex_);
  return prototype_;
}

pvxs::Value ServedChannel::current() const {
  std::lock_guard<std::mutex> guard(mutex_);
  return currentLocked();
}

bool ServedChannel::awaitsRoom() const {
  std::lock_guard<std::mutex> guard(mutex_);
  return roomAwaited_;
}

bool ServedChannel::claims() const {
  std::lock_guard<std::mutex> guard(mutex_);
  return !closed_;
}

void ServedChannel::open(pvxs::Value&& initial) {
  {
    std::lock_guard<std::mutex> guard(mutex_);
    prototype_ = initial.cloneEmpty();
    base_ = std::move(initial);
    latest_ = pvxs::Value();
  }
  disconnect();
}

void ServedChannel::close() {
  {
    std::lock_guard<std::mutex> guard(mutex_);
    if (closed_) return;
    closed_ = true;
    roomAwaited_ = false;
  }
  disconnect();
}

/** What a subscriber still had to get when the type of the channel changed: nobody can be given it any more. */
size_t ServedChannel::lostWith(const Subscriber& subscriber) const { return closed_ ? 0 : subscriber.ring().frames(); }

/** Subscribers leave before their clients are told, so that no update of another type can follow. */
void ServedChannel::disconnect() {
  std::list<std::weak_ptr<server::ChannelControl>> clients;
  std::vector<std::shared_ptr<Subscriber>> subscribers;
  std::map<uint32_t, std::shared_ptr<server::ExecOp>> executing;
  {
    std::lock_guard<std::mutex> guard(mutex_);
    clients.swap(clients_);
    subscribers.swap(subscribers_);
    distributor_.clear();
    for (const auto& subscriber : subscribers) droppedForGone_ += subscriber->ring().counters().dropped + lostWith(*subscriber);
    executing.swap(executing_);
    announceRoomLocked();
  }
  for (const auto& client : clients) {
    if (const Control control = client.lock()) control->close();
  }
  if (!subscribers.empty()) announceSubscribers();
}

ServedChannel::Posted ServedChannel::post(std::vector<pvxs::Value>&& updates) {
  Subscriber::Lock lock(mutex_);
  for (pvxs::Value& update : updates) add(std::move(update));
  if (subscribers_.empty()) return Posted::done;
  unfed_ += updates.size();
  if (mustFeed()) {
    unfed_ = 0;
    lastFeed_ = std::chrono::steady_clock::now();
    feedLocked(lock);
    roomAwaited_ = fullLocked();
    return roomAwaited_ ? Posted::full : Posted::done;
  }
  const bool wanted = flushWanted_;
  flushWanted_ = true;
  return wanted ? Posted::done : Posted::flush;
}

void ServedChannel::flush() {
  Subscriber::Lock lock(mutex_);
  flushWanted_ = false;
  const bool unfed = unfed_ > 0;
  unfed_ = 0;
  if (unfed) feedLocked(lock);
}

void ServedChannel::add(pvxs::Value&& update) {
  spreadMarks(update);
  if (!anyMarked(update)) return;
  posted_++;
  remember(update);
  if (subscribers_.empty()) return;
  const Frame frame{update, updateBytes(update), posted_, {}, false};
  for (const auto& subscriber : subscribers_) {
    if (!subscriber->distributor()) subscriber->offer(frame);
  }
  if (distributor_.empty()) return;
  Frame made;
  const std::function<Frame()> complete = [&] {
    if (!made.value) made = completeFrame();
    return made;
  };
  distributor_.offer({{frame.value, frame.bytes, frame.number, base_, false}, uniformSince_, complete});
}

Frame ServedChannel::completeFrame() const {
  pvxs::Value value = currentLocked();
  const size_t bytes = updateBytes(value);
  return {std::move(value), bytes, posted_, {}, false};
}

bool ServedChannel::mustFeed() const {
  return unfed_ >= kMostUnfed || std::chrono::steady_clock::now() - lastFeed_ >= kLongestUnfed || fullLocked();
}

void ServedChannel::remember(const pvxs::Value& update) {
  const bool uniform = latest_ && sameMarks(latest_, update);
  if (!uniform) uniformSince_ = posted_;
  if (latest_ && !uniform) mergeIntoBase();
  latest_ = update;
}

void ServedChannel::mergeIntoBase() {
  if (distributor_.empty()) {
    mergeMarked(base_, latest_);
  } else {
    base_ = mergedUpdate(base_, latest_);  // frames may have the old one
  }
}

pvxs::Value ServedChannel::currentLocked() const {
  if (!base_) return {};
  pvxs::Value value = copyOf(base_);
  if (latest_) mergeMarked(value, latest_);
  markAll(value);
  return value;
}

bool ServedChannel::fullLocked() const {
  const auto full = [](const auto& subscriber) { return !subscriber->distributor() && subscriber->isFull(); };
  return distributor_.isFull() || std::any_of(subscribers_.begin(), subscribers_.end(), full);
}

bool ServedChannel::roomyLocked() const {
  const auto cramped = [](const auto& subscriber) { return !subscriber->distributor() && subscriber->isCramped(); };
  return distributor_.isRoomy() && std::none_of(subscribers_.begin(), subscribers_.end(), cramped);
}

size_t ServedChannel::feed() {
  Subscriber::Lock lock(mutex_);
  return feedLocked(lock);
}

size_t ServedChannel::feedLocked(Subscriber::Lock& lock) {
  size_t moved = 0;
  const auto subscribers = subscribers_;  // who comes and goes meanwhile changes those
  for (const auto& subscriber : subscribers) moved += feedLocked(*subscriber, lock);
  announceRoomLocked();
  return moved;
}

size_t ServedChannel::feedLocked(Subscriber& subscriber, Subscriber::Lock& lock) {
  const size_t moved = subscriber.feed(lock);
  if (subscriber.needsFeeding()) feeder_->want(shared_from_this());
  return moved;
}

void ServedChannel::feedOne(Subscriber& subscriber) {
  Subscriber::Lock lock(mutex_);
  feedLocked(subscriber, lock);
  announceRoomLocked();
}

void ServedChannel::started(Subscriber& subscriber, bool started) {
  Subscriber::Lock lock(mutex_);
  subscriber.start(started);
  feedLocked(subscriber, lock);
  announceRoomLocked();
}

void ServedChannel::announceRoomLocked() {
  if (!roomAwaited_ || roomAnnounced_ || !roomyLocked()) return;
  roomAnnounced_ = true;
  dispatcher_->post([self = shared_from_this()](Napi::Env env) {
    {
      std::lock_guard<std::mutex> guard(self->mutex_);
      self->roomAwaited_ = self->roomAnnounced_ = false;
    }
    if (self->listener_) self->listener_->onRoom(env);
  });
}

void ServedChannel::announceSubscribers() {
  {
    std::lock_guard<std::mutex> guard(mutex_);
    if (subscribersAnnounced_) return;
    subscribersAnnounced_ = true;
  }
  dispatcher_->post([self = shared_from_this()](Napi::Env env) {
    size_t count = 0;
    {
      std::lock_guard<std::mutex> guard(self->mutex_);
      self->subscribersAnnounced_ = false;
      count = self->subscribers_.size();
    }
    if (self->listener_) self->listener_->onSubscribers(env, count);
  });
}

void ServedChannel::announceDeparture(const Departure& departure) {
  dispatcher_->post([self = shared_from_this(), departure](Napi::Env env) {
    if (self->listener_) self->listener_->onDeparture(env, departure);
  });
}

ServedChannel::Report ServedChannel::report() const {
  std::lock_guard<std::mutex> guard(mutex_);
  Report report{posted_, droppedForGone_, handovers_.handedOver, handovers_.abandoned, waiting_, {}, distributor_.report()};
  for (const auto& subscriber : subscribers_) {
    const Ring& ring = subscriber->ring();
    report.dropped += ring.counters().dropped;
    report.subscribers.push_back({subscriber->control().peerName(), ring.counters(), ring.frames(), ring.bytes(),
                                  subscriber->sharedArrays(), subscriber->state(), subscriber->options()});
  }
  return report;
}

}  // namespace pvaflow
