#include <algorithm>
#include <array>
#include <cmath>
#include <cstring>
#include <limits>
#include <type_traits>
#include <vector>

#include "kernels.h"
#include "pixels.h"
#include "vectorised.h"

namespace pvaflow::image {

namespace {

/** How much a pixel must exceed another by. Of integers: more than `whole`, which is rounded down. */
template <typename S>
struct Threshold {
  using Whole = std::make_unsigned_t<std::conditional_t<std::is_integral_v<S>, S, int64_t>>;
  double number;
  Whole whole;
};

template <typename S>
bool exceeds(S pixel, S neighbour, const Threshold<S>& threshold) {
  if constexpr (std::is_floating_point_v<S>) {
    return static_cast<double>(neighbour) < static_cast<double>(pixel) - threshold.number;
  } else {
    using U = typename Threshold<S>::Whole;
    return pixel > neighbour && static_cast<U>(static_cast<U>(pixel) - static_cast<U>(neighbour)) > threshold.whole;
  }
}

/** Marks pixels that exceed five of their eight neighbours. `Step` 0 stands for `step`. */
template <typename S, int64_t Step>
void markRow(const S* from, uint8_t* PVAFLOW_RESTRICT marks, int64_t count, int64_t step, int64_t row, const Threshold<S> threshold) {
  const int64_t distance = Step == 0 ? step : Step;
  for (int64_t x = 0; x < count; x++) {
    const S* const at = from + x * distance;
    const S pixel = *at;
    const auto one = [&](int64_t place) { return static_cast<uint8_t>(exceeds(pixel, at[place], threshold) ? 1 : 0); };
    const auto lower = static_cast<uint8_t>(one(-distance) + one(distance) + one(-row) + one(row) + one(-row - distance) + one(-row + distance) +
                                            one(row - distance) + one(row + distance));
    marks[x] = lower >= 5 ? 1 : 0;
  }
}

template <typename S>
struct Image {
  S* data;
  Plane plane;

  int64_t place(int64_t x, int64_t y) const { return plane.start + y * plane.rows.step + x * plane.columns.step; }
};

/** Calls a function with the place of each pixel of a square that is in the image. */
template <typename S, typename Each>
void inSquare(const Image<S>& image, int64_t x, int64_t y, int64_t reach, const Each& each) {
  const int64_t endX = std::min(x + reach + 1, image.plane.columns.count);
  const int64_t endY = std::min(y + reach + 1, image.plane.rows.count);
  for (int64_t v = std::max<int64_t>(0, y - reach); v < endY; v++)
    for (int64_t u = std::max<int64_t>(0, x - reach); u < endX; u++) each(image.place(u, v));
}

/** Also at edges, where there are fewer neighbours. */
template <typename S>
bool isHot(const Image<S>& image, int64_t x, int64_t y, const Threshold<S>& threshold) {
  const int64_t at = image.place(x, y);
  int neighbours = 0;
  int lower = 0;
  inSquare(image, x, y, 1, [&](int64_t other) {
    if (other == at) return;
    neighbours++;
    if (exceeds(image.data[at], image.data[other], threshold)) lower++;
  });
  return neighbours > 0 && lower * 2 > neighbours;
}

/** Lists places, and counts also those that have no room in the list. */
struct Found {
  int32_t* places;
  size_t room;
  size_t count = 0;

  void add(int64_t place) {
    if (count < room) places[count] = static_cast<int32_t>(place);
    count++;
  }
};

template <typename S>
void findInRow(const Image<S>& image, int64_t y, const Threshold<S>& threshold, std::vector<uint8_t>& marks, Found& found) {
  const Plane& plane = image.plane;
  const int64_t nx = plane.columns.count;
  const bool isInside = y > 0 && y < plane.rows.count - 1 && nx > 2;
  const auto findSlowly = [&](int64_t x) {
    if (isHot(image, x, y, threshold)) found.add(image.place(x, y));
  };
  if (!isInside) {
    for (int64_t x = 0; x < nx; x++) findSlowly(x);
    return;
  }
  findSlowly(0);
  const S* const from = image.data + image.place(1, y);
  if (plane.columns.step == 1) vectorised<&markRow<S, 1>, const S*>(from, marks.data(), nx - 2, plane.columns.step, plane.rows.step, threshold);
  else vectorised<&markRow<S, 0>, const S*>(from, marks.data(), nx - 2, plane.columns.step, plane.rows.step, threshold);
  const uint8_t* const end = marks.data() + nx - 2;
  for (const uint8_t* mark = marks.data(); (mark = static_cast<const uint8_t*>(std::memchr(mark, 1, static_cast<size_t>(end - mark)))) != nullptr; mark++)
    found.add(image.place(mark - marks.data() + 1, y));
  findSlowly(nx - 1);
}

/** The mean of two, of integers rounded, halves up. */
template <typename S>
S middle(S low, S high) {
  if constexpr (std::is_floating_point_v<S>) {
    return static_cast<S>(static_cast<double>(low) / 2 + static_cast<double>(high) / 2);
  } else {
    using U = std::make_unsigned_t<S>;
    const auto distance = static_cast<U>(static_cast<U>(high) - static_cast<U>(low));
    return static_cast<S>(static_cast<U>(low) + static_cast<U>(distance / 2) + static_cast<U>(distance % 2));
  }
}

/** Gives a pixel the median of its neighbours. @returns false if there are none */
template <typename S>
bool repair(const Image<S>& image, const uint8_t* marks, int64_t place, int64_t reach, std::vector<S>& near) {
  const Plane& plane = image.plane;
  const int64_t y = (place - plane.start) / plane.rows.step;
  const int64_t x = (place - plane.start) % plane.rows.step / plane.columns.step;
  near.clear();
  for (int64_t radius = 1; radius <= reach && near.empty(); radius++)
    inSquare(image, x, y, radius, [&](int64_t other) {
      const S value = image.data[other];
      if (marks[other] == 0 && value == value) near.push_back(value);
    });
  if (near.empty()) return false;
  std::sort(near.begin(), near.end());
  const S low = near[(near.size() - 1) / 2];
  const S high = near[near.size() / 2];
  image.data[place] = low == high ? low : middle(low, high);
  return true;
}

template <typename S>
size_t findAll(const Image<S>& image, double threshold, Found found) {
  using Whole = typename Threshold<S>::Whole;
  const double most = static_cast<double>(std::numeric_limits<Whole>::max());
  if (std::is_integral_v<S> && threshold >= most) return 0;  // of integers none can exceed another by more
  const Threshold<S> limit{threshold, std::is_integral_v<S> ? static_cast<Whole>(threshold) : Whole{0}};
  std::vector<uint8_t> marks(static_cast<size_t>(std::max<int64_t>(0, image.plane.columns.count - 2)));
  for (int64_t y = 0; y < image.plane.rows.count; y++) findInRow(image, y, limit, marks, found);
  return found.count;
}

/** Steps by which column and row of a place can be told. */
void mustBeGrid(const Plane& plane, Napi::Env env) {
  const bool isGrid = plane.columns.step > 0 && plane.rows.step >= plane.columns.step * plane.columns.count;
  if (plane.columns.count > 0 && !isGrid) throw Napi::RangeError::New(env, "the pixels of a plane lie row by row");
}

}  // namespace

Napi::Value findHot(const Napi::CallbackInfo& info) {
  const Napi::Env env = info.Env();
  const Pixels pixels = pixelsOf(info[0]);
  const Pixels found = pixelsOf(info[1]);
  const Plane plane = planeOf(info, 2, pixels.length);
  const double threshold = numberOf(info[7]);
  mustBe(found, napi_int32_array, env);
  mustBeGrid(plane, env);
  if (!(threshold >= 0)) throw Napi::RangeError::New(env, "a threshold is not negative");
  if (pixels.length > static_cast<size_t>(std::numeric_limits<int32_t>::max())) throw Napi::RangeError::New(env, "there are more than 2^31 pixels");
  const size_t count = visit(pixels, [&](auto* data) {
    using S = std::remove_pointer_t<decltype(data)>;
    return findAll(Image<S>{data, plane}, threshold, Found{static_cast<int32_t*>(found.data), found.length});
  });
  return Napi::Number::New(env, static_cast<double>(count));
}

Napi::Value repairHot(const Napi::CallbackInfo& info) {
  const Napi::Env env = info.Env();
  const Pixels pixels = pixelsOf(info[0]);
  const Pixels marks = pixelsOf(info[1], pixels.length);
  const Pixels list = pixelsOf(info[2]);
  const size_t count = countOf(info[3]);
  const Plane plane = planeOf(info, 4, pixels.length);
  const auto reach = static_cast<int64_t>(countOf(info[9]));
  mustBe(marks, napi_uint8_array, env);
  mustBe(list, napi_int32_array, env);
  mustBeGrid(plane, env);
  if (count > list.length) throw Napi::RangeError::New(env, "the list is shorter");
  const auto* const places = static_cast<const int32_t*>(list.data);
  const auto isIn = [&](int32_t place) { return place >= plane.start && static_cast<size_t>(place) < pixels.length; };
  if (!std::all_of(places, places + count, isIn)) throw Napi::RangeError::New(env, "the list has pixels beyond the plane");
  const size_t repaired = visit(pixels, [&](auto* data) {
    using S = std::remove_pointer_t<decltype(data)>;
    std::vector<S> near;
    return static_cast<size_t>(std::count_if(places, places + count, [&](int32_t place) {
      return repair(Image<S>{data, plane}, static_cast<const uint8_t*>(marks.data), place, reach, near);
    }));
  });
  return Napi::Number::New(env, static_cast<double>(count - repaired));
}

}  // namespace pvaflow::image
