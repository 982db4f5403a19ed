#include "operation.h"

#include "errors.h"
#include "value/value.h"

namespace pvaflow {

using pvxs::client::Result;

Operation::Operation(const std::shared_ptr<Dispatcher>& dispatcher, const Napi::Function& done, Settled settled)
    : dispatcher_(dispatcher), done_(Napi::Persistent(done)), settled_(std::move(settled)) {}

std::function<void(Result&&)> Operation::completion() {
  const std::weak_ptr<Operation> weak = weak_from_this();
  return [weak, dispatcher = dispatcher_](Result&& result) {
    dispatcher->post([weak, result](Napi::Env env) mutable {
      if (const auto self = weak.lock()) self->complete(env, result);
    });
  };
}

void Operation::watch(pvxs::client::ConnectBuilder builder, bool failWhenLost) {
  const std::weak_ptr<Operation> weak = weak_from_this();
  auto onLost = [weak, failWhenLost, reached = reached_, dispatcher = dispatcher_] {
    if (!*reached || !failWhenLost) return;
    dispatcher->post([weak](Napi::Env env) {
      const auto self = weak.lock();
      if (self) self->fail(env, {"PVAFLOW_DISCONNECTED", "the connection was lost before the answer came"});
    });
  };
  watch_ = builder.syncCancel(false).onConnect([reached = reached_] { *reached = true; }).onDisconnect(onLost).exec();
}

void Operation::get(pvxs::client::GetBuilder builder, pvxs::client::ConnectBuilder connection) {
  watch(std::move(connection), false);
  handle_ = builder.syncCancel(false).result(completion()).exec();
}

void Operation::rpc(pvxs::client::RPCBuilder builder, pvxs::client::ConnectBuilder connection) {
  watch(std::move(connection), true);
  handle_ = builder.syncCancel(false).result(completion()).exec();
}

void Operation::put(pvxs::client::PutBuilder builder, pvxs::client::ConnectBuilder connection, const Napi::Function& build) {
  watch(std::move(connection), false);
  build_ = Napi::Persistent(build);
  const std::weak_ptr<Operation> weak = weak_from_this();
  auto onInit = [weak, round = round_, dispatcher = dispatcher_](const pvxs::Value& type) {
    const unsigned now = ++*round;
    dispatcher->post([weak, now, prototype = type.cloneEmpty()](Napi::Env env) {
      if (const auto self = weak.lock()) self->buildPut(env, prototype, pvxs::Value(), now);
    });
  };
  handle_ = builder.syncCancel(false).autoExec(false).fetchPresent(false).onInit(onInit).result(completion()).exec();
}

void Operation::buildPut(Napi::Env env, const pvxs::Value& prototype, pvxs::Value present, unsigned round) {
  if (over_ || round != *round_) return;
  try {
    const Napi::Value old = present ? Value::wrap(env, std::move(present)) : env.Undefined();
    const Napi::Value built = build_.Call({Value::wrap(env, prototype.cloneEmpty()), old});
    if (over_) return;
    if (built.IsUndefined()) return fetchPresent(prototype, round);
    const pvxs::Value value = Value::of(built).freeze(env, prototype, false);
    handle_->reExecPut(value, completion());
  } catch (const Napi::Error& error) {
    settle(env, error.Value(), env.Undefined());
  } catch (const std::exception& error) {
    fail(env, {"PVAFLOW_CLIENT", error.what()});
  }
}

void Operation::fetchPresent(const pvxs::Value& prototype, unsigned round) {
  const std::weak_ptr<Operation> weak = weak_from_this();
  handle_->reExecGet([weak, prototype, round, dispatcher = dispatcher_](Result&& result) {
    dispatcher->post([weak, prototype, round, result](Napi::Env env) mutable {
      const auto self = weak.lock();
      if (!self) return;
      if (result.error()) return self->complete(env, result);
      self->buildPut(env, prototype, result(), round);
    });
  });
}

void Operation::complete(Napi::Env env, Result& result) {
  try {
    pvxs::Value value = std::move(result());
    settle(env, env.Null(), value ? Value::wrap(env, std::move(value)) : env.Undefined());
  } catch (const Napi::Error& error) {
    settle(env, error.Value(), env.Undefined());
  } catch (const std::exception&) {
    fail(env, failureOf(std::current_exception()));
  }
}

void Operation::fail(Napi::Env env, const ClientFailure& failure) { settle(env, makeError(env, failure), env.Undefined()); }

void Operation::settle(Napi::Env env, Napi::Value error, Napi::Value value) {
  if (over_) return;
  const auto self = shared_from_this();
  cancel();
  done_.Call({error, value});
}

void Operation::cancel() {
  if (over_) return;
  over_ = true;
  const auto self = shared_from_this();
  handle_.reset();
  watch_.reset();
  settled_();
}

}  // namespace pvaflow
