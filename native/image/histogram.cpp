#include <algorithm>
#include <array>
#include <vector>

#include "kernels.h"
#include "pixels.h"
#include "vectorised.h"

namespace pvaflow::image {

namespace {

constexpr size_t kBlock = 1024;
/** Neighbours are counted in turns in so many tables: one that was just counted up is not ready for the next. */
constexpr size_t kTables = 4;
/** Larger tables would not stay in the cache: then all turns count in one. */
constexpr size_t kMostTurns = 4096;
/** More bins are not worth the memory. */
constexpr size_t kMostBins = 1 << 24;

/** Where the first bin's middle is, the last one's, and how many bins there are. */
struct Axis {
  double min;
  double max;
  int32_t size;

  double scale() const { return (size - 1) / (max - min); }
};

/** The places of values: those of bins, and after them those for what is below, what is above, and NaN. */
template <typename S>
void placesOf(const S* PVAFLOW_RESTRICT from, int32_t* PVAFLOW_RESTRICT places, size_t count, const Axis* axis) {
  const double min = axis->min;
  const double max = axis->max;
  const double scale = axis->scale();
  const int32_t size = axis->size;
  for (size_t i = 0; i < count; i++) {
    const auto value = static_cast<double>(from[i]);
    const double place = (value - min) * scale + 0.5;
    const auto bin = static_cast<int32_t>(place >= 0 && place < size ? place : 0);
    places[i] = value < min ? size : value > max ? size + 1 : value == value ? bin : size + 2;
  }
}

template <typename S>
void count(const S* from, size_t length, const Axis& axis, std::vector<uint32_t>& counts, size_t turn) {
  std::array<int32_t, kBlock> places;
  uint32_t* const tables[kTables] = {counts.data(), counts.data() + turn, counts.data() + 2 * turn, counts.data() + 3 * turn};
  for (size_t first = 0; first < length; first += kBlock) {
    const size_t block = std::min(kBlock, length - first);
    vectorised<&placesOf<S>, const S*, int32_t*>(from + first, places.data(), block, &axis);
    size_t i = 0;
    for (; i + kTables <= block; i += kTables)
      for (size_t table = 0; table < kTables; table++) tables[table][places[i + table]]++;
    for (; i < block; i++) tables[0][places[i]]++;
  }
}

}  // namespace

Napi::Value histogram(const Napi::CallbackInfo& info) {
  const Napi::Env env = info.Env();
  const Pixels pixels = pixelsOf(info[0]);
  const Pixels bins = pixelsOf(info[1]);
  const Pixels outside = pixelsOf(info[2], 2);
  mustBe(bins, napi_float64_array, env);
  mustBe(outside, napi_float64_array, env);
  if (bins.length < 2 || bins.length > kMostBins) throw Napi::RangeError::New(env, "a histogram has 2 to 2^24 bins");
  const Axis axis{numberOf(info[3]), numberOf(info[4]), static_cast<int32_t>(bins.length)};
  if (!(axis.max > axis.min)) throw Napi::RangeError::New(env, "the last bin is above the first");
  const size_t places = bins.length + 3;
  const size_t turn = bins.length <= kMostTurns ? places : 0;
  std::vector<uint32_t> counts(turn == 0 ? places : kTables * places);
  visit(pixels, [&](auto* from) { count<std::remove_pointer_t<decltype(from)>>(from, pixels.length, axis, counts, turn); });
  for (size_t at = places; at < counts.size(); at++) counts[at % places] += counts[at];
  auto* const written = static_cast<double*>(bins.data);
  for (size_t at = 0; at < bins.length; at++) written[at] += counts[at];
  for (size_t at = 0; at < 2; at++) static_cast<double*>(outside.data)[at] += counts[bins.length + at];
  return env.Undefined();
}

}  // namespace pvaflow::image
