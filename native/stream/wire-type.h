#pragma once
#include <pvxs/data.h>

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "input.h"

namespace pvaflow::stream {

/** A type as a server describes it. */
struct WireType {
  pvxs::TypeCode code;
  std::string id;
  std::vector<std::string> names;
  /** Of a structure or union its members, of an array of these the one element. */
  std::vector<std::shared_ptr<const WireType>> members;
  /** Bits that it takes in a change set: of a structure, one for itself and those of its members. */
  size_t bits = 1;
  /** Types that it is made of, itself among them, and how deep they are nested. One that was referred to counts each time. */
  size_t parts = 1;
  unsigned depth = 0;
  /** Made once, for types that stand alone: that of the channel, and those in an `any`. */
  pvxs::Value prototype;
};

using WireTypePtr = std::shared_ptr<const WireType>;

/** Reads types. A server may give one a number, and refer to it later: so one of these for each connection. */
class TypeReader {
 public:
  /** Null for no type. Throws Malformed, and what Input throws. */
  WireTypePtr read(Input& input);

 private:
  std::shared_ptr<WireType> node(Input& input, unsigned depth);
  std::shared_ptr<WireType> field(Input& input, uint8_t code, unsigned depth);
  void members(Input& input, WireType& type, unsigned depth);
  static void add(WireType& type, const std::shared_ptr<const WireType>& member);

  std::map<uint16_t, std::shared_ptr<WireType>> known_;
};

}  // namespace pvaflow::stream
