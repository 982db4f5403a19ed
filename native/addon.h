#pragma once
#include <napi.h>
#include <pvxs/data.h>

#include <memory>
#include <set>

#include "dispatcher.h"

namespace pvaflow {

/** Something with PVXS threads behind it, to be stopped before its environment goes (worker.terminate, process.exit). */
class Closable {
 public:
  virtual ~Closable() = default;
  /** JavaScript thread. Idempotent; when it returns, no PVXS thread refers to JavaScript through this object any more. */
  virtual void closeNow() = 0;
};

/** What the addon keeps for one environment. */
struct Addon {
  std::shared_ptr<Dispatcher> dispatcher;
  std::set<Closable*> open;  // JavaScript thread only; each adds and removes itself
  Napi::FunctionReference errorClass;  // PvaflowError, see errors.h
  Napi::FunctionReference valueClass;
  Napi::FunctionReference typeClass;
  Napi::FunctionReference subscriptionClass;
  Napi::FunctionReference caSubscriptionClass;
  Napi::FunctionReference channelClass;
  pvxs::Value pendingType;   // what the next construction of a Type from native code wraps
  pvxs::Value pendingValue;  // the same for a Value

  static Addon& of(Napi::Env env) { return *env.GetInstanceData<Addon>(); }
};

}  // namespace pvaflow
