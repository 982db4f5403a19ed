#include "client-errors.h"

#include <pvxs/client.h>

#include "errors.h"

namespace pvaflow {

ClientFailure failureOf(const std::exception_ptr& error) {
  try {
    std::rethrow_exception(error);
  } catch (const pvxs::client::RemoteError& e) {
    return {"PVAFLOW_REMOTE", e.what()};
  } catch (const pvxs::client::Disconnect&) {
    return {"PVAFLOW_DISCONNECTED", "the connection to the server was lost"};
  } catch (const pvxs::client::Timeout&) {
    return {"PVAFLOW_TIMEOUT", "no answer in time"};
  } catch (const pvxs::client::Interrupted&) {
    return {"PVAFLOW_CANCELLED", "cancelled"};
  } catch (const std::exception& e) {
    return {"PVAFLOW_CLIENT", e.what()};
  }
}

Napi::Value makeError(Napi::Env env, const ClientFailure& failure) {
  try {
    fail(env, failure.code, failure.text);
  } catch (const Napi::Error& error) {
    return error.Value();
  }
}

}  // namespace pvaflow
