#include <algorithm>
#include <array>
#include <cmath>
#include <vector>

#include "blocks.h"
#include "halves.h"
#include "kernels.h"

namespace pvaflow::image {

namespace {

/** Sums of more pixels in a row would not be exact. */
constexpr size_t kMostBin = 512;

struct Bins {
  Loop outer;
  Loop inner;
  size_t rowStep;
  size_t binX;
  size_t binY;
  size_t columns;
  size_t perPixel;
  int64_t divisor;

  /** Elements of a row of the target, and of those of the source that make it. */
  size_t width() const { return columns * perPixel; }
  size_t sourceWidth() const { return width() * binX; }
};

/** Sums of up to 512 rows. */
template <typename S>
using ColumnSum = std::conditional_t<(std::is_integral_v<S> && sizeof(S) <= 2), std::conditional_t<std::is_signed_v<S>, int32_t, uint32_t>, double>;

template <typename A, typename S>
void addRows(const S* PVAFLOW_RESTRICT from, size_t rowStep, size_t rows, A* PVAFLOW_RESTRICT sums, size_t width) {
  for (size_t x = 0; x < width; x++) sums[x] = static_cast<A>(from[x]);
  for (size_t y = 1; y < rows; y++)
    for (size_t x = 0; x < width; x++) sums[x] += static_cast<A>(from[y * rowStep + x]);
}

/** `BinX` 0 stands for `binX`. */
template <typename A, size_t BinX, size_t PerPixel>
void addNeighbours(const A* PVAFLOW_RESTRICT sums, double* PVAFLOW_RESTRICT totals, size_t columns, size_t binX) {
  const size_t count = BinX == 0 ? binX : BinX;
  for (size_t x = 0; x < columns; x++) {
    for (size_t color = 0; color < PerPixel; color++) {
      double total = 0;
      for (size_t i = 0; i < count; i++) total += static_cast<double>(sums[(x * count + i) * PerPixel + color]);
      totals[x * PerPixel + color] = total;
    }
  }
}

template <typename A, size_t BinX>
void addColumnsBy(const A* sums, double* totals, const Bins& bins) {
  if (bins.perPixel == 1) vectorised<&addNeighbours<A, BinX, 1>>(sums, totals, bins.columns, bins.binX);
  else vectorised<&addNeighbours<A, BinX, 3>>(sums, totals, bins.columns, bins.binX);
}

template <typename A>
void addColumns(const A* sums, double* totals, const Bins& bins) {
  switch (bins.binX) {
    case 2: return addColumnsBy<A, 2>(sums, totals, bins);
    case 4: return addColumnsBy<A, 4>(sums, totals, bins);
    default: return addColumnsBy<A, 0>(sums, totals, bins);
  }
}

/** Sums become means; what is to become an integer is rounded. */
void finish(double* totals, size_t width, double divisor, bool isRounded) {
  if (isRounded) {
    for (size_t i = 0; i < width; i++) totals[i] = std::floor((2 * totals[i] + divisor) / (2 * divisor));
  } else if (divisor != 1) {
    for (size_t i = 0; i < width; i++) totals[i] /= divisor;
  }
}

/** Calls `row(from, at)` for each row of the target: where its first row is in the source, and where it is itself. */
template <typename Row>
void eachRow(const Bins& bins, const Row& row) {
  size_t at = 0;
  for (int64_t i = 0; i < bins.outer.count; i++)
    for (int64_t j = 0; j < bins.inner.count; j++, at += bins.width()) row(i * bins.outer.step + j * bins.inner.step, at);
}

template <typename S, typename T>
size_t binNumbers(const S* source, T* target, const Bins& bins) {
  using A = ColumnSum<S>;
  std::vector<A> sums(bins.sourceWidth());
  std::vector<double> totals(bins.width());
  const bool isRounded = std::is_integral_v<T> && (bins.divisor != 1 || std::is_floating_point_v<S>);
  size_t changed = 0;
  eachRow(bins, [&](int64_t from, size_t at) {
    vectorised<&addRows<A, S>, const S*, size_t, size_t, A*>(source + from, bins.rowStep, bins.binY, sums.data(), sums.size());
    addColumns(sums.data(), totals.data(), bins);
    vectorised<&finish>(totals.data(), totals.size(), static_cast<double>(bins.divisor), isRounded);
    changed += vectorised<&storeAll<T, true>, const double*>(totals.data(), target + at, totals.size());
  });
  return changed;
}

template <typename S>
Halves sumOf(const S* from, const Bins& bins) {
  Halves sum;
  for (size_t y = 0; y < bins.binY; y++) {
    for (size_t x = 0; x < bins.binX; x++) {
      const Halves pixel = halvesOf(from[y * bins.rowStep + x * bins.perPixel]);
      sum.upper += pixel.upper;
      sum.lower += pixel.lower;
    }
  }
  return sum.carried();
}

template <typename S, typename T>
size_t binLongs(const S* source, T* target, const Bins& bins) {
  size_t changed = 0;
  eachRow(bins, [&](int64_t from, size_t at) {
    for (size_t i = 0; i < bins.width(); i++) {
      const size_t first = i / bins.perPixel * bins.perPixel * bins.binX + i % bins.perPixel;
      const Halves sum = sumOf(source + from + first, bins);
      if constexpr (std::is_floating_point_v<T>) target[at + i] = static_cast<T>(sum.toDouble() / static_cast<double>(bins.divisor));
      else target[at + i] = nearest<T>(bins.divisor == 1 ? sum : sum.divided(bins.divisor), changed);
    }
  });
  return changed;
}

Bins binsOf(const Napi::CallbackInfo& info, size_t length) {
  const auto loop = [&](size_t at) { return Loop{static_cast<int64_t>(countOf(info[at])), static_cast<int64_t>(countOf(info[at + 1]))}; };
  const Bins bins{loop(2), loop(4), countOf(info[6]), countOf(info[7]), countOf(info[8]), countOf(info[9]), countOf(info[10]), wholeOf(info[11])};
  const auto isBin = [](size_t count) { return count >= 1 && count <= kMostBin; };
  if (!isBin(bins.binX) || !isBin(bins.binY)) throw Napi::RangeError::New(info.Env(), "1 to 512 rows and columns make one pixel");
  if (bins.perPixel != 1 && bins.perPixel != 3) throw Napi::RangeError::New(info.Env(), "a pixel has one or three colours");
  if (bins.divisor < 1 || bins.divisor > static_cast<int64_t>(kMostBin * kMostBin)) throw Napi::RangeError::New(info.Env(), "means are of 1 to 512 × 512 pixels");
  if (bins.columns > length) throw Napi::RangeError::New(info.Env(), "there are fewer columns");
  const Loop row{static_cast<int64_t>(bins.sourceWidth()), 1};
  const Loop rows{static_cast<int64_t>(bins.binY), static_cast<int64_t>(bins.rowStep)};
  mustReachOnly(info.Env(), length, 0, std::array{bins.outer, bins.inner, rows, row});
  return bins;
}

}  // namespace

Napi::Value bin(const Napi::CallbackInfo& info) {
  const Napi::Env env = info.Env();
  const Pixels source = pixelsOf(info[0]);
  const Pixels target = pixelsOf(info[1]);
  const Bins bins = binsOf(info, source.length);
  const double elements = static_cast<double>(bins.outer.count) * static_cast<double>(bins.inner.count) * static_cast<double>(bins.width());
  if (elements != static_cast<double>(target.length)) throw Napi::RangeError::New(env, "the target has another number of elements");
  if (target.length == 0) return Napi::Number::New(env, 0);
  const size_t changed = visit(source, [&](auto* from) {
    return visit(target, [&](auto* to) {
      using S = std::remove_pointer_t<decltype(from)>;
      if constexpr (std::is_integral_v<S> && sizeof(S) == 8) return binLongs(from, to, bins);
      else return binNumbers(from, to, bins);
    });
  });
  return Napi::Number::New(env, static_cast<double>(changed));
}

}  // namespace pvaflow::image
