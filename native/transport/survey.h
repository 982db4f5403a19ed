#pragma once
#include <pvxs/data.h>

#include <cstddef>
#include <vector>

namespace pvaflow::transport {

/** Numeric arrays from here on may go another way than in a message. In bytes. */
constexpr size_t largeArray = 64 * 1024;
/** More than all updates of images have beside their large arrays. */
constexpr size_t mostOfTheRest = 32 * 1024;

/** What is in an update: its large arrays, and the most bytes that everything else takes in a message. */
struct Survey {
  explicit Survey(const pvxs::Value& update) { any(update, true); }

  /** The fields that hold one and have changed; not those inside of arrays and `any`s, which others may refer to. */
  std::vector<pvxs::Value> large;
  size_t rest = 0;

 private:
  void structure(const pvxs::Value& value, bool mayBeLarge);
  void any(const pvxs::Value& value, bool mayBeLarge);
  void field(const pvxs::Value& value, bool mayBeLarge);
  void variant(const pvxs::Value& value);
  void array(const pvxs::Value& value, bool mayBeLarge);
};

}  // namespace pvaflow::transport
