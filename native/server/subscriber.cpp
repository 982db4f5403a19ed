#include "subscriber.h"

#include <algorithm>

#include "transport/references.h"
#include "transport/settings.h"
#include "transport/survey.h"
#include "value/copy.h"

namespace pvaflow {

namespace {

/** The smallest queue that PVXS has if a client does not say how long it shall be, and the longest that is of use: 50 us at full rate. */
constexpr size_t kLeastQueued = 4;
constexpr size_t kMostQueued = 4096;

/** @param most as many may be in the queue of PVXS: how long that is, the client has said */
size_t roomIn(const pvxs::server::MonitorStat& stat, size_t most) {
  if (!stat.running || stat.finished) return 0;
  most = std::min(most, stat.limitQueue);
  if (stat.pipeline) most = std::min(most, stat.window);
  return most > stat.nQueue ? most - stat.nQueue : 0;
}

std::map<std::string, std::string> textsOf(const pvxs::Value& options) {
  std::map<std::string, std::string> texts;
  if (options.type() != pvxs::TypeCode::Struct) return texts;
  for (const pvxs::Value option : options.ichildren()) {
    std::string text;
    if (option.as(text)) texts[options.nameOf(option)] = text;
  }
  return texts;
}

/** The memory that a client offers is its own affair: it is not shown among what it asked for. */
std::unique_ptr<shared::Outbox> acceptOffer(RequestOptions& options) {
  const auto offer = options.record.extract(shared::kOffer);
  if (offer.empty() || !transport::Settings::get().shared.on) return nullptr;
  return shared::Outbox::open(offer.mapped());
}

/** @returns whether all large arrays of the update are shared now */
bool share(pvxs::Value& update, shared::Outbox& outbox) {
  bool all = true;
  for (pvxs::Value field : transport::Survey(update).large) {
    const bool mayBe = field.type() != pvxs::TypeCode::BoolA;  // on the wire those are not what they are in memory
    const Array standIn = mayBe ? outbox.put(field.as<Array>()) : Array();
    if (standIn.empty()) all = false;
    else field = standIn;
  }
  return all;
}

}  // namespace

RequestOptions requestOptions(const pvxs::Value& request) {
  return {textsOf(request["record._options"]), textsOf(request["field._._options"])};
}

Subscriber::Subscriber(std::shared_ptr<pvxs::server::MonitorControlOp> control, const RingLimits& limits, RequestOptions options,
                       std::optional<DistributorRequest> distributor)
    : control_(std::move(control)),
      options_(std::move(options)),
      outbox_(acceptOffer(options_)),
      distributor_(std::move(distributor)),
      ring_(limits) {
  pvxs::server::MonitorStat stat;
  control_->stats(stat);
  firstWindow_ = stat.window;
}

void Subscriber::offer(const Frame& frame) {
  if (ring_.full()) feed(nullptr);
  ring_.offer(frame);
}

/** The update as PVXS gets it: large arrays are put where the client sees them, or lent to the connection, instead of copied. */
pvxs::Value Subscriber::forWire(const Frame& frame) {
  if (frame.bytes < transport::largeArray || (!outbox_ && !transport::mayLend(frame.bytes))) return frame.value;
  pvxs::Value update = copyOf(frame.value);
  if (!outbox_ || !share(update, *outbox_)) transport::lendArrays(update);
  return update;
}

/** @param lock null: it is not to be let go of */
size_t Subscriber::feed(Lock* lock) {
  feedAgain_ = true;
  if (feeding_) return 0;
  feeding_ = true;
  size_t moved = 0;
  while (feedAgain_) {
    feedAgain_ = false;
    moved += moveSome(lock);
  }
  feeding_ = false;
  return moved;
}

size_t Subscriber::moveSome(Lock* lock) {
  size_t moved = 0;
  pvxs::server::MonitorStat stat;
  // Asked again after each move: an update with none of the fields that the client wants takes no room.
  while (!ring_.empty() && !stopped_) {
    control_->stats(stat);
    const size_t count = std::min(roomIn(stat, mostQueued()), ring_.frames());
    if (count == 0) break;
    for (size_t i = 0; i < count && !ring_.empty(); i++, moved++) moveOne(lock);
  }
  if (distributor_) control_->stats(stat), note(stat);
  const bool windowClosed = stat.pipeline && stat.window <= stat.nQueue;
  needsFeeding_ = !ring_.empty() && stat.running && !stat.finished && !windowClosed;
  return moved;
}

/** The queue of PVXS may hold as many bytes as the ring, in updates like the next. */
size_t Subscriber::mostQueued() const {
  return std::clamp(ring_.limits().bytes / std::max<size_t>(ring_.nextBytes(), 1), kLeastQueued, kMostQueued);
}

/** What a distributor has given to this client may be handed over to another: that is never out of the lock's sight. */
void Subscriber::moveOne(Lock* lock) {
  const Frame frame = ring_.deliver();
  const bool isCopied = outbox_ && frame.bytes >= transport::largeArray;
  if (lock && isCopied && !distributor_) {
    lock->unlock();
    const pvxs::Value update = forWire(frame);
    lock->lock();
    control_->tryPost(update);
    return;
  }
  control_->tryPost(forWire(frame));
  if (distributor_) remember(frame);
}

/**
 * PVXS says that a subscription stopped before it forgets it, and that it ended after that: what it has not sent is seen
 * here for the last time.
 */
void Subscriber::start(bool started) {
  stopped_ = !started;
  if (!distributor_ || started) return;
  pvxs::server::MonitorStat stat;
  control_->stats(stat);
  note(stat);
}

void Subscriber::remember(const Frame& frame) {
  unsent_.push_back(frame);
  int64_t id = 0;
  if (firstWindow_ > 0 && frame.value["uniqueId"].as(id)) ids_.push_back(id);
}

void Subscriber::note(const pvxs::server::MonitorStat& stat) {
  if (stat.limitQueue == 0) return;  // PVXS has forgotten the subscription and told nothing
  while (unsent_.size() > stat.nQueue) unsent_.pop_front();
  if (!stat.pipeline) return;
  unacknowledged_ = firstWindow_ > stat.window ? firstWindow_ - stat.window : 0;
  while (ids_.size() > unacknowledged_ + unsent_.size()) ids_.pop_front();
}

std::vector<int64_t> Subscriber::unacknowledgedIds() const {
  return {ids_.begin(), ids_.begin() + static_cast<std::ptrdiff_t>(std::min(ids_.size(), unacknowledged_))};
}

std::vector<Frame> Subscriber::surrender() {
  std::vector<Frame> frames(unsent_.begin(), unsent_.end());
  unsent_.clear();
  for (Frame& frame : ring_.surrender()) frames.push_back(std::move(frame));
  return frames;
}

Subscriber::State Subscriber::state() const {
  pvxs::server::MonitorStat stat;
  control_->stats(stat);
  return {stat.running, stat.pipeline, stat.window, stat.limitQueue, stat.nQueue};
}

}  // namespace pvaflow
