#pragma once
#include <napi.h>
#include <pvxs/client.h>

#include <condition_variable>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <set>
#include <thread>

#include "addon.h"
#include "client-thread.h"

namespace pvaflow {

/** Something that lives on a client and ends with it. */
class ClientChild {
 public:
  virtual ~ClientChild() = default;
  /** JavaScript thread, at close() of the client: tell JavaScript, and let go of PVXS. */
  virtual void onClientClosed(Napi::Env env) = 0;
};

/**
 * A PVXS client context, and a thread for those of its calls that wait for PVXS' own thread (close, pause): the
 * JavaScript thread never makes them. All members are for the JavaScript thread. It is never owned by what a PVXS
 * thread can hold, since its end waits for that thread.
 */
class ClientContext : public Closable, public std::enable_shared_from_this<ClientContext> {
 public:
  using Call = std::function<void()>;

  ClientContext(Addon& addon, const pvxs::client::Config::defs_t& definitions);
  ~ClientContext() override;
  ClientContext(const ClientContext&) = delete;
  ClientContext& operator=(const ClientContext&) = delete;

  pvxs::client::Context& context() { return context_; }
  bool closed() const { return closed_; }
  const std::shared_ptr<Dispatcher>& dispatcher() const { return dispatcher_; }

  void add(ClientChild* child) { children_.insert(child); }
  void remove(ClientChild* child) { children_.erase(child); }

  /** Runs a call that may wait, soon, on the helper thread; calls run in order. Does nothing once closed. */
  void later(Call call);

  /** Keeps a thread that works for this client until retire(), or ends it with the client. */
  void adopt(const std::shared_ptr<ClientThread>& thread) { threads_.insert(thread); }
  /** Waits on the helper thread for the end of one that was halted. */
  void retire(const std::shared_ptr<ClientThread>& thread);

  /** Ends all children, then PVXS, without waiting for it. */
  void close(Napi::Env env);
  void closeNow() override;

 private:
  void enqueue(Call call);
  void work();
  void stopThread();

  Addon* addon_;
  std::shared_ptr<Dispatcher> dispatcher_;
  pvxs::client::Context context_;
  bool closed_ = false;
  bool retired_ = false;  // PVXS has ended; the addon is not touched any more
  std::set<ClientChild*> children_;
  std::set<std::shared_ptr<ClientThread>> threads_;
  std::shared_ptr<ClientContext> alive_;  // itself, while PVXS is being closed

  std::thread thread_;
  std::mutex mutex_;
  std::condition_variable wake_;
  std::deque<Call> calls_;  // guarded by mutex_
  bool stop_ = false;       // guarded by mutex_
};

}  // namespace pvaflow
