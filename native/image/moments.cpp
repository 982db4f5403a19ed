#include <algorithm>
#include <array>
#include <limits>
#include <type_traits>

#include "kernels.h"
#include "pixels.h"
#include "vectorised.h"

namespace pvaflow::image {

namespace {

constexpr size_t kBlock = 1024;
/** Sums are made of so many, side by side: vectors are not made of one, as the order in which numbers are added changes the sum. */
constexpr size_t kLanes = 64;
using Lanes = std::array<double, kLanes>;

double sumOf(const Lanes& lanes) {
  double sum = 0;
  for (const double each : lanes) sum += each;
  return sum;
}

template <typename S>
constexpr bool kNarrow = std::is_integral_v<S> && sizeof(S) <= 2;

template <typename S>
bool isFinite(S value) {
  return !std::is_floating_point_v<S> || value - value == 0;
}

/** Of the values that are finite. */
struct Moments {
  double count = 0;
  double total = 0;
  double squares = 0;
};

/** Of integers up to 16 bits: exact. */
template <typename S>
void addNarrow(const S* from, size_t count, double origin, Moments* moments) {
  using Square = std::conditional_t<sizeof(S) == 1, uint32_t, uint64_t>;
  const auto middle = static_cast<int32_t>(origin);
  int32_t total = 0;
  Square squares = 0;
  for (size_t i = 0; i < count; i++) {
    const int32_t value = from[i];
    const auto distance = static_cast<uint32_t>(value - middle);
    total += value;
    squares += distance * distance;
  }
  moments->count += static_cast<double>(count);
  moments->total += total;
  moments->squares += static_cast<double>(squares);
}

/** In two passes: where something is decided for each number, no vectors are made of sums. */
template <typename S>
void addWide(const S* from, size_t count, double origin, Moments* moments) {
  std::array<double, kBlock> distances;  // what is not finite is at the origin
  int32_t finite = 0;
  for (size_t i = 0; i < count; i++) {
    const double value = static_cast<double>(from[i]);
    distances[i] = value - value == 0 ? value - origin : 0.0;
  }
  for (size_t i = 0; i < count; i++) finite += isFinite(from[i]) ? 1 : 0;
  std::fill(distances.begin() + static_cast<std::ptrdiff_t>(count), distances.end(), 0.0);
  Lanes totals{};
  Lanes squares{};
  for (size_t i = 0; i < kBlock; i += kLanes) {
    for (size_t lane = 0; lane < kLanes; lane++) {
      const double distance = distances[i + lane];
      totals[lane] += distance;
      squares[lane] += distance * distance;
    }
  }
  moments->count += finite;
  moments->total += sumOf(totals) + finite * origin;
  moments->squares += sumOf(squares);
}

template <typename S>
struct Range {
  S low;
  S high;
};

template <typename S>
constexpr Range<S> kNothing = std::is_floating_point_v<S>
                                  ? Range<S>{std::numeric_limits<S>::infinity(), -std::numeric_limits<S>::infinity()}
                                  : Range<S>{std::numeric_limits<S>::max(), std::numeric_limits<S>::min()};

/** The smallest and the largest that are finite. So many lanes that they are a loop: of a few, which are not, no vectors are made. */
template <typename S>
Range<S> rangeOf(const S* from, size_t count) {
  constexpr size_t lanes = 64;
  std::array<S, lanes> low;
  std::array<S, lanes> high;
  low.fill(kNothing<S>.low);
  high.fill(kNothing<S>.high);
  for (size_t at = 0; at < count; at += lanes) {
    const size_t width = std::min(lanes, count - at);
    for (size_t lane = 0; lane < width; lane++) {
      const S value = from[at + lane];
      const S lower = isFinite(value) ? value : kNothing<S>.low;
      const S higher = isFinite(value) ? value : kNothing<S>.high;
      low[lane] = lower < low[lane] ? lower : low[lane];
      high[lane] = higher > high[lane] ? higher : high[lane];
    }
  }
  return {*std::min_element(low.begin(), low.end()), *std::max_element(high.begin(), high.end())};
}

/** The smallest or the largest so far, and the block in which it was first. */
struct Extreme {
  double value;
  size_t block = 0;
};

/** The first that has the value of an extreme. */
template <typename S>
size_t placeOf(const S* from, const Extreme& extreme) {
  size_t at = extreme.block;
  while (static_cast<double>(from[at]) != extreme.value) at++;
  return at;
}

template <typename S>
void momentsOf(const S* from, size_t length, double* figures) {
  size_t first = 0;
  while (first < length && !isFinite(from[first])) first++;
  const double origin = first < length ? static_cast<double>(from[first]) : 0;
  Moments all;
  Extreme low{std::numeric_limits<double>::infinity()};
  Extreme high{-std::numeric_limits<double>::infinity()};
  for (size_t at = first; at < length; at += kBlock) {
    const size_t count = std::min(kBlock, length - at);
    if constexpr (kNarrow<S>) vectorised<&addNarrow<S>>(from + at, count, origin, &all);
    else vectorised<&addWide<S>>(from + at, count, origin, &all);
    const Range<S> range = vectorised<&rangeOf<S>>(from + at, count);
    if (range.low > range.high) continue;  // none is finite
    if (static_cast<double>(range.low) < low.value) low = {static_cast<double>(range.low), at};
    if (static_cast<double>(range.high) > high.value) high = {static_cast<double>(range.high), at};
  }
  const bool isNone = all.count == 0;
  const std::array<double, 8> written{all.count, low.value, isNone ? 0 : static_cast<double>(placeOf(from, low)),
                                      high.value, isNone ? 0 : static_cast<double>(placeOf(from, high)), all.total, origin, all.squares};
  std::copy(written.begin(), written.end(), figures);
}

}  // namespace

Napi::Value moments(const Napi::CallbackInfo& info) {
  const Napi::Env env = info.Env();
  const Pixels pixels = pixelsOf(info[0]);
  const Pixels figures = pixelsOf(info[1], 8);
  mustBe(figures, napi_float64_array, env);
  visit(pixels, [&](const auto* from) { momentsOf(from, pixels.length, static_cast<double*>(figures.data)); });
  return env.Undefined();
}

}  // namespace pvaflow::image
