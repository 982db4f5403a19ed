#pragma once
#include <cadef.h>
#include <pvxs/data.h>

#include <string>
#include <vector>

namespace pvaflow::ca {

/** What came with a DBR_CTRL request, kept beyond its callback. Empty where it failed. */
using Control = std::vector<char>;

/** A copy of what `arguments` point to. */
Control controlFrom(const event_handler_args& arguments);

/**
 * How a channel of Channel Access is shown as a value of pvAccess: NTScalar, NTScalarArray or NTEnum with alarm, time
 * stamp, display, control and valueAlarm. Alarm status and message are those that QSRV gives for the same record.
 *
 * DBF_STRING: string; DBF_SHORT: short; DBF_FLOAT: float; DBF_ENUM: NTEnum, ushort[] as an array; DBF_CHAR: ubyte;
 * DBF_LONG: int; DBF_DOUBLE: double. With `text` an array of DBF_CHAR is one string.
 */
class Layout {
 public:
  Layout() = default;
  /** Of a connected channel; of one that has just been lost, some layout. */
  Layout(chid channel, bool text);

  short native() const { return native_; }
  unsigned long count() const { return count_; }
  bool isText() const { return text_; }
  bool isEnum() const { return native_ == DBF_ENUM && count_ == 1; }
  /** `DBF_DOUBLE` and so on. */
  const char* nativeName() const;

  chtype timeType() const { return DBR_TIME_STRING + native_; }
  chtype controlType() const { return DBR_CTRL_STRING + native_; }
  /** How many elements to ask for: 0 is as many as there are now. */
  unsigned long asked() const { return count_ == 1 ? 1 : 0; }

  /** An empty value. */
  pvxs::Value prototype() const;
  /** Sets units, limits, precision, names of choices. */
  void setMetadata(pvxs::Value& value, const Control& control) const;
  /** The same units, limits, precision and names of choices. */
  bool sameMetadata(const Control& a, const Control& b) const;
  /** Marks what setMetadata() sets. */
  void markMetadata(pvxs::Value& value) const;
  /** Sets value, alarm and time from an update of timeType(). False if it holds no value. */
  bool setUpdate(pvxs::Value& value, const event_handler_args& arguments) const;

 private:
  pvxs::TypeCode code() const;
  std::string shown(const Control& control) const;
  void setValue(pvxs::Value& value, const void* data, size_t count) const;

  short native_ = DBF_DOUBLE;
  unsigned long count_ = 1;
  bool text_ = false;
};

}  // namespace pvaflow::ca
