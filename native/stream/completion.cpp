#include "completion.h"

#include "value/copy.h"

namespace pvaflow::stream {

namespace {

bool isFrame(const pvxs::Value& update) { return update.id().rfind("epics:nt/NTNDArray:", 0) == 0; }

}  // namespace

void Completion::complete(pvxs::Value& update, bool whole) {
  if (!whole && !first_) {
    keeps_ = true;
    if (!last_) last_ = fetch_();
    if (last_) fillUnmarked(update, last_);
  }
  first_ = false;
  if (keeps_ || !whole || !isFrame(update)) last_ = copyOf(update);
}

void Completion::forget() {
  last_ = pvxs::Value();
  keeps_ = false;
  first_ = true;
}

}  // namespace pvaflow::stream
