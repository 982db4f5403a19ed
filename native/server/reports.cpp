#include "reports.h"

#include "transport/unsent.h"

namespace pvaflow {

namespace {

/** Text and numbers as properties of a plain object. */
template <typename T>
void put(Napi::Object& object, const char* name, const T& value) {
  object.Set(name, Napi::Value::From(object.Env(), value));
}

void put(Napi::Object& object, const char* name, uint64_t value) {
  object.Set(name, Napi::Number::New(object.Env(), static_cast<double>(value)));
}

Napi::Object textsOf(Napi::Env env, const std::map<std::string, std::string>& texts) {
  Napi::Object object = Napi::Object::New(env);
  for (const auto& text : texts) object.Set(text.first, text.second);
  return object;
}

Napi::Object describe(Napi::Env env, const ServedChannel::SubscriberReport& report);
Napi::Object describe(Napi::Env env, const DistributorGroup::MemberReport& member);
Napi::Object describe(Napi::Env env, const DistributorGroup::SetReport& set);
Napi::Object describe(Napi::Env env, const Distributor::GroupReport& group);

template <typename Items>
Napi::Array list(Napi::Env env, const Items& items) {
  Napi::Array array = Napi::Array::New(env);
  for (const auto& item : items) array.Set(array.Length(), describe(env, item));
  return array;
}

const char* nameOf(DistributorRequest::Mode mode) { return mode == DistributorRequest::Mode::one ? "one" : "all"; }

Napi::Object describe(Napi::Env env, const ServedChannel::SubscriberReport& report) {
  Napi::Object object = Napi::Object::New(env);
  put(object, "peer", report.peer);
  put(object, "running", report.state.running);
  put(object, "pipeline", report.state.pipeline);
  put(object, "queueSize", uint64_t(report.state.queueSize));
  put(object, "window", uint64_t(report.state.window));
  put(object, "posted", report.counters.posted);
  put(object, "delivered", report.counters.delivered);
  put(object, "dropped", report.counters.dropped);
  put(object, "queued", uint64_t(report.frames));
  put(object, "queuedBytes", uint64_t(report.bytes));
  put(object, "sharedArrays", report.sharedArrays);
  put(object, "maxQueued", uint64_t(report.counters.maxFrames));
  put(object, "unsent", uint64_t(report.state.unsent));
  put(object, "unsentBytes", uint64_t(transport::unsentBytes(report.peer)));
  object.Set("recordOptions", textsOf(env, report.options.record));
  object.Set("distributorOptions", textsOf(env, report.options.distributor));
  return object;
}

Napi::Object describe(Napi::Env env, const DistributorGroup::MemberReport& member) {
  Napi::Object object = Napi::Object::New(env);
  put(object, "id", member.id);
  put(object, "peer", member.peer);
  put(object, "given", member.given);
  put(object, "hasTurn", member.hasTurn);
  return object;
}

Napi::Object describe(Napi::Env env, const DistributorGroup::SetReport& set) {
  Napi::Object object = Napi::Object::New(env);
  put(object, "name", set.name);
  put(object, "trigger", set.trigger);
  put(object, "updates", set.updates);
  put(object, "mode", nameOf(set.mode));
  put(object, "given", set.given);
  object.Set("members", list(env, set.members));
  return object;
}

Napi::Object describe(Napi::Env env, const Distributor::GroupReport& group) {
  Napi::Object object = Napi::Object::New(env);
  put(object, "name", group.name);
  object.Set("sets", list(env, group.sets));
  return object;
}

}  // namespace

Napi::Object describe(Napi::Env env, const ServedChannel::Report& report) {
  Napi::Object object = Napi::Object::New(env);
  put(object, "posted", report.posted);
  put(object, "dropped", report.dropped);
  put(object, "handedOver", report.handedOver);
  put(object, "abandoned", report.abandoned);
  put(object, "waiting", report.waiting);
  object.Set("subscribers", list(env, report.subscribers));
  object.Set("groups", list(env, report.groups));
  return object;
}

Napi::Object describe(Napi::Env env, const Departure& departure) {
  Napi::Object object = Napi::Object::New(env);
  put(object, "group", departure.request.group);
  put(object, "set", departure.request.set);
  put(object, "id", departure.request.id);
  put(object, "peer", departure.peer);
  put(object, "sent", departure.sent);
  put(object, "unacknowledged", departure.unacknowledged);
  Napi::Array ids = Napi::Array::New(env);
  for (const int64_t id : departure.unacknowledgedIds) ids.Set(ids.Length(), Napi::Number::New(env, static_cast<double>(id)));
  object.Set("unacknowledgedIds", ids);
  put(object, "handedOver", uint64_t(departure.handover.handedOver));
  put(object, "abandoned", uint64_t(departure.handover.abandoned));
  return object;
}

Napi::Object describe(Napi::Env env, const Requester& requester) {
  Napi::Object object = Napi::Object::New(env);
  put(object, "peer", requester.peer);
  put(object, "account", requester.account);
  put(object, "method", requester.method);
  return object;
}

}  // namespace pvaflow
