#include "client-context.h"

namespace pvaflow {

ClientContext::ClientContext(Addon& addon, const pvxs::client::Config::defs_t& definitions)
    : addon_(&addon), dispatcher_(addon.dispatcher), context_(pvxs::client::Config().applyDefs(definitions).build()) {
  addon.open.insert(this);
}

ClientContext::~ClientContext() { closeNow(); }

void ClientContext::later(Call call) {
  if (!closed_) enqueue(std::move(call));
}

void ClientContext::retire(const std::shared_ptr<ClientThread>& thread) {
  if (threads_.erase(thread) > 0) enqueue([thread] { thread->join(); });
}

void ClientContext::enqueue(Call call) {
  if (!thread_.joinable()) thread_ = std::thread(&ClientContext::work, this);
  std::lock_guard<std::mutex> guard(mutex_);
  calls_.push_back(std::move(call));
  wake_.notify_one();
}

void ClientContext::work() {
  std::unique_lock<std::mutex> lock(mutex_);
  while (!stop_ || !calls_.empty()) {
    if (calls_.empty()) {
      wake_.wait(lock);
      continue;
    }
    Call call = std::move(calls_.front());
    calls_.pop_front();
    lock.unlock();
    try {
      call();
    } catch (const std::exception&) {
      // PVXS throws here only when its thread has ended: there is nothing left to call.
    }
    call = nullptr;
    lock.lock();
  }
}

void ClientContext::close(Napi::Env env) {
  if (closed_) return;
  closed_ = true;
  const std::set<ClientChild*> children = children_;
  for (ClientChild* child : children) child->onClientClosed(env);
  alive_ = shared_from_this();
  enqueue([this] {
    context_.close();
    context_ = pvxs::client::Context();
    const std::weak_ptr<ClientContext> self = weak_from_this();
    dispatcher_->post([self](Napi::Env) {
      if (const auto context = self.lock()) context->closeNow();
    });
  });
}

void ClientContext::closeNow() {
  if (retired_) return;
  const auto self = std::move(alive_);
  closed_ = retired_ = true;
  for (const auto& thread : threads_) thread->halt();
  for (const auto& thread : threads_) thread->join();
  threads_.clear();
  stopThread();
  if (context_) context_.close();
  context_ = pvxs::client::Context();
  addon_->open.erase(this);
}

void ClientContext::stopThread() {
  if (!thread_.joinable()) return;
  {
    std::lock_guard<std::mutex> guard(mutex_);
    stop_ = true;
    wake_.notify_one();
  }
  thread_.join();
}

}  // namespace pvaflow
