#pragma once
#include <napi.h>

#include <condition_variable>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <set>
#include <string>
#include <thread>

#include "addon.h"
#include "ca/environment.h"
#include "ca/printing.h"
#include "client/client-context.h"

namespace pvaflow::ca {

class Channel;

/** What libca has to say that no operation is told: `level` is a name of the log's. JavaScript thread. */
using OnLog = std::function<void(Napi::Env, const char* level, const std::string& text)>;

/**
 * A context of libca with preemptive callbacks, and the one thread that calls libca: most of its calls can wait, for a
 * callback under way or for a socket. libca calls back on threads of its own, one at a time for each context.
 *
 * The context of libca is made with the first channel: one without channels never ends when it has name servers.
 */
class Context : public Closable, public std::enable_shared_from_this<Context> {
 public:
  using Call = std::function<void()>;

  Context(Addon& addon, Definitions definitions, OnLog onLog);
  ~Context() override;
  Context(const Context&) = delete;
  Context& operator=(const Context&) = delete;

  // JavaScript thread
  bool closed() const { return closed_; }
  const std::shared_ptr<Dispatcher>& dispatcher() const { return dispatcher_; }
  void add(ClientChild* child) { children_.insert(child); }
  void remove(ClientChild* child) { children_.erase(child); }
  /** Begins to search for the channel, which is kept until drop(). */
  void open(const std::shared_ptr<Channel>& channel);
  /** Ends the channel; it is told nothing more once the thread of the context has done so. */
  void drop(const std::shared_ptr<Channel>& channel);
  /** Ends all children, then libca, without waiting for it. */
  void close(Napi::Env env);
  void closeNow() override;

  // any thread
  /** Runs a call on the thread of the context; calls run in order, and what they asked for is sent after the last one. */
  void later(Call call);
  void log(const char* level, const std::string& text);

 private:
  void work();
  void runCalls(std::unique_lock<std::mutex>& lock);
  bool start();
  void end();
  void release(const std::shared_ptr<Channel>& channel);
  void dropLostAnchors();
  void stopThread();
  void tellLog(Napi::Env env, const char* level, const std::string& text);

  Addon* addon_;
  const std::shared_ptr<Dispatcher> dispatcher_;
  const Definitions definitions_;
  const OnLog onLog_;
  bool closed_ = false;
  bool retired_ = false;  // libca has ended; the addon is not touched any more
  std::set<ClientChild*> children_;
  std::shared_ptr<Context> alive_;  // itself, while libca is being closed

  // its own thread
  std::set<std::shared_ptr<Channel>> channels_;
  /**
   * One channel of each server that is kept although nobody needs it: libca closes a connection with its last channel, and
   * a channel that is created in that moment is stuck for ten seconds.
   */
  std::map<std::string, std::shared_ptr<Channel>> anchors_;
  bool started_ = false;
  std::unique_ptr<Printing> printing_;

  std::thread thread_;  // JavaScript thread
  std::mutex mutex_;
  std::condition_variable wake_;
  std::deque<Call> calls_;  // guarded by mutex_, as the following
  bool stop_ = false;
  size_t logging_ = 0;  // lines under way to JavaScript
};

}  // namespace pvaflow::ca
