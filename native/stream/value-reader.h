#pragma once
#include <pvxs/data.h>

#include <unordered_map>

#include "shared/inbox.h"
#include "wire-type.h"

namespace pvaflow::stream {

/** Reads values of known types from messages. One for each connection. */
class ValueReader {
 public:
  explicit ValueReader(TypeReader& types) : types_(types) {}

  /** From now on arrays may come through this memory. Not owned. */
  void setInbox(const shared::Inbox* inbox) { inbox_ = inbox; }

  /** An update: which fields changed, and these. What did not change stays unset and unmarked. */
  pvxs::Value update(Input& input, const WireType& type);

  /** A value as it stands where nothing says which fields changed: all of them, marked. */
  pvxs::Value complete(Input& input, const WireType& type);

  /** Whether all fields came with the last update. */
  bool isWhole() const { return whole_; }

  /** After an update: whether the server squashed others into it. */
  bool overrun(Input& input);

 private:
  void changed(Input& input, pvxs::Value& value, const WireType& type, size_t bit);
  void whole(Input& input, pvxs::Value& value, const WireType& type, unsigned depth);
  void structure(Input& input, pvxs::Value& value, const WireType& type, unsigned depth);
  void choice(Input& input, pvxs::Value& value, const WireType& type, unsigned depth);
  Array numbers(Input& input, pvxs::TypeCode code);
  pvxs::Value anything(Input& input, unsigned depth);
  void compounds(Input& input, pvxs::Value& value, const WireType& type, unsigned depth);
  void readBits(Input& input);
  bool isSet(size_t bit) const { return bit < bits_.size() * 8 && (bits_[bit / 8] >> (bit % 8) & 1); }
  bool anySet(size_t from, size_t to) const;

  TypeReader& types_;
  const shared::Inbox* inbox_ = nullptr;
  std::vector<uint8_t> bits_;
  bool whole_ = false;
};

}  // namespace pvaflow::stream
