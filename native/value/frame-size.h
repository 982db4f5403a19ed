#pragma once
#include <pvxs/data.h>

#include <string>
#include <vector>

namespace pvaflow {

/**
 * How much memory an update keeps: a fixed amount for its structure, and its arrays as far as they came with it (what
 * did not change is shared with the update before). The fields to look at are found once for each type.
 */
class FrameSize {
 public:
  size_t of(const pvxs::Value& update);
  /** The next update may have another type. */
  void forget() { known_ = false; }

 private:
  void learn(const pvxs::Value& update);

  bool known_ = false;
  size_t fixed_ = 0;
  std::vector<std::string> payload_;  // paths of arrays, unions and anys
};

}  // namespace pvaflow
