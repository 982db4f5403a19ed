#pragma once
#include <pvxs/data.h>

#include <functional>

#include "pieces.h"
#include "value/arrays.h"
#include "wire-type.h"

namespace pvaflow::stream {

/** Where the contents of a numeric array are: JavaScript may see them elsewhere than where PVXS keeps them. */
using ArrayContents = std::function<const void*(const Array&)>;

/** The description of the type of a value, as TypeReader reads it. */
std::string describeType(const pvxs::Value& value);

/** Writes whole values, as ValueReader reads them. The counterpart of PVXS' own, which its library does not export. */
class ValueWriter {
 public:
  ValueWriter(Pieces& out, const ArrayContents& contents) : out_(out), contents_(contents) {}

  /** `type` is that of `value`. Throws std::invalid_argument for what is nested too deeply to be read again. */
  void whole(const pvxs::Value& value, const WireType& type, unsigned depth = 0);

 private:
  void structure(const pvxs::Value& value, const WireType& type, unsigned depth);
  void choice(const pvxs::Value& value, const WireType& type, unsigned depth);
  void anything(const pvxs::Value& value, unsigned depth);
  void compounds(const pvxs::Value& value, const WireType& type, unsigned depth);
  void numbers(const pvxs::Value& value);

  Pieces& out_;
  const ArrayContents& contents_;
};

/** A type as it reads after it was described: what ValueWriter goes by. Kept for the types that were used last. */
struct DescribedType {
  std::string description;
  WireTypePtr type;
};
std::shared_ptr<const DescribedType> describedTypeOf(const pvxs::Value& value);

}  // namespace pvaflow::stream
