#include "feed.h"

#include <envDefs.h>

#include "value/copy.h"

namespace pvaflow::ca {

namespace {

/** The largest update that libca takes, as EPICS_CA_MAX_ARRAY_BYTES says; 0 when it takes all. Thread of the context. */
size_t mostBytes() {
  int takesAll = 1;
  long bytes = 0;
  envGetBoolConfigParam(&EPICS_CA_AUTO_ARRAY_BYTES, &takesAll);
  if (takesAll || envGetLongConfigParam(&EPICS_CA_MAX_ARRAY_BYTES, &bytes) != 0) return 0;
  return static_cast<size_t>(bytes);
}

}  // namespace

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
  warnOfLimit(layout);
  ca_create_subscription(layout.controlType(), 1, id(), DBE_PROPERTY, onProperties, &session, &session.properties);
}

/** Of an update that it finds too large libca tells nobody. */
void Feed::warnOfLimit(const Layout& layout) {
  const size_t most = mostBytes();
  const size_t size = dbr_size_n(layout.timeType(), layout.count());
  if (most == 0 || size <= most) return;
  log("warn", "updates of " + name() + " that are larger than EPICS_CA_MAX_ARRAY_BYTES=" + std::to_string(most) +
                  " will not come, and cannot be counted: it has up to " + std::to_string(size) +
                  " bytes. EPICS_CA_AUTO_ARRAY_BYTES=YES takes all");
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
  if (arguments.status != ECA_NORMAL) return self.miss(session, arguments.status);
  pvxs::Value value = copyOf(session.base);
  if (!session.layout.setUpdate(value, arguments)) return self.miss(session, ECA_GETFAIL);
  if (session.first) value.mark();
  session.base.unmark(false, true);
  session.first = false;
  const size_t bytes = session.size.of(value);
  self.push(StreamEntry{std::move(value), nullptr, bytes});
}

/** An update did not come, or held no value: counted, and told once, as every other one may follow. */
void Feed::miss(Session& session, int status) {
  missed_++;
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
