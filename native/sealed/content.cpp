#include "content.h"

#include <unordered_map>

#include "stream/value-reader.h"
#include "value/buffer-pool.h"

namespace pvaflow::sealed {

using stream::Input;
using stream::Malformed;
using stream::Pieces;

namespace {

constexpr size_t kAlignment = 64;
constexpr size_t kKnownTypes = 64;
constexpr size_t kHead = 8;

/** Reads a type, unless it is one of those that were read last: values of one type come to share one type instance. */
stream::WireTypePtr typeOf(const std::shared_ptr<const char>& bytes, size_t length, bool isBigEndian) {
  thread_local std::unordered_map<std::string, stream::WireTypePtr> known;
  const std::string key = std::string(bytes.get(), length) + (isBigEndian ? 'b' : 'l');
  const auto found = known.find(key);
  if (found != known.end()) return found->second;
  Input input(bytes, length, isBigEndian);
  auto type = stream::TypeReader().read(input);
  if (!type || type->code != pvxs::TypeCode::Struct || input.left() > 0) throw Malformed("the type is not that of a structure");
  if (known.size() >= kKnownTypes) known.clear();
  return known.emplace(key, std::move(type)).first->second;
}

}  // namespace

Pieces contentOf(const pvxs::Value& value, const stream::ArrayContents& contents) {
  const auto described = stream::describedTypeOf(value);
  Pieces body;
  stream::ValueWriter(body, contents).whole(value, *described->type);
  const size_t before = kHead + described->description.size();
  const size_t place = body.placeOfLargest();
  const size_t zeros = place == 0 ? 0 : (kAlignment - (before + place) % kAlignment) % kAlignment;
  Pieces content;
  content.number<uint8_t>(stream::hostIsBigEndian).number(static_cast<uint8_t>(zeros)).number<uint16_t>(0);
  content.number(static_cast<uint32_t>(described->description.size()));
  content.bytes(described->description.data(), described->description.size());
  content.bytes(std::string(zeros, '\0').data(), zeros);
  content.append(body);
  return content;
}

std::shared_ptr<char> newContent(size_t length) {
  const std::shared_ptr<void> buffer = newBuffer(length + kAlignment);
  auto* const memory = static_cast<char*>(buffer.get());
  const auto over = reinterpret_cast<uintptr_t>(memory) % kAlignment;
  return std::shared_ptr<char>(buffer, memory + (over > 0 ? kAlignment - over : 0));
}

pvxs::Value valueOf(const std::shared_ptr<const char>& content, size_t length) {
  if (length < kHead) throw Malformed("there is no value");
  const auto* head = reinterpret_cast<const uint8_t*>(content.get());
  if (head[0] > 1 || head[2] != 0 || head[3] != 0) throw Malformed("it begins in an unknown way");
  const bool isBigEndian = head[0] == 1;
  const auto at = [&](size_t place) { return std::shared_ptr<const char>(content, content.get() + place); };
  const size_t typeLength = Input(at(4), 4, isBigEndian).number<uint32_t>();
  const size_t before = kHead + typeLength + head[1];
  if (before > length) throw Malformed("the type is longer than what there is");
  const auto type = typeOf(at(kHead), typeLength, isBigEndian);
  Input input(at(before), length - before, isBigEndian);
  stream::TypeReader types;
  pvxs::Value value = stream::ValueReader(types).complete(input, *type);
  if (input.left() > 0) throw Malformed("something follows the value");
  return value;
}

}  // namespace pvaflow::sealed
