#pragma once
#include <pvxs/data.h>

#include <string>
#include <vector>

namespace pvaflow {

/** A step of a path such as `dimension[0].size`: the name of a field or member, or an index. */
struct Step {
  std::string name;
  size_t index = 0;
  bool isIndex = false;
};

/** Throws std::invalid_argument for what is no path. */
std::vector<Step> parsePath(const std::string& path);

/** Does a union or structure have a member of this name? */
bool hasMember(const pvxs::Value& compound, const std::string& name);

/** How a path led to a field. */
struct Way {
  bool isNull = false;  // to an element that is there and null
  bool within = false;  // through an element or an `any`, which may be shared with other values
};

/**
 * The field at `path`, without changing anything. An empty Value where the type has such a field but this value does
 * not: a member that is not selected, an index beyond the end, something inside null.
 * `way`, if given, tells what was met on the way.
 * Throws pvxs::LookupError when no value of the type has such a field.
 */
pvxs::Value findField(const pvxs::Value& top, const std::string& path, Way* way = nullptr);

}  // namespace pvaflow
