#pragma once
#include <napi.h>
#include <pvxs/client.h>

#include <atomic>
#include <functional>
#include <memory>

#include "client-errors.h"
#include "dispatcher.h"

namespace pvaflow {

/**
 * One get, put, rpc or info under way. It belongs to its client and lives on the JavaScript thread; PVXS' thread knows
 * it by weak pointers alone, which it hands to the dispatcher.
 *
 * `done(error, value)` is called once, unless the operation is cancelled.
 */
class Operation : public std::enable_shared_from_this<Operation> {
 public:
  using Settled = std::function<void()>;

  /** `settled` is called before `done`: the owner lets go. */
  Operation(const std::shared_ptr<Dispatcher>& dispatcher, const Napi::Function& done, Settled settled);
  Operation(const Operation&) = delete;
  Operation& operator=(const Operation&) = delete;

  /** A get or an info. `connection` is the same channel's connection. */
  void get(pvxs::client::GetBuilder builder, pvxs::client::ConnectBuilder connection);
  /**
   * `build(prototype, present)` is called with an empty value of the channel's type; it returns the value to put, or
   * nothing to be called again with the present value of the channel. It may be called again when the connection was
   * lost before the value was sent.
   */
  void put(pvxs::client::PutBuilder builder, pvxs::client::ConnectBuilder connection, const Napi::Function& build);
  /** An rpc is not repeated: when the connection is lost it fails, though PVXS would send it again. */
  void rpc(pvxs::client::RPCBuilder builder, pvxs::client::ConnectBuilder connection);

  /** Ends with an error. */
  void fail(Napi::Env env, const ClientFailure& failure);
  /** Ends without a word. */
  void cancel();
  /** Whether a server has been found. */
  bool reached() const { return *reached_; }

 private:
  void watch(pvxs::client::ConnectBuilder builder, bool failWhenLost);
  std::function<void(pvxs::client::Result&&)> completion();
  void complete(Napi::Env env, pvxs::client::Result& result);
  void settle(Napi::Env env, Napi::Value error, Napi::Value value);
  void buildPut(Napi::Env env, const pvxs::Value& prototype, pvxs::Value present, unsigned round);
  void fetchPresent(const pvxs::Value& prototype, unsigned round);

  const std::shared_ptr<Dispatcher> dispatcher_;
  Napi::FunctionReference done_;
  Napi::FunctionReference build_;
  Settled settled_;
  bool over_ = false;
  std::shared_ptr<pvxs::client::Operation> handle_;
  std::shared_ptr<pvxs::client::Connect> watch_;
  std::shared_ptr<std::atomic<bool>> reached_ = std::make_shared<std::atomic<bool>>(false);  // PVXS' thread sets it
  /** How often the server has told the type: a value for an earlier telling is not sent. PVXS' thread counts. */
  std::shared_ptr<std::atomic<unsigned>> round_ = std::make_shared<std::atomic<unsigned>>(0);
};

}  // namespace pvaflow
