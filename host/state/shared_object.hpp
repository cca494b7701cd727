// SharedObject: what a store over a storage needs of it: one object, that is replaced only if nobody else was faster.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/result.hpp"

namespace weir::state {

// An object by its name, in a place that many processes share. Threads: one caller at a time.
class SharedObject {
 public:
  struct Content {
    std::string bytes;
    std::string version;  // never empty, and never that of other bytes
  };

  SharedObject() = default;
  SharedObject(const SharedObject&) = delete;
  SharedObject& operator=(const SharedObject&) = delete;
  virtual ~SharedObject() = default;

  // The version that it has now; empty: there is no object.
  virtual base::Result<std::string> version() = 0;
  // Its bytes, of one moment; none: there is no object.
  virtual base::Result<std::optional<Content>> read() = 0;
  // Gives it these bytes, durably and in one step, if its version is still `expected` (empty: there must be none); the new version.
  // After an error, which one it is if somebody was faster too, nobody knows whether it was done.
  virtual base::Result<std::string> replace(std::string_view bytes, const std::string& expected) = 0;
  // What it is called, for people.
  virtual std::string shown() const = 0;
};

}  // namespace weir::state
