#pragma once
#include <napi.h>

#include <atomic>
#include <functional>
#include <memory>
#include <mutex>
#include <vector>

namespace pvaflow {

/**
 * The one way from a PVXS thread to the JavaScript thread: one for each environment (main thread or worker).
 *
 * Tasks are queued in order; JavaScript is woken once for all that wait. What posts must bound itself: an object has at
 * most one wake-up under way, an operation one completion. A task may hold JavaScript references only through objects
 * that let go of them on the JavaScript thread.
 */
class Dispatcher {
 public:
  using Task = std::function<void(Napi::Env)>;

  /** JavaScript thread. */
  explicit Dispatcher(Napi::Env env);
  Dispatcher(const Dispatcher&) = delete;
  Dispatcher& operator=(const Dispatcher&) = delete;

  /** Any thread, never blocks. False once the environment is going away: the task is then dropped, not run. */
  bool post(Task task);

  /** JavaScript thread. While held more often than let go, the process stays alive. */
  void ref(Napi::Env env);
  void unref(Napi::Env env);

  /** JavaScript thread, at environment clean-up: no task runs any more. */
  void close();

 private:
  static void onWake(napi_env env, napi_value callback, void* context, void* data);
  void run(Napi::Env env);

  std::mutex mutex_;
  std::vector<Task> tasks_;
  bool closed_ = false;
  size_t refs_ = 0;  // JavaScript thread only
  napi_threadsafe_function wake_ = nullptr;
};

}  // namespace pvaflow
