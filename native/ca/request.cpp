#include "request.h"

namespace pvaflow::ca {

void Request::onUp(const std::string& peer) {
  reached_ = true;
  later([this, peer] {
    peer_ = peer;
    if (!over_) begin();
  });
}

void Request::finish(Outcome&& outcome) {
  if (!over_.exchange(true)) done_(std::move(outcome));
}

void Request::fail(const ClientFailure& failure) {
  Outcome outcome;
  outcome.failure = failure;
  finish(std::move(outcome));
}

void GetRequest::begin() {
  layout_ = Layout(id(), text_);
  const int status = ca_array_get_callback(layout_.controlType(), 1, id(), onControl, this);
  if (status != ECA_NORMAL) failUnlessLost(status);
}

/** Without a connection it begins again when there is one. */
void GetRequest::failUnlessLost(int status) {
  if (status != ECA_DISCONN) fail(failureOf(status));
}

void GetRequest::onControl(event_handler_args arguments) {
  auto* self = static_cast<GetRequest*>(arguments.usr);
  if (arguments.status == ECA_DISCONN) return;
  self->later([self, control = controlFrom(arguments)] { self->askValue(control); });
}

void GetRequest::askValue(const Control& control) {
  value_ = layout_.prototype();
  layout_.setMetadata(value_, control);
  const int status = ca_array_get_callback(layout_.timeType(), layout_.asked(), id(), onValue, this);
  if (status != ECA_NORMAL) failUnlessLost(status);
}

void GetRequest::onValue(event_handler_args arguments) {
  auto* self = static_cast<GetRequest*>(arguments.usr);
  if (arguments.status != ECA_NORMAL) return self->failUnlessLost(arguments.status);
  Outcome outcome;
  outcome.value = self->value_;
  if (!self->layout_.setUpdate(outcome.value, arguments)) return self->fail({"PVAFLOW_REMOTE", "the server sent no value"});
  outcome.value.mark();
  self->finish(std::move(outcome));
}

void InfoRequest::begin() {
  Outcome outcome;
  outcome.layout = Layout(id(), text_);
  outcome.value = outcome.layout.prototype();
  outcome.peer = peer();
  outcome.readable = ca_read_access(id()) != 0;
  outcome.writable = ca_write_access(id()) != 0;
  finish(std::move(outcome));
}

void PutRequest::begin() {
  const Layout layout(id(), false);
  try {
    send(encode(data_, layout));
  } catch (const PutRefused& refused) {
    fail({refused.code, refused.what()});
  }
}

void PutRequest::send(const PutBuffer& buffer) {
  sent_ = true;
  const void* data = buffer.bytes.data();
  const int status = wait_ ? ca_array_put_callback(buffer.type, buffer.count, id(), data, onProcessed, this)
                           : ca_array_put(buffer.type, buffer.count, id(), data);
  if (status != ECA_NORMAL) return fail(failureOf(status));
  if (!wait_) finish(Outcome());
}

void PutRequest::onProcessed(event_handler_args arguments) {
  auto* self = static_cast<PutRequest*>(arguments.usr);
  if (arguments.status != ECA_NORMAL) return self->fail(failureOf(arguments.status));
  self->finish(Outcome());
}

/** What was sent may or may not have been carried out. */
void PutRequest::onDown() {
  if (sent_) fail(failureOf(ECA_DISCONN));
}

}  // namespace pvaflow::ca
