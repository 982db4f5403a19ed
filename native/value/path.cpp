#include "path.h"

#include <stdexcept>

#include "arrays.h"
#include "copy.h"

namespace pvaflow {

namespace {

using pvxs::TypeCode;

Step indexStep(const std::string& path, size_t& at) {
  const size_t end = path.find(']', at);
  if (end == std::string::npos || end == at + 1 || end - at > 12) throw std::invalid_argument("\"" + path + "\" is no path");
  Step step;
  step.isIndex = true;
  for (size_t i = at + 1; i < end; i++) {
    if (path[i] < '0' || path[i] > '9') throw std::invalid_argument("\"" + path + "\" is no path");
    step.index = step.index * 10 + static_cast<size_t>(path[i] - '0');
  }
  at = end + 1;
  return step;
}

Step nameStep(const std::string& path, size_t& at) {
  const size_t end = std::min(path.find_first_of(".[", at), path.size());
  if (end == at) throw std::invalid_argument("\"" + path + "\" is no path");
  Step step;
  step.name = path.substr(at, end - at);
  at = end;
  return step;
}

/** One step down. Sets `exists` to false when no value of the type could have it. */
pvxs::Value descend(const pvxs::Value& from, const Step& step, bool& exists) {
  const TypeCode code = from.type();
  if (step.isIndex) {
    exists = code.isarray() && code.kind() == pvxs::Kind::Compound;
    if (!exists) return {};
    const ValueArray elements = elementsOf(from);
    return step.index < elements.size() ? elements[step.index] : pvxs::Value();
  }
  if (code == TypeCode::Struct) {
    pvxs::Value child = from[step.name];
    exists = child.valid();
    return child;
  }
  if (code == TypeCode::Union) {
    pvxs::Value member = from["->" + step.name];
    exists = member.valid() || hasMember(from, step.name);
    return member;
  }
  exists = code == TypeCode::Any;
  if (!exists) return {};
  const auto inner = from.as<pvxs::Value>();
  if (!inner) return {};
  bool found = false;
  return descend(inner, step, found);  // what an any holds differs from value to value
}

bool isNullElement(const pvxs::Value& array, const Step& step) {
  return step.isIndex && step.index < array.as<ValueArray>().size();
}

}  // namespace

bool hasMember(const pvxs::Value& compound, const std::string& name) {
  for (const pvxs::Value member : compound.ichildren()) {
    if (compound.nameOf(member) == name) return true;
  }
  return false;
}

std::vector<Step> parsePath(const std::string& path) {
  std::vector<Step> steps;
  size_t at = 0;
  while (at < path.size()) {
    if (path[at] == '[') {
      steps.push_back(indexStep(path, at));
      continue;
    }
    if (!steps.empty() && path[at++] != '.') throw std::invalid_argument("\"" + path + "\" is no path");
    steps.push_back(nameStep(path, at));
  }
  return steps;
}

pvxs::Value findField(const pvxs::Value& top, const std::string& path, Way* way) {
  const bool plain = top.type() == TypeCode::Struct && path.find_first_of("<[-") == std::string::npos;
  if (plain && !path.empty()) {
    pvxs::Value direct = top[path];
    if (direct) return direct;
  }
  pvxs::Value field = top;
  const std::vector<Step> steps = parsePath(path);
  for (size_t i = 0; i < steps.size(); i++) {
    bool exists = true;
    const pvxs::Value inner = descend(field, steps[i], exists);
    if (!exists) throw pvxs::LookupError("no such field: " + path);
    if (way) {
      way->isNull = !inner && i + 1 == steps.size() && isNullElement(field, steps[i]);
      way->within = way->within || steps[i].isIndex || field.type() == TypeCode::Any;
    }
    field = inner;
    if (!field) break;  // what would be inside is not there either
  }
  return field;
}

}  // namespace pvaflow
