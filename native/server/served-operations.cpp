// ServedChannel, continued: what clients ask for. All but reply() and refuse() run on the server's thread.
#include <algorithm>

#include "merge.h"
#include "served-channel.h"
#include "value/type.h"

namespace pvaflow {

namespace server = pvxs::server;

namespace {

/** The way to the protected request of an operation. */
template <typename Operation>
struct RequestOf : Operation {
  static pvxs::Value& of(Operation& operation) { return operation.*(&RequestOf::_pvRequest); }
};

/**
 * `field(_[distributor=…])` asks for everything and passes options; PVXS finds no field `_` and refuses. It gets the
 * request for everything.
 */
template <typename Operation>
void withoutPseudoField(Operation& operation) {
  pvxs::Value& request = RequestOf<Operation>::of(operation);
  const pvxs::Value fields = request["field"];
  if (!fields || fields.type() != pvxs::TypeCode::Struct || fields.nmembers() != 1 || !fields["_"]) return;
  request = pvxs::TypeDef(pvxs::TypeCode::Struct, {pvxs::Member(pvxs::TypeCode::Struct, "field", {})}).create();
}

Requester requesterOf(const server::OpBase& op) {
  const auto& credentials = op.credentials();
  return {op.peerName(), credentials->account, credentials->method};
}

constexpr const char* kNoPut = "this channel does not accept puts";
constexpr const char* kNoRpc = "this channel does not answer remote procedure calls";
constexpr const char* kNoValue = "this channel has no value: it answers remote procedure calls";
constexpr const char* kTypeChanged = "the type of the channel has changed: connect again";
constexpr const char* kClosing = "the server is closing";

}  // namespace

void ServedChannel::attach(std::unique_ptr<server::ChannelControl>&& op, const Seat& seat) {
  const Control control(std::move(op));
  {
    std::lock_guard<std::mutex> guard(mutex_);
    if (closed_) return;  // since it claimed the name; without callbacks PVXS refuses the client
    clients_.push_back(control);
  }
  const std::weak_ptr<ServedChannel> weak = weak_from_this();
  control->onOp([weak](std::unique_ptr<server::ConnectOp>&& connection) {
    if (const auto self = weak.lock()) self->connect(std::move(connection));
  });
  control->onSubscribe([weak, seat](std::unique_ptr<server::MonitorSetupOp>&& setup) {
    if (const auto self = weak.lock()) self->subscribe(std::move(setup), seat);
  });
  control->onRPC([weak](std::unique_ptr<server::ExecOp>&& call, pvxs::Value&& argument) {
    const auto self = weak.lock();
    if (!self || !self->options_.acceptsRpc) return call->error(kNoRpc);
    self->execute(std::move(call), std::move(argument), true);
  });
  // This callback owns the control until PVXS drops both.
  control->onClose([weak, control](const std::string&) {
    const auto self = weak.lock();
    if (!self) return;
    std::lock_guard<std::mutex> guard(self->mutex_);
    self->clients_.remove_if([&](const auto& client) { return client.expired() || client.lock() == control; });
  });
}

void ServedChannel::connect(std::unique_ptr<server::ConnectOp>&& unique) {
  const std::shared_ptr<server::ConnectOp> op(std::move(unique));
  const pvxs::Value type = prototype();
  // Without a type its client waits until open(), as a monitor does. The callback owns the operation until PVXS drops both.
  if (!type) return options_.acceptsRpc ? op->error(kNoValue) : op->onClose([op](const std::string&) {});
  const std::weak_ptr<ServedChannel> weak = weak_from_this();
  op->onGet([weak, type](std::unique_ptr<server::ExecOp>&& get) {
    if (const auto self = weak.lock()) self->get(std::move(get), type);
  });
  op->onPut([weak](std::unique_ptr<server::ExecOp>&& put, pvxs::Value&& value) {
    const auto self = weak.lock();
    if (!self || !self->options_.acceptsPut) return put->error(kNoPut);
    self->execute(std::move(put), std::move(value), false);
  });
  try {
    withoutPseudoField(*op);
    op->connect(type);
  } catch (const std::exception& error) {
    op->error(error.what());
  }
}

void ServedChannel::get(std::unique_ptr<server::ExecOp>&& op, const pvxs::Value& type) {
  const pvxs::Value value = current();
  if (value && sameInstance(value, type)) {
    op->reply(value);
  } else {
    op->error(kTypeChanged);
  }
}

void ServedChannel::execute(std::unique_ptr<server::ExecOp>&& unique, pvxs::Value&& value, bool rpc) {
  const std::shared_ptr<server::ExecOp> op(std::move(unique));
  const Requester requester = requesterOf(*op);
  uint32_t id = 0;
  {
    std::lock_guard<std::mutex> guard(mutex_);
    id = ++lastId_;
    executing_[id] = op;
  }
  const std::weak_ptr<ServedChannel> weak = weak_from_this();
  op->onCancel([weak, id] {
    const auto self = weak.lock();
    if (!self) return;
    std::lock_guard<std::mutex> guard(self->mutex_);
    self->executing_.erase(id);
  });
  const bool accepted = dispatcher_->post([self = shared_from_this(), id, rpc, value, requester](Napi::Env env) mutable {
    if (!self->listener_) return self->refuse(id, kClosing);
    rpc ? self->listener_->onRpc(env, id, std::move(value), requester) : self->listener_->onPut(env, id, std::move(value), requester);
  });
  if (!accepted) refuse(id, kClosing);
}

void ServedChannel::reply(uint32_t id, const pvxs::Value& value) {
  std::shared_ptr<server::ExecOp> op;
  {
    std::lock_guard<std::mutex> guard(mutex_);
    const auto found = executing_.find(id);
    if (found == executing_.end()) return;  // cancelled or disconnected meanwhile
    op = std::move(found->second);
    executing_.erase(found);
  }
  value ? op->reply(value) : op->reply();
}

void ServedChannel::refuse(uint32_t id, const std::string& message) {
  std::shared_ptr<server::ExecOp> op;
  {
    std::lock_guard<std::mutex> guard(mutex_);
    const auto found = executing_.find(id);
    if (found == executing_.end()) return;
    op = std::move(found->second);
    executing_.erase(found);
  }
  op->error(message.empty() ? "refused" : message);
}

void ServedChannel::subscribe(std::unique_ptr<server::MonitorSetupOp>&& unique, const Seat& seat) {
  const std::shared_ptr<server::MonitorSetupOp> setup(std::move(unique));
  const pvxs::Value type = prototype();
  if (!type) return options_.acceptsRpc ? setup->error(kNoValue) : waitForType(setup);
  RequestOptions options = requestOptions(setup->pvRequest());
  std::optional<DistributorRequest> distributor;
  std::shared_ptr<server::MonitorControlOp> control;
  try {
    distributor = distributorRequest(options.distributor);
    withoutPseudoField(*setup);
    control = setup->connect(type);
  } catch (const std::exception& error) {
    return setup->error(error.what());
  }
  const auto subscriber = std::make_shared<Subscriber>(control, options_.limits, std::move(options), std::move(distributor));
  const std::weak_ptr<ServedChannel> weak = weak_from_this();
  // This callback owns the subscriber until PVXS drops both: a control that goes earlier tells its client of an end.
  setup->onClose([weak, subscriber, taken = seat.take()](const std::string&) {
    if (const auto self = weak.lock()) self->unsubscribe(subscriber);
  });
  const std::weak_ptr<Subscriber> weakSubscriber = subscriber;
  control->setWatermarks(0, 0);
  control->onHighMark([weak, weakSubscriber] {
    const auto self = weak.lock();
    const auto hungry = weakSubscriber.lock();
    if (self && hungry) self->feedOne(*hungry);
  });
  control->onStart([weak, weakSubscriber](bool start) {
    const auto self = weak.lock();
    const auto of = weakSubscriber.lock();
    if (self && of) self->started(*of, start);
  });
  {
    std::lock_guard<std::mutex> guard(mutex_);
    if (closed_ || !sameInstance(prototype_, type)) return;  // its client is being disconnected
    join(subscriber);
  }
  announceSubscribers();
}

/** Until open(), which disconnects the client: it comes back at once, and finds the type. */
void ServedChannel::waitForType(const std::shared_ptr<server::MonitorSetupOp>& setup) {
  {
    std::lock_guard<std::mutex> guard(mutex_);
    waiting_++;
  }
  const std::weak_ptr<ServedChannel> weak = weak_from_this();
  // This callback owns the operation until PVXS drops both.
  setup->onClose([weak, setup](const std::string&) {
    const auto self = weak.lock();
    if (!self) return;
    std::lock_guard<std::mutex> guard(self->mutex_);
    self->waiting_--;
  });
}

void ServedChannel::join(const std::shared_ptr<Subscriber>& subscriber) {
  subscriber->offer(completeFrame());
  subscribers_.push_back(subscriber);
  if (subscriber->distributor()) distributor_.join(subscriber, *subscriber->distributor(), posted_);
}

void ServedChannel::unsubscribe(const std::shared_ptr<Subscriber>& subscriber) {
  {
    Subscriber::Lock lock(mutex_);
    const auto found = std::find(subscribers_.begin(), subscribers_.end(), subscriber);
    if (found == subscribers_.end()) return;
    droppedForGone_ += subscriber->ring().counters().dropped;
    subscribers_.erase(found);
    if (subscriber->distributor()) leaveLocked(subscriber, lock);
    announceRoomLocked();
  }
  announceSubscribers();
}

void ServedChannel::leaveLocked(const std::shared_ptr<Subscriber>& subscriber, Subscriber::Lock& lock) {
  Departure departure{*subscriber->distributor(),   subscriber->control().peerName(), subscriber->sent(),
                      subscriber->unacknowledged(), subscriber->unacknowledgedIds(),  {}};
  departure.handover = distributor_.leave(subscriber, departure.request);
  handovers_.handedOver += departure.handover.handedOver;
  handovers_.abandoned += departure.handover.abandoned;
  feedLocked(lock);
  announceDeparture(departure);
}

}  // namespace pvaflow
