#include "session.h"

#include <algorithm>

#include "credentials.h"
#include "offer.h"
#include "server-question.h"
#include "transport/settings.h"

namespace pvaflow::stream {

namespace {

// A session has one channel with one monitor, and before it one call that asks what the server is.
constexpr uint32_t kChannelId = 1;
constexpr uint32_t kRequestId = 1;
constexpr uint32_t kQuestionChannelId = 2;
constexpr uint32_t kQuestionId = 2;
constexpr std::chrono::seconds kAnswerWithin{5};

constexpr uint32_t kReceiveBuffer = 0x10000;  // both are sent because the protocol wants them; servers do not look at them
constexpr uint16_t kTypesKept = 0x7FFF;

/** As PVXS' clients do. */
double echoPeriod(double timeout) { return std::clamp(timeout * 3 / 8, 1.0, 15.0); }

}  // namespace

Session::Session(const std::string& peer, const MonitorTarget& target, SessionListener& listener, const std::atomic<bool>& halted,
                 const std::atomic<bool>& paused)
    : target_(target), listener_(listener), paused_(paused), socket_(peer, halted), input_(socket_), values_(types_),
      heardAt_(Clock::now()), echoedAt_(heardAt_) {
  input_.beforeReceive = [this] {
    listener_.onWaiting();
    keepAlive();
  };
  socket_.onIdle = [this](bool heard) {
    keepAlive();
    const auto now = Clock::now();
    if (heard) heardAt_ = now;
    if (askedAt_ && !pipeline_ && now - *askedAt_ > kAnswerWithin) decide(false);
    if (now - heardAt_ > std::chrono::duration<double>(target_.timeout)) throw Lost("the server shows no sign of life");
  };
}

void Session::run() {
  while (!ended_) handle(input_.next());
}

void Session::handle(uint8_t command) {
  bigEndian_ = input_.peerIsBigEndian();
  switch (command) {
    case wire::validation: return onValidation();
    case wire::validated: return onValidated();
    case wire::createChannel: return onChannel();
    case wire::destroyChannel: return onChannelDestroyed();
    case wire::rpc: return onAnswer();
    case wire::monitor: return onMonitor();
    default: return;
  }
}

void Session::onValidation() {
  input_.skip(sizeof kReceiveBuffer + sizeof kTypesKept);
  bool byName = false;
  for (size_t count = input_.size(); count > 0; count--) byName |= input_.text() == "ca";
  Output answer = message(wire::validation);
  answer.number(kReceiveBuffer).number(kTypesKept).number(uint16_t(0));
  if (byName) answer.text("ca").typeAndValue(credentials());
  else answer.text("anonymous").nothing();
  send(answer);
}

void Session::onValidated() {
  std::string message;
  readStatus(message);  // one that refuses serves what needs no rights
  if (target_.pipeline != Pipeline::ask) return decide(target_.pipeline == Pipeline::yes);
  askedAt_ = Clock::now();
  createChannel(kQuestionChannelId, kQuestionChannel);
}

void Session::createChannel(uint32_t id, const std::string& name) {
  send(message(wire::createChannel).number(uint16_t(1)).number(id).text(name));
}

void Session::onChannel() {
  const auto id = input_.number<uint32_t>();
  const auto serverId = input_.number<uint32_t>();
  std::string message;
  const bool created = readStatus(message);
  if (id == kQuestionChannelId) {
    if (!created) return decide(false);
    questionId_ = serverId;
    return ask(wire::init, noOptions());
  }
  if (!pipeline_) throw Malformed("a channel that was not asked for");
  if (!created) throw Lost("the server refuses the channel: " + message);
  serverId_ = serverId;
  Output request = monitorMessage(wire::init | (*pipeline_ ? wire::pipeline : 0));
  request.typeAndValue(this->request());
  if (*pipeline_) request.number(target_.window);
  send(request);
}

void Session::onChannelDestroyed() {
  input_.number<uint32_t>();
  if (input_.number<uint32_t>() == kChannelId) throw Lost("the server closed the channel");
}

/** A step of the call that asks the server what it is. */
void Session::ask(uint8_t subcommand, const pvxs::Value& argument) {
  send(message(wire::rpc).number(questionId_).number(kQuestionId).number(subcommand).typeAndValue(argument));
}

void Session::onAnswer() {
  if (input_.number<uint32_t>() != kQuestionId) return;
  const auto subcommand = input_.number<uint8_t>();
  std::string message;
  if (!readStatus(message)) return decide(false);
  if (subcommand & wire::init) return ask(0, serverQuestion());
  const auto type = types_.read(input_);
  decide(type && keepsToPipelines(values_.complete(input_, *type)));
}

/** The server is known, or has not said in time what it is: the channel follows. */
void Session::decide(bool pipeline) {
  if (pipeline_) return;
  pipeline_ = pipeline;
  if (questionId_ != 0) send(message(wire::destroyChannel).number(questionId_).number(kQuestionChannelId));
  createChannel(kChannelId, target_.channel);
}

/** What is asked for. A server on this machine may put large arrays where this process sees them. */
pvxs::Value Session::request() {
  pvxs::Value request = target_.request.clone();
  request["record._options.pipeline"] = *pipeline_ ? "true" : "false";
  if (!transport::Settings::get().shared.on || !socket_.isLocal() || !wantsAll(request)) return request;
  inbox_ = shared::Inbox::create();
  if (!inbox_) return request;
  values_.setInbox(inbox_.get());
  return withOffer(request, inbox_->address());
}

void Session::onMonitor() {
  if (input_.number<uint32_t>() != kRequestId) return;
  if (!pipeline_) throw Malformed("a monitor that was not asked for");
  const auto subcommand = input_.number<uint8_t>();
  const bool init = subcommand & wire::init, last = subcommand & wire::last;
  std::string message;
  if ((init || last) && !readStatus(message)) {
    ended_ = true;
    return listener_.onRefused(message);
  }
  if (init) {
    type_ = types_.read(input_);
    if (!type_) throw Malformed("a monitor without a type");
    listener_.onConnected();
    ready_ = true;
    followPause();
    return;
  }
  if (!type_) throw Malformed("an update before its type");
  onUpdate(last);
  if (!last) return;
  ended_ = true;
  listener_.onFinished();
}

void Session::onUpdate(bool mayBeEmpty) {
  if (mayBeEmpty && input_.left() == 0) return;
  pvxs::Value value = values_.update(input_, *type_);
  const bool whole = values_.isWhole();
  const bool overrun = values_.overrun(input_);
  listener_.onUpdate(std::move(value), whole, overrun);
}

/** @returns whether it says that all went well; else `message` says why not */
bool Session::readStatus(std::string& message) {
  constexpr int8_t withoutText = -1, warning = 1;
  const auto kind = input_.number<int8_t>();
  if (kind == withoutText) return true;
  message = input_.text();
  input_.text();  // where in the server
  return kind <= warning;
}

void Session::keepAlive() {
  const auto now = Clock::now();
  if (now - echoedAt_ < std::chrono::duration<double>(echoPeriod(target_.timeout))) return;
  echoedAt_ = now;
  send(message(wire::echo));
}

Output Session::monitorMessage(uint8_t subcommand) const {
  return message(wire::monitor).number(serverId_.load()).number(kRequestId).number(subcommand);
}

void Session::acknowledge(uint32_t count) {
  if (ready_) send(monitorMessage(wire::pipeline).number(count));
}

/** Both threads that come here do so after what they changed: the last one finds it all. */
void Session::followPause() {
  const std::lock_guard<std::mutex> guard(following_);
  const bool wanted = !paused_;
  if (!ready_ || wanted == started_) return;
  started_ = wanted;
  send(monitorMessage(wanted ? wire::start : wire::stop));
}

}  // namespace pvaflow::stream
