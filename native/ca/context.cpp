#include "context.h"

#include <cadef.h>

#include "ca/channel.h"
#include "ca/text.h"

namespace pvaflow::ca {

namespace {

constexpr size_t kMostLines = 100;  // of the log, under way at once
constexpr size_t kContextBytes = 1000;

/** What went wrong outside of any request: two servers with the same channel, a server that does not answer … */
void onException(exception_handler_args arguments) {
  std::string text = trimmed(ca_message(arguments.stat));
  if (arguments.ctx && *arguments.ctx) text += ": " + trimmed(textFromCa(arguments.ctx, kContextBytes));
  const bool told = arguments.stat == ECA_DISCONN;  // as an event of each subscription
  static_cast<Context*>(arguments.usr)->log(told ? "debug" : "warn", text);
}

}  // namespace

Context::Context(Addon& addon, Definitions definitions, OnLog onLog)
    : addon_(&addon), dispatcher_(addon.dispatcher), definitions_(std::move(definitions)), onLog_(std::move(onLog)) {
  addon.open.insert(this);
}

Context::~Context() { closeNow(); }

void Context::open(const std::shared_ptr<Channel>& channel) {
  if (closed_) return;
  if (!thread_.joinable()) thread_ = std::thread(&Context::work, this);
  later([this, channel] {
    channels_.insert(channel);
    if (start()) channel->create();
    else channel->refuse({"PVAFLOW_CLIENT", "cannot start the Channel Access library"});
  });
}

void Context::drop(const std::shared_ptr<Channel>& channel) {
  if (closed_) return;
  later([this, channel] { release(channel); });
}

/** Of servers that are gone nothing is left to keep: their channels would be searched for as long as the context lives. */
void Context::dropLostAnchors() {
  for (auto at = anchors_.begin(); at != anchors_.end();) {
    if (at->second->connected()) ++at;
    else at->second->clear(), at = anchors_.erase(at);
  }
}

void Context::release(const std::shared_ptr<Channel>& channel) {
  channel->retire();
  dropLostAnchors();
  std::shared_ptr<Channel> ended = channel;
  if (channel->connected()) {
    std::shared_ptr<Channel>& anchor = anchors_[channel->server()];
    if (!anchor) std::swap(anchor, ended);
  }
  if (ended) ended->clear();
  channels_.erase(channel);
}

void Context::later(Call call) {
  const std::lock_guard<std::mutex> guard(mutex_);
  if (stop_) return;
  calls_.push_back(std::move(call));
  wake_.notify_one();
}

void Context::work() {
  useDefinitions(definitions_);
  std::unique_lock<std::mutex> lock(mutex_);
  while (!stop_ || !calls_.empty()) {
    if (calls_.empty()) wake_.wait(lock);
    else runCalls(lock);
  }
  lock.unlock();
  end();
}

void Context::runCalls(std::unique_lock<std::mutex>& lock) {
  while (!calls_.empty()) {
    const Call call = std::move(calls_.front());
    calls_.pop_front();
    lock.unlock();
    call();
    lock.lock();
  }
  lock.unlock();
  if (started_) ca_flush_io();
  lock.lock();
}

bool Context::start() {
  if (started_) return true;
  if (ca_context_create(ca_enable_preemptive_callback) != ECA_NORMAL) return false;
  started_ = true;
  ca_add_exception_event(onException, this);
  printing_ = std::make_unique<Printing>([this](const std::string& text) { log("warn", text); });
  return true;
}

void Context::end() {
  for (const auto& channel : channels_) channel->clear();
  for (const auto& anchor : anchors_) anchor.second->clear();
  if (started_) ca_context_destroy();
  printing_.reset();
  channels_.clear();
  anchors_.clear();
}

void Context::log(const char* level, const std::string& text) {
  {
    const std::lock_guard<std::mutex> guard(mutex_);
    if (stop_ || logging_ >= kMostLines) return;
    logging_++;
  }
  const std::weak_ptr<Context> weak = weak_from_this();
  dispatcher_->post([weak, level, text](Napi::Env env) {
    if (const auto self = weak.lock()) self->tellLog(env, level, text);
  });
}

void Context::tellLog(Napi::Env env, const char* level, const std::string& text) {
  {
    const std::lock_guard<std::mutex> guard(mutex_);
    logging_--;
  }
  if (!closed_) onLog_(env, level, text);
}

void Context::close(Napi::Env env) {
  if (closed_) return;
  closed_ = true;
  const std::set<ClientChild*> children = children_;
  for (ClientChild* child : children) child->onClientClosed(env);
  if (!thread_.joinable()) return closeNow();
  alive_ = shared_from_this();
  later([this] {
    end();
    started_ = false;
    const std::weak_ptr<Context> self = weak_from_this();
    dispatcher_->post([self](Napi::Env) {
      if (const auto context = self.lock()) context->closeNow();
    });
  });
}

void Context::closeNow() {
  if (retired_) return;
  const auto self = std::move(alive_);
  closed_ = retired_ = true;
  stopThread();
  addon_->open.erase(this);
}

void Context::stopThread() {
  if (!thread_.joinable()) return;
  {
    const std::lock_guard<std::mutex> guard(mutex_);
    stop_ = true;
    wake_.notify_one();
  }
  thread_.join();
}

}  // namespace pvaflow::ca
