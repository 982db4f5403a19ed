#include "feed.h"

#include "value/copy.h"

namespace pvaflow::ca {

Feed::Session::Session(Feed& owner, unsigned at, const Layout& shape)
    : feed(owner), epoch(at), layout(shape), base(shape.prototype()) {}

Feed::Feed(Context& context, const std::string& name, bool text, const FrameQueue::Limits& limits, std::function<void()> wake)
    : Channel(context, name), text_(text), queue_(limits), wake_(std::move(wake)) {}

void Feed::setPaused(bool paused) {
  if (paused_.exchange(paused) == paused) return;
  later([this] {
    end();
    begin();
  });
}

void Feed::close() {
  closed_ = true;
  queue_.close();
}

void Feed::refuse(const ClientFailure& failure) { pushEvent(StreamEvent::Kind::error, failure.text, failure.code); }

void Feed::onUp(const std::string& peer) {
  epoch_++;
  pushEvent(StreamEvent::Kind::connected, peer);
  later([this] {
    end();
    begin();
  });
}

void Feed::onDown() {
  epoch_++;
  pushEvent(StreamEvent::Kind::disconnected);
  later([this] { end(); });
}

void Feed::beforeEnd() { end(); }

void Feed::begin() {
  const unsigned epoch = epoch_;
  if (paused_ || epoch % 2 == 0) return;
  session_ = std::make_unique<Session>(*this, epoch, Layout(id(), text_));
  const int status = ca_array_get_callback(session_->layout.controlType(), 1, id(), onControl, this);
  if (status == ECA_NORDACCESS) log("warn", "no right to read " + name());
  if (status != ECA_NORMAL) subscribe();
}

void Feed::end() {
  if (!session_) return;
  stopUpdates();
  if (session_->properties) ca_clear_subscription(session_->properties);
  session_.reset();
}

void Feed::stopUpdates() {
  if (session_->updates) ca_clear_subscription(session_->updates);
  session_->updates = nullptr;
}

void Feed::onControl(event_handler_args arguments) {
  auto* self = static_cast<Feed*>(arguments.usr);
  const unsigned epoch = self->epoch_;
  self->later([self, epoch, control = controlFrom(arguments)]() mutable {
    if (!self->session_ || self->session_->epoch != epoch || self->session_->updates) return;
    self->adopt(*self->session_, std::move(control));
    self->subscribe();
  });
}

void Feed::subscribe() {
  Session& session = *session_;
  const Layout& layout = session.layout;
  const int status = ca_create_subscription(layout.timeType(), layout.asked(), id(), DBE_VALUE | DBE_ALARM, onUpdate,
                                            &session, &session.updates);
  if (status != ECA_NORMAL) log("warn", "cannot monitor " + name() + ": " + ca_message(status));
  if (session.properties) return;
  ca_create_subscription(layout.controlType(), 1, id(), DBE_PROPERTY, onProperties, &session, &session.properties);
}

void Feed::adopt(Session& session, Control&& control) {
  session.layout.setMetadata(session.base, control);
  session.layout.markMetadata(session.base);
  session.control = std::move(control);
}

void Feed::onUpdate(event_handler_args arguments) {
  auto& session = *static_cast<Session*>(arguments.usr);
  Feed& self = session.feed;
  if (session.epoch != self.epoch_ || arguments.status == ECA_DISCONN) return;
  if (arguments.status != ECA_NORMAL) return self.missed(session, arguments.status);
  pvxs::Value value = copyOf(session.base);
  if (!session.layout.setUpdate(value, arguments)) return;
  if (session.first) value.mark();
  session.base.unmark(false, true);
  session.first = false;
  const size_t bytes = session.size.of(value);
  self.push(StreamEntry{std::move(value), nullptr, bytes});
}

/** The server could not send an update, or libca could not take it: told once, as every other one may follow. */
void Feed::missed(Session& session, int status) {
  if (session.lastStatus == status) return;
  session.lastStatus = status;
  const std::string why = status == ECA_NORDACCESS ? "no right to read it" : ca_message(status);
  log("warn", "an update of " + name() + " did not come: " + why);
}

/** Comes once at the beginning, with what is known already. At a change has the value sent again, with what is new. */
void Feed::onProperties(event_handler_args arguments) {
  auto& session = *static_cast<Session*>(arguments.usr);
  Feed& self = session.feed;
  self.later([&self, epoch = session.epoch, control = controlFrom(arguments)]() mutable {
    Session* now = self.session_.get();
    if (control.empty() || !now || now->epoch != epoch) return;
    if (now->layout.sameMetadata(control, now->control)) return;
    self.stopUpdates();
    self.adopt(*now, std::move(control));
    self.subscribe();
  });
}

void Feed::push(StreamEntry&& entry) {
  std::vector<StreamEntry> batch;
  batch.push_back(std::move(entry));
  if (queue_.push(batch)) wake_();
}

void Feed::pushEvent(StreamEvent::Kind kind, const std::string& text, const char* code) {
  push(StreamEntry{pvxs::Value(), std::make_unique<StreamEvent>(StreamEvent{kind, text, code}), 0});
}

}  // namespace pvaflow::ca
