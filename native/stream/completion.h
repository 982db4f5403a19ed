#pragma once
#include <pvxs/data.h>

#include <functional>

namespace pvaflow::stream {

/**
 * An update carries what has changed; whoever takes it sees all fields. What did not come is filled in from the update
 * before.
 *
 * To keep that update would mean to share its arrays with JavaScript, which then gets copies. So a frame of an NTNDArray
 * that came whole is not kept, as streams of images have no other: the first that does not come whole is filled in from
 * what the server has now, and from then on every update is kept.
 */
class Completion {
 public:
  /** Asks the server for the present value; empty when it does not answer. */
  using Fetch = std::function<pvxs::Value()>;

  explicit Completion(Fetch fetch) : fetch_(std::move(fetch)) {}

  /** Fills in the fields of `update` that are not marked. Throws what `fetch` throws. */
  void complete(pvxs::Value& update, bool whole);
  /** The connection has ended: of the next one nothing is known. */
  void forget();

 private:
  const Fetch fetch_;
  pvxs::Value last_;
  bool keeps_ = false;
  bool first_ = true;
};

}  // namespace pvaflow::stream
