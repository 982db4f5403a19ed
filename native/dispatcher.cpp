#include "dispatcher.h"

namespace pvaflow {

Dispatcher::Dispatcher(Napi::Env env) {
  napi_value name = Napi::String::New(env, "pvaflow");
  napi_status status = napi_create_threadsafe_function(env, nullptr, nullptr, name, 0, 1, nullptr, nullptr, this, onWake, &wake_);
  if (status != napi_ok) throw Napi::Error::New(env, "cannot create the wake-up function of the addon");
  napi_unref_threadsafe_function(env, wake_);
}

bool Dispatcher::post(Task task) {
  std::lock_guard<std::mutex> guard(mutex_);
  if (closed_) return false;
  bool wake = tasks_.empty();
  tasks_.push_back(std::move(task));
  if (wake) napi_call_threadsafe_function(wake_, nullptr, napi_tsfn_nonblocking);
  return true;
}

void Dispatcher::ref(Napi::Env env) {
  if (refs_++ == 0 && wake_) napi_ref_threadsafe_function(env, wake_);
}

void Dispatcher::unref(Napi::Env env) {
  if (refs_ > 0 && --refs_ == 0 && wake_) napi_unref_threadsafe_function(env, wake_);
}

void Dispatcher::close() {
  std::vector<Task> dropped;
  {
    std::lock_guard<std::mutex> guard(mutex_);
    if (closed_) return;
    closed_ = true;
    dropped.swap(tasks_);
    napi_release_threadsafe_function(wake_, napi_tsfn_abort);
    wake_ = nullptr;
  }
}

void Dispatcher::onWake(napi_env env, napi_value, void* context, void*) {
  if (env) static_cast<Dispatcher*>(context)->run(Napi::Env(env));
}

void Dispatcher::run(Napi::Env env) {
  std::vector<Task> tasks;
  {
    std::lock_guard<std::mutex> guard(mutex_);
    if (closed_) return;
    tasks.swap(tasks_);
  }
  for (Task& task : tasks) {
    Napi::HandleScope scope(env);
    try {
      task(env);
    } catch (const Napi::Error& error) {
      // Callbacks are wrapped in src/pva, which rethrows on the next tick: what arrives here is the environment ending.
      (void)error;
    }
  }
}

}  // namespace pvaflow
