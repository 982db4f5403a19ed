#include "layout.h"

#include <alarm.h>
#include <epicsTime.h>
#include <pvxs/nt.h>

#include <cstring>
#include <sstream>

#include "text.h"

namespace pvaflow::ca {

namespace {

template <typename T>
pvxs::shared_array<const void> arrayOf(const void* data, size_t count) {
  pvxs::shared_array<T> array(count);
  if (count > 0) std::memcpy(array.data(), data, count * sizeof(T));
  return array.freeze().template castTo<const void>();
}

pvxs::shared_array<const void> textsOf(const void* data, size_t count) {
  const auto* texts = static_cast<const dbr_string_t*>(data);
  pvxs::shared_array<std::string> array(count);
  for (size_t i = 0; i < count; i++) array[i] = textFromCa(texts[i], sizeof(dbr_string_t));
  return array.freeze().castTo<const void>();
}

/** `alarm_t.status` for the status of a record, as QSRV of PVXS has it. */
int statusOf(int status) {
  enum { none, device, driver, record, database, undefined = 6 };
  switch (status) {
    case NO_ALARM: return none;
    case READ_ALARM:
    case WRITE_ALARM:
    case HIHI_ALARM:
    case HIGH_ALARM:
    case LOLO_ALARM:
    case LOW_ALARM:
    case STATE_ALARM:
    case COS_ALARM:
    case HW_LIMIT_ALARM: return device;
    case COMM_ALARM:
    case TIMEOUT_ALARM:
    case UDF_ALARM: return driver;
    case CALC_ALARM:
    case SCAN_ALARM:
    case LINK_ALARM:
    case SOFT_ALARM:
    case BAD_SUB_ALARM: return record;
    case DISABLE_ALARM:
    case SIMM_ALARM:
    case READ_ACCESS_ALARM:
    case WRITE_ACCESS_ALARM: return database;
    default: return undefined;
  }
}

const char* messageOf(int status) {
  const bool known = status > NO_ALARM && status < ALARM_NSTATUS;
  return known ? epicsAlarmConditionStrings[status] : "";
}

/** All limits of one DBR_CTRL structure; `precision` where it has one. */
template <typename Limits>
void setLimits(pvxs::Value& value, const Limits& limits) {
  value["display.limitLow"] = limits.lower_disp_limit;
  value["display.limitHigh"] = limits.upper_disp_limit;
  value["display.units"] = textFromCa(limits.units, sizeof limits.units);
  value["control.limitLow"] = limits.lower_ctrl_limit;
  value["control.limitHigh"] = limits.upper_ctrl_limit;
  value["valueAlarm.lowAlarmLimit"] = limits.lower_alarm_limit;
  value["valueAlarm.lowWarningLimit"] = limits.lower_warning_limit;
  value["valueAlarm.highWarningLimit"] = limits.upper_warning_limit;
  value["valueAlarm.highAlarmLimit"] = limits.upper_alarm_limit;
}

template <typename Limits>
void setRealLimits(pvxs::Value& value, const Limits& limits) {
  setLimits(value, limits);
  value["display.precision"] = limits.precision;
}

void setChoices(pvxs::Value& value, const dbr_ctrl_enum& control) {
  const int count = control.no_str < 0 ? 0 : control.no_str > MAX_ENUM_STATES ? MAX_ENUM_STATES : control.no_str;
  pvxs::shared_array<std::string> choices(static_cast<size_t>(count));
  for (int i = 0; i < count; i++) choices[static_cast<size_t>(i)] = textFromCa(control.strs[i], MAX_ENUM_STRING_SIZE);
  value["value.choices"] = choices.freeze();
}

/** The structure that a DBR_CTRL request of this type gave. */
template <typename Structure>
const Structure& as(const Control& control) {
  return *reinterpret_cast<const Structure*>(control.data());
}

}  // namespace

Control controlFrom(const event_handler_args& arguments) {
  if (arguments.status != ECA_NORMAL || !arguments.dbr || !dbr_type_is_CTRL(arguments.type)) return {};
  const auto* data = static_cast<const char*>(arguments.dbr);
  const bool hasValue = arguments.count > 0;
  Control control(data, data + (hasValue ? dbr_size[arguments.type] : dbr_value_offset[arguments.type]));
  control.resize(dbr_size[arguments.type]);
  return control;
}

Layout::Layout(chid channel, bool text) {
  const short type = ca_field_type(channel);
  if (VALID_DB_FIELD(type)) native_ = type;
  count_ = ca_element_count(channel);
  text_ = text && native_ == DBF_CHAR;
}

const char* Layout::nativeName() const { return dbf_type_to_text(native_); }

pvxs::TypeCode Layout::code() const {
  switch (native_) {
    case DBF_STRING: return pvxs::TypeCode::String;
    case DBF_SHORT: return pvxs::TypeCode::Int16;
    case DBF_FLOAT: return pvxs::TypeCode::Float32;
    case DBF_ENUM: return pvxs::TypeCode::UInt16;
    case DBF_CHAR: return text_ ? pvxs::TypeCode::String : pvxs::TypeCode::UInt8;
    case DBF_LONG: return pvxs::TypeCode::Int32;
    default: return pvxs::TypeCode::Float64;
  }
}

pvxs::Value Layout::prototype() const {
  if (isEnum()) return pvxs::nt::NTEnum().create();
  const bool array = count_ != 1 && !text_;
  const bool limits = native_ != DBF_ENUM;
  const pvxs::TypeCode type = array ? code().arrayOf() : code();
  return pvxs::nt::NTScalar(type, limits, limits, limits, limits).create();
}

void Layout::setMetadata(pvxs::Value& value, const Control& control) const {
  if (control.size() < dbr_size[controlType()]) return;
  if (native_ == DBF_ENUM) {
    if (isEnum()) setChoices(value, as<dbr_ctrl_enum>(control));
    return;
  }
  switch (text_ ? DBF_STRING : native_) {
    case DBF_SHORT: return setLimits(value, as<dbr_ctrl_short>(control));
    case DBF_FLOAT: return setRealLimits(value, as<dbr_ctrl_float>(control));
    case DBF_CHAR: return setLimits(value, as<dbr_ctrl_char>(control));
    case DBF_LONG: return setLimits(value, as<dbr_ctrl_long>(control));
    case DBF_DOUBLE: return setRealLimits(value, as<dbr_ctrl_double>(control));
    default: return;  // texts have neither
  }
}

std::string Layout::shown(const Control& control) const {
  pvxs::Value value = prototype();
  setMetadata(value, control);
  std::ostringstream text;
  text << value;
  return text.str();
}

/** Not by their bytes: servers leave what they like behind texts and between numbers. */
bool Layout::sameMetadata(const Control& a, const Control& b) const { return shown(a) == shown(b); }

void Layout::markMetadata(pvxs::Value& value) const {
  for (const char* name : {"value.choices", "display", "control", "valueAlarm"}) {
    pvxs::Value field = value[name];
    if (field) field.mark();
  }
}

void Layout::setValue(pvxs::Value& value, const void* data, size_t count) const {
  if (isEnum()) {
    value["value.index"] = *static_cast<const dbr_enum_t*>(data);
    return;
  }
  pvxs::Value field = value["value"];
  if (text_) {
    field = textFromCa(static_cast<const char*>(data), count);
    return;
  }
  const bool scalar = count_ == 1;
  switch (native_) {
    case DBF_STRING:
      if (scalar) field = textFromCa(static_cast<const char*>(data), sizeof(dbr_string_t));
      else field = textsOf(data, count);
      return;
    case DBF_SHORT:
      if (scalar) field = *static_cast<const dbr_short_t*>(data);
      else field = arrayOf<int16_t>(data, count);
      return;
    case DBF_FLOAT:
      if (scalar) field = *static_cast<const dbr_float_t*>(data);
      else field = arrayOf<float>(data, count);
      return;
    case DBF_ENUM: field = arrayOf<uint16_t>(data, count); return;
    case DBF_CHAR:
      if (scalar) field = *static_cast<const dbr_char_t*>(data);
      else field = arrayOf<uint8_t>(data, count);
      return;
    case DBF_LONG:
      if (scalar) field = *static_cast<const dbr_long_t*>(data);
      else field = arrayOf<int32_t>(data, count);
      return;
    default:
      if (scalar) field = *static_cast<const dbr_double_t*>(data);
      else field = arrayOf<double>(data, count);
  }
}

bool Layout::setUpdate(pvxs::Value& value, const event_handler_args& arguments) const {
  const bool needsOne = count_ == 1 && !text_;
  if (!arguments.dbr || arguments.type != timeType() || arguments.count < (needsOne ? 1 : 0)) return false;
  const auto& head = *static_cast<const dbr_time_string*>(arguments.dbr);  // all begin alike
  setValue(value, dbr_value_ptr(arguments.dbr, arguments.type), static_cast<size_t>(arguments.count));
  value["alarm.severity"] = head.severity;
  value["alarm.status"] = statusOf(head.status);
  value["alarm.message"] = messageOf(head.status);
  value["timeStamp.secondsPastEpoch"] = static_cast<int64_t>(head.stamp.secPastEpoch) + POSIX_TIME_AT_EPICS_EPOCH;
  value["timeStamp.nanoseconds"] = static_cast<int32_t>(head.stamp.nsec);
  return true;
}

}  // namespace pvaflow::ca
