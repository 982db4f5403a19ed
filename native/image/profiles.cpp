#include <algorithm>
#include <array>
#include <limits>

#include "kernels.h"
#include "pixels.h"
#include "vectorised.h"

namespace pvaflow::image {

namespace {

/** Sums are made of so many, side by side; see moments.cpp. */
constexpr size_t kLanes = 64;

struct RowSums {
  double light = 0;
  /** Of light × column. */
  double moment = 0;
};

/** `Step` 0 stands for `step`. */
template <typename S, int64_t Step>
RowSums addRow(const S* PVAFLOW_RESTRICT from, double* PVAFLOW_RESTRICT columns, size_t nx, int64_t step, double threshold) {
  const int64_t distance = Step == 0 ? step : Step;
  std::array<double, kLanes> lights{};
  std::array<double, kLanes> moments{};
  for (size_t at = 0; at < nx; at += kLanes) {
    const size_t width = std::min(kLanes, nx - at);
    for (size_t lane = 0; lane < width; lane++) {
      const size_t x = at + lane;
      const auto value = static_cast<double>(from[static_cast<int64_t>(x) * distance]);
      const double light = value >= threshold && value < std::numeric_limits<double>::infinity() ? value : 0;
      columns[x] += light;
      lights[lane] += light;
      moments[lane] += light * static_cast<double>(static_cast<int32_t>(x));
    }
  }
  RowSums sums;
  for (size_t lane = 0; lane < kLanes; lane++) {
    sums.light += lights[lane];
    sums.moment += moments[lane];
  }
  return sums;
}

template <typename S>
double addPlane(const S* from, double* columns, double* rows, const Plane& plane, double threshold) {
  const auto nx = static_cast<size_t>(plane.columns.count);
  double mixed = 0;
  for (int64_t y = 0; y < plane.rows.count; y++) {
    const S* const row = from + plane.start + y * plane.rows.step;
    const RowSums sums = plane.columns.step == 1 ? vectorised<&addRow<S, 1>>(row, columns, nx, plane.columns.step, threshold)
                                                 : vectorised<&addRow<S, 0>>(row, columns, nx, plane.columns.step, threshold);
    rows[y] += sums.light;
    mixed += sums.moment * static_cast<double>(y);
  }
  return mixed;
}

}  // namespace

Napi::Value profiles(const Napi::CallbackInfo& info) {
  const Napi::Env env = info.Env();
  const Pixels pixels = pixelsOf(info[0]);
  const Plane plane = planeOf(info, 3, pixels.length);
  const Pixels columns = pixelsOf(info[1], static_cast<size_t>(plane.columns.count));
  const Pixels rows = pixelsOf(info[2], static_cast<size_t>(plane.rows.count));
  const double threshold = numberOf(info[8]);
  mustBe(columns, napi_float64_array, env);
  mustBe(rows, napi_float64_array, env);
  if (plane.columns.count > std::numeric_limits<int32_t>::max()) throw Napi::RangeError::New(env, "there are more columns than can be counted");
  const double mixed = visit(pixels, [&](const auto* from) {
    return addPlane(from, static_cast<double*>(columns.data), static_cast<double*>(rows.data), plane, threshold);
  });
  return Napi::Number::New(env, mixed);
}

}  // namespace pvaflow::image
